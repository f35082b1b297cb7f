"""Where heads and coordinators write the replies that are sent often."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import templates
from cps.complaints.templates import FIELDS, Gap, ReplyTemplate, Use
from cps.desk import denials
from cps.desk.door import desk
from cps.kernel.errors import Invalid, NotFound
from cps.kernel.text import Text, _
from cps.web import forms, language, options
from cps.web.signin import current_person

USES: dict[Use, Text] = {
    Use.RESOLUTION: _("Resolve"),
    Use.REFUSAL: _("Decline"),
    Use.QUESTION: _("Ask citizen"),
}
_LABELS: dict[str, Text] = {
    "result": _("What we did"),
    "reason": _("Reason"),
    "remedy": _("What the citizen can do instead"),
    "question": _("Question"),
}
_GAPS: dict[Gap, Text] = {
    Gap.NUMBER: _("number of the report"),
    Gap.CATEGORY: _("its category"),
    Gap.PLACE: _("its place, if it is known in words"),
    Gap.DEPARTMENT: _("the department that has it"),
    Gap.RECEIVED: _("the day it came in"),
    Gap.DEADLINE: _("the promised date"),
}


@desk.get("/templates")
def reply_templates() -> ResponseReturnValue:
    """List the templates this official may change."""
    person = _writer()
    city, spoken = language.city(), language.current()
    rows = [
        (
            one,
            USES[one.use],
            city.named(city.category_names[one.category_id], spoken) if one.category_id else "",
        )
        for one in templates.kept_by(person)
    ]
    return render_template("desk/templates.html", person=person, rows=rows, uses=USES)


@desk.get("/templates/new")
def new_reply_template() -> ResponseReturnValue:
    """Show the form of a new template for one use."""
    _writer()
    return _form(None, use=_use(request.args.get("use", Use.RESOLUTION)), typed={}, faults={})


@desk.post("/templates")
def create_reply_template() -> ResponseReturnValue:
    """Keep a new template."""
    _writer()
    return _kept(None, use=_use(forms.typed("use")))


@desk.get("/templates/<int:number>")
def reply_template(number: int) -> ResponseReturnValue:
    """Show a template, to change it."""
    template = templates.one_of(current_person(), number)
    return _form(template, use=template.use, typed=_written(template), faults={})


@desk.post("/templates/<int:number>")
def change_reply_template(number: int) -> ResponseReturnValue:
    """Keep a template as it is now."""
    template = templates.one_of(current_person(), number)
    return _kept(template, use=template.use)


@desk.post("/templates/<int:number>/retirements")
def retire_reply_template(number: int) -> ResponseReturnValue:
    """Offer a template no more."""
    templates.retire(templates.one_of(current_person(), number), by=current_person())
    return redirect(url_for("desk.reply_templates"), 303)


def _writer() -> Any:
    person = current_person()
    denials.expect(templates.may_write(person))
    return person


def _use(text: str) -> Use:
    if text not in set(Use):
        raise NotFound
    return Use(text)


def _kept(template: ReplyTemplate | None, *, use: Use) -> ResponseReturnValue:
    languages = language.city().profile.languages
    texts = {code: {field: forms.typed(f"{field}-{code}") for field in FIELDS[use]} for code in languages}
    category_id = language.city().category_ids.get(forms.typed("category"))
    try:
        templates.write(
            template,
            use=use,
            category_id=category_id,
            title=forms.typed("title"),
            texts=texts,
            by=current_person(),
        )
    except Invalid as invalid:
        typed = {name: forms.typed(name) for name in request.form if name != "csrf_token"}
        return _form(template, use=use, typed=typed, faults=invalid.faults), 422
    return redirect(url_for("desk.reply_templates"), 303)


def _written(template: ReplyTemplate) -> dict[str, str]:
    texts = {
        f"{field}-{code}": text for code, fields in template.texts.items() for field, text in fields.items()
    }
    codes = language.city().category_codes
    return {"title": template.title, "category": codes.get(template.category_id or 0, ""), **texts}


def _form(
    template: ReplyTemplate | None, *, use: Use, typed: Mapping[str, str], faults: Mapping[str, Text]
) -> str:
    city, spoken = language.city(), language.current()
    return render_template(
        "desk/template.html",
        person=current_person(),
        template=template,
        use=use,
        title=USES[use],
        typed=typed,
        faults=faults,
        fields=[(field, _LABELS[field]) for field in FIELDS[use]],
        languages_of_city=[(code, language.CHIPS.get(code, code)) for code in city.profile.languages],
        categories=options.categories(city, spoken),
        gaps=_GAPS,
    )
