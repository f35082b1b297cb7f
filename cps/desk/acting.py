"""What every action on a complaint has in common: loaded locked, compared, done, or shown again.

Whatever stands against an action, the official sees the complaint as it is now, why nothing was
done, what changed meanwhile, and everything that was typed, ready to be sent again.
"""

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import history, lifecycle, undoing, unsent, visibility
from cps.complaints.models import Complaint
from cps.complaints.visibility import Visible
from cps.desk import denials, difference, screen, wording
from cps.kernel.db import db
from cps.kernel.errors import Forbidden, Invalid, NotFound, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person
from cps.web import filters, forms
from cps.web.signin import current_person

Verb = Callable[[Complaint, Person], Any]
Load = Callable[[str, Person], Complaint]


class NotTheirs(Forbidden):
    """The complaint belongs to another department than the official's."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(elsewhere(complaint))


def elsewhere(complaint: Complaint) -> Text:
    """Say that only another department can change it."""
    return _(
        "This report is with another department: %(department)s. Only they can change it.",
        department=filters.named(complaint.department),
    )


def act(reference: str, action: str, verb: Verb, *, locked: Load | None = None) -> ResponseReturnValue:
    """Do `verb` to the complaint and go back to it, or show it again with what stood against it.

    `locked` loads the complaint for this official, or refuses; by default for whoever may change it.
    """
    person = current_person()
    try:
        complaint = (locked or mine)(reference, person)
        carry_out(complaint, person, action, verb)
    except (Invalid, Refused) as error:
        return _again(reference, person, action, error)
    return redirect(_onward(complaint, person), 303)


def carry_out(complaint: Complaint, person: Person, action: str, verb: Verb) -> None:
    """Do `verb` to a locked complaint, at the version that was seen and with words that may go out, or not at all."""
    with db.session.begin_nested():
        lifecycle.expect_version(complaint, forms.typed_version())
        wording.expect_short(typed())
        if forms.typed("sure") != "yes":
            wording.expect_no_contact(action, typed())
        stood = undoing.before(complaint)
        verb(complaint, person)
        if not _has_file():  # a picture that came along would stay
            undoing.keep(complaint, stood, by=person)
        unsent.forget(complaint, by=person, action=action)


def _onward(complaint: Complaint, person: Person) -> str:
    """Say where it goes on: at the report, or at the next one that was named, which then says what was done."""
    try:
        following = visibility.for_official(person).one(forms.typed("next")).reference
    except NotFound:
        return url_for("desk.complaint", reference=complaint.reference)
    return url_for("desk.complaint", reference=following, done=complaint.reference)


def mine(reference: str, person: Person) -> Complaint:
    """Load a complaint locked, for who may change it."""
    return _held(visibility.for_action(person), reference, person)


def mine_to_decide(reference: str, person: Person) -> Complaint:
    """Load a complaint locked, for who may change it or gives a second opinion on it."""
    return _held(visibility.for_decision(person), reference, person)


def _held(theirs: Visible, reference: str, person: Person) -> Complaint:
    try:
        return theirs.one(reference, locked=True)
    except NotFound:
        raise NotTheirs(visibility.for_official(person).one(reference)) from None


def _has_file() -> bool:
    return any(photo.filename for photo in request.files.values())


def typed() -> dict[str, str]:
    """Return what was typed or picked in the form of an action, by field."""
    return {
        name: forms.typed(name)
        for name in request.form
        if name not in ("csrf_token", "version", "next", "sure")
    }


def _again(reference: str, person: Person, action: str, error: Invalid | Refused) -> ResponseReturnValue:
    complaint = visibility.for_official(person).one(reference)
    page = screen.of(complaint, person, attempt=refused(complaint, action, error, had_photo=_has_file()))
    return page, 422 if isinstance(error, Invalid) else 409


def refused(
    complaint: Complaint, action: str, error: Invalid | Refused, *, had_photo: bool = False
) -> screen.Attempt:
    """Return an action that was not done, with what stood against it and what changed meanwhile."""
    if isinstance(error, Forbidden):
        denials.note_change(complaint.reference)
    version, is_stale, fields = forms.typed_version(), isinstance(error, lifecycle.Stale), typed()
    return screen.Attempt(
        action=action,
        typed=fields,
        faults=error.faults if isinstance(error, Invalid) else {},
        refusal=None if isinstance(error, Invalid) else error.for_officials,
        changes=history.since(complaint, version) if is_stale else (),
        differences=difference.since(complaint, version, action=action, typed=fields) if is_stale else (),
        is_doubtful=isinstance(error, wording.Doubtful),
        had_photo=had_photo,
    )
