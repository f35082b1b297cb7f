"""The page of the keys: what each does, and a form to give them other letters or to switch them off."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import load, templates
from cps.desk import keyboard
from cps.desk.door import desk
from cps.kernel.errors import Invalid
from cps.kernel.text import Text, _
from cps.people import preferences
from cps.web import forms, language
from cps.web.signin import current_person, is_signed_in

_WHERE: dict[keyboard.Where, Text] = {
    keyboard.Where.EVERYWHERE: _("Everywhere"),
    keyboard.Where.LISTS: _("In a queue"),
    keyboard.Where.COMPLAINT: _("On a report"),
}


@desk.get("/keys")
def keys() -> ResponseReturnValue:
    """Show the keys this official has."""
    own = keyboard.of(current_person())
    return _page(own.letters, is_on=own.is_on)


@desk.post("/keys")
def change_keys() -> ResponseReturnValue:
    """Keep other letters, or take all back to what everybody has."""
    if "reset" in request.form:
        preferences.keep_keys(current_person(), {})
        return redirect(url_for("desk.keys"), 303)
    is_on = forms.typed("is_on") == "yes"
    letters = {one.code: forms.typed(keyboard.FIELD + one.code) for one in keyboard.COMMANDS}
    try:
        preferences.keep_keys(current_person(), keyboard.read(letters, is_on=is_on))
    except Invalid as invalid:
        return _page(letters, is_on=is_on, faults=invalid.faults), 422
    return redirect(url_for("desk.keys"), 303)


@desk.context_processor
def with_keyboard() -> dict[str, Any]:
    """Give every page of the desk the keys of who is signed in, and where its bar leads besides."""
    if not is_signed_in():
        return {}
    person = current_person()
    return {
        "keyboard": keyboard.of(person),
        "commands": keyboard.COMMANDS,
        "writes_templates": templates.may_write(person),
        "leads": load.may_see(person),
        "finds_recurring": bool(language.city().profile.asks.recurring.times),
    }


def _page(letters: Mapping[str, str], *, is_on: bool, faults: Mapping[str, Text] | None = None) -> str:
    return render_template(
        "desk/keys.html",
        person=current_person(),
        letters=letters,
        is_on=is_on,
        faults=faults or {},
        where=_WHERE,
        field=keyboard.FIELD,
    )
