"""What can be done to many reports at once, and what was typed for it, read once for all of them."""

from collections.abc import Callable, Mapping
from typing import Final

from cps.complaints import (
    categorising,
    handovers,
    lifecycle,
    merging,
    pausing,
    priorities,
    scheduling,
    templates,
    visibility,
)
from cps.complaints.models import Complaint, Event
from cps.complaints.templates import FIELDS, ReplyTemplate, Use
from cps.desk import departments, planning, ready, wording
from cps.desk.permissions import Action
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import Text, _
from cps.people import queries as people
from cps.people.models import Person
from cps.web import forms, language

Verb = Callable[[Complaint, Person], Event]

ACTIONS: Final[Mapping[Action, Text]] = {
    Action.ASSIGNMENT: _("Assign"),
    Action.TRANSFER: _("Transfer"),
    Action.CATEGORY: _("Category"),
    Action.PRIORITY: _("Priority"),
    Action.PAUSE: _("Pause"),
    Action.PLAN: _("Plan a day"),
    Action.MERGER: _("Merge"),
    Action.NOTE: _("Internal note"),
    Action.RESOLUTION: _("Resolve"),
    Action.REFUSAL: _("Decline"),
}
"""In the order in which they are offered."""

FIELDS_OF: Final[Mapping[Action, tuple[str, ...]]] = {
    Action.ASSIGNMENT: ("handler",),
    Action.TRANSFER: ("department", "reason"),
    Action.CATEGORY: ("category", "reason"),
    Action.PRIORITY: ("priority", "reason"),
    Action.PAUSE: ("cause", "reason"),
    Action.PLAN: ("first", "last", "note"),
    Action.MERGER: ("lead",),
    Action.NOTE: ("note",),
    Action.RESOLUTION: ("template", *FIELDS[Use.RESOLUTION]),
    Action.REFUSAL: ("template", *FIELDS[Use.REFUSAL]),
}
"""The fields of their forms."""

TEXTS: Final = frozenset({Action.RESOLUTION, Action.REFUSAL})
"""What is answered with a text that a template can give."""

_LONGEST_NUMBER = 18  # digits that fit the database's integers
_NOT_FOR_IT = _("The template is for other reports, or has no text in the language of this one.")


def verb_of(action: Action, person: Person) -> Verb:
    """Return what does this to a report as it was typed; raise Invalid for what fits no report at all."""
    written = typed(action)
    wording.expect_short(written)
    if written["sure"] != "yes":
        wording.expect_no_contact(action, written)
    return _MAKERS[action](person)


def typed(action: Action) -> dict[str, str]:
    """Return what was typed for this action, and whether it is sent as it is."""
    return {name: forms.typed(name) for name in (*FIELDS_OF[action], "sure")}


def number(text: str) -> int | None:
    """Read a number of a row."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def _assign(_person: Person) -> Verb:
    known = number(forms.typed("handler"))
    handler = people.active(known) if known is not None else None
    if handler is None:
        raise Invalid({"handler": _("Choose a colleague from the list.")})
    return lambda complaint, by: lifecycle.assign(complaint, to=handler, by=by)


def _transfer(_person: Person) -> Verb:
    to, reason = departments.chosen(), forms.typed("reason")
    return lambda complaint, by: handovers.transfer(complaint, to=to, by=by, reason=reason)


def _categorise(_person: Person) -> Verb:
    # Each stays where it is: a batch does one thing to each, so that it can take back what it did.
    code, reason = forms.typed("category"), forms.typed("reason")
    return lambda complaint, by: categorising.categorise(complaint, to=code, by=by, reason=reason)


def _prioritise(_person: Person) -> Verb:
    code, reason = forms.typed("priority") or None, forms.typed("reason")
    return lambda complaint, by: priorities.prioritise(complaint, to=code, by=by, reason=reason)


def _pause(_person: Person) -> Verb:
    cause, reason = forms.typed("cause"), forms.typed("reason")
    return lambda complaint, by: pausing.pause(complaint, by=by, cause=cause, reason=reason)


def _plan(_person: Person) -> Verb:
    first, last = planning.typed()
    planning.expect_open(first, last)
    note = forms.typed("note")
    return lambda complaint, by: scheduling.plan(complaint, by=by, first=first, last=last, note=note)


def _merge(person: Person) -> Verb:
    reference = forms.typed("lead")
    readable = visibility.for_official(person).numbers([reference])
    if not readable:
        raise Invalid({"lead": _("We found no report with this number. Check the number.")})

    def merge(complaint: Complaint, by: Person) -> Event:
        if complaint.reference == reference:
            raise Refused(_("The others are merged into this one."))
        return merging.merge(complaint, into=visibility.for_official(by).one(reference), by=by)

    return merge


def _note(_person: Person) -> Verb:
    words = forms.typed("note")
    return lambda complaint, by: lifecycle.note(complaint, by=by, words=words)


def _resolve(person: Person) -> Verb:
    texts = _texts(Use.RESOLUTION, person)
    return lambda complaint, by: lifecycle.resolve(complaint, by=by, result=texts(complaint)["result"])


def _decline(person: Person) -> Verb:
    texts = _texts(Use.REFUSAL, person)
    return lambda complaint, by: lifecycle.decline(complaint, by=by, **texts(complaint))


_MAKERS: Mapping[Action, Callable[[Person], Verb]] = {
    Action.ASSIGNMENT: _assign,
    Action.TRANSFER: _transfer,
    Action.CATEGORY: _categorise,
    Action.PRIORITY: _prioritise,
    Action.PAUSE: _pause,
    Action.PLAN: _plan,
    Action.MERGER: _merge,
    Action.NOTE: _note,
    Action.RESOLUTION: _resolve,
    Action.REFUSAL: _decline,
}


def _texts(use: Use, person: Person) -> Callable[[Complaint], dict[str, str]]:
    """Return what fills in the texts for a report: those of a template in its language, or what was typed for all."""
    written = {name: forms.typed(name) for name in FIELDS[use]}
    template = _template(use, person)
    if template is not None and any(written.values()):
        raise Invalid({"template": _("Choose a template or write a text, not both.")})
    city = language.city()

    def texts(complaint: Complaint) -> dict[str, str]:
        source = written if template is None else _of_template(template, complaint)
        values = ready.values_of(complaint, city) if any("{" in text for text in source.values()) else {}
        filled = {name: templates.filled(source.get(name, ""), values) for name in FIELDS[use]}
        templates.expect_filled(filled)
        return filled

    return texts


def _template(use: Use, person: Person) -> ReplyTemplate | None:
    chosen = forms.typed("template")
    if not chosen:
        return None
    found = next((one for one in templates.usable_by(person, use) if str(one.id) == chosen), None)
    if found is None:
        raise Invalid({"template": _("Choose a template from the list.")})
    return found


def _of_template(template: ReplyTemplate, complaint: Complaint) -> Mapping[str, str]:
    if not templates.fits(template, complaint):
        raise Refused(_NOT_FOR_IT)
    texts: Mapping[str, str] = template.texts[complaint.language]
    return texts
