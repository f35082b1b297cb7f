"""An official's own page: who one is here, and whether the morning's mail comes."""

from datetime import datetime, time

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cps.desk.door import desk
from cps.kernel import clock
from cps.people import preferences
from cps.web import filters, forms, language
from cps.web.signin import current_person

_ANSWERS = {"on": True, "off": False}


@desk.get("/account")
def account() -> ResponseReturnValue:
    """Show the page."""
    return _page()


@desk.post("/account/digest")
def change_digest() -> ResponseReturnValue:
    """Switch the morning's mail on or off."""
    wanted = _ANSWERS.get(forms.typed("wanted"))
    if wanted is None:
        return _page(), 422
    preferences.want_digest(current_person(), wanted=wanted)
    return redirect(url_for("desk.account"), 303)


def _page() -> str:
    person, digest_at = current_person(), language.city().profile.clocks.digest_at
    return render_template(
        "desk/account.html",
        person=person,
        department=filters.department_named(person.department_id) if person.department_id else "",
        digest_from=_today(digest_at) if digest_at else None,
    )


def _today(at: time) -> datetime:
    zone = language.city().profile.calendar.zone
    return datetime.combine(clock.now().astimezone(zone).date(), at, tzinfo=zone)
