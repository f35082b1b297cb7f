"""What comes of a visit: done, not found, or another department's; by the same verbs as at the desk, once for each form.

A photo is kept before the form is judged, whether it came with it or in pieces before, so that nobody takes it twice.
A script is answered in JSON: 201 with the `reference`, 422 with the `faults`, 409 with what changed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO, Final, cast
from uuid import UUID, uuid4

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from cps.complaints import evidence, handovers, lifecycle, onsite, templates, visibility
from cps.complaints.models import Complaint
from cps.complaints.onsite import Outcome
from cps.desk import acting, departments, field_words, listing
from cps.desk.door import desk
from cps.desk.field import ACTIONS, address_of, forms_of
from cps.desk.screen import Attempt
from cps.geo import point as points
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.errors import Invalid, Refused
from cps.kernel.references import canonical
from cps.kernel.text import Text, _
from cps.people.models import Person
from cps.photos import album, drafts, uploads
from cps.photos.models import Purpose
from cps.web import filters, forms, language, transactions
from cps.web.signin import current_person

_PATH: Final = "/field/<reference>/<any(done, absent, elsewhere):outcome>"
_MOST_PHOTOS: Final = 3
_SHOWS: Final = {Outcome.DONE: Purpose.AFTER, Outcome.ABSENT: Purpose.ABSENT}
_FIELDS: Final = ("result", "note", "department", "reason")
_NO_ATTEMPT: Final = Attempt()


@desk.get(_PATH)
def new_outcome(reference: str, outcome: str) -> str:
    """Show the form of one outcome, with a key of its own."""
    person = current_person()
    complaint = visibility.for_action(person).one(reference)
    return _page(complaint, person, Outcome(outcome), key=uuid4())


@desk.post(_PATH)
def create_outcome(reference: str, outcome: str) -> ResponseReturnValue:
    """Do what came of the visit, or show the form again with everything that was typed and taken."""
    person, key, found = current_person(), forms.submission_key(), Outcome(outcome)
    number = canonical(reference) or ""
    drafts.one_at_a_time(key)
    if onsite.is_known(number, key, by=person):
        return _went(number)
    visibility.for_official(person).one(reference)
    fault = _keep_photo(key)
    try:
        complaint = acting.mine(reference, person)
        if onsite.is_known(number, key, by=person):  # the same form came twice at once
            return _went(number)
        if fault:
            raise Invalid({"photo": fault})
        acting.carry_out(complaint, person, ACTIONS[found], _verb(found, key))
    except (Invalid, Refused) as error:
        return _again(reference, person, found, key, error)
    return _went(complaint.reference)


def _verb(outcome: Outcome, key: UUID) -> Callable[[Complaint, Person], None]:
    def do(complaint: Complaint, person: Person) -> None:
        metres = onsite.metres_off(complaint, _place(forms.typed("stood")))
        given_at = evidence.given_at(clock.now(), forms.waited())
        said = (field_words.noted(outcome, metres), field_words.kept(given_at))
        words = "\n".join([*(filters.says(text) for text in said if text), *_own_note(outcome)])
        # First, so that it stands with the department that was there.
        onsite.note(complaint, outcome, by=person, key=key, words=words, metres=metres, given_at=given_at)
        if outcome is Outcome.DONE:
            result = forms.typed("result")
            templates.expect_filled({"result": result})
            lifecycle.resolve(complaint, by=person, result=result, has_photo=bool(drafts.kept(key)))
        elif outcome is Outcome.ELSEWHERE:
            handovers.transfer(complaint, to=departments.chosen(), by=person, reason=forms.typed("reason"))
        if outcome in _SHOWS:
            album.keep_result(key, complaint_id=complaint.id, purpose=_SHOWS[outcome])

    return do


def _own_note(outcome: Outcome) -> list[str]:
    own = forms.typed("note").strip()
    return [own] if own and outcome is Outcome.ABSENT else []


def _place(typed: str) -> Point | None:
    """Read where somebody stood, if they let their phone say so; what cannot be read was not said."""
    with suppress(Invalid):
        return points.parse_pair(typed)
    return None


def _keep_photo(key: UUID) -> Text | None:
    """Keep the photo that came with a form, and of those that came before it the ones it names; say what is wrong with it."""
    file = request.files.get("photo")
    with suppress(ValueError):
        if named := {UUID(name) for name in request.form.getlist("uploads")}:
            uploads.forget_others(key, but=named)
    if file is None or not file.filename:
        return None
    fault = None
    try:
        if len(drafts.kept(key)) >= _MOST_PHOTOS:
            raise Refused(_("You can send at most %(most)s photos.", most=_MOST_PHOTOS))
        album.keep(cast("BinaryIO", file.stream), filename=file.filename, submission_key=key)
    except Refused as refused:
        fault = refused.sentence
    transactions.keep_so_far()
    drafts.one_at_a_time(key)
    return fault


def _went(reference: str) -> ResponseReturnValue:
    if _is_script():
        return {"reference": reference, "address": address_of(done=reference)}, 201
    return redirect(address_of(done=reference), 303)


def _again(
    reference: str, person: Person, outcome: Outcome, key: UUID, error: Invalid | Refused
) -> ResponseReturnValue:
    complaint = visibility.for_official(person).one(reference)
    attempt = acting.refused(complaint, ACTIONS[outcome], error)
    attempt = replace(attempt, typed={name: attempt.typed.get(name, "") for name in _FIELDS})
    status = 422 if isinstance(error, Invalid) else 409
    if not _is_script():
        return _page(complaint, person, outcome, key=key, attempt=attempt), status
    if isinstance(error, Invalid):
        faults = {name: filters.says(fault) for name, fault in error.faults.items()}
        return {"faults": faults, "doubtful": attempt.is_doubtful}, status
    changed = render_template("desk/field_changed.html", attempt=attempt)
    told = {"sentence": filters.says(error.sentence), "html": changed, "version": complaint.version}
    return told, status


def _page(
    complaint: Complaint, person: Person, outcome: Outcome, *, key: UUID, attempt: Attempt = _NO_ATTEMPT
) -> str:
    stood = forms.typed("stood") or request.args.get("from", "")
    is_ours = complaint.reference in visibility.for_action(person).numbers([complaint.reference])
    given = {
        **forms_of(person),
        "attempt": attempt,
        "person": person,
        "complaint": complaint,
        "outcome": outcome,
        "key": key,
        "photos": len(drafts.kept(key)),
        "offered": [ACTIONS[outcome]] if is_ours else [],
        "shows_result": evidence.shows_result(complaint.category_id, language.city()),
        "place": listing.place(filters.named(complaint.area) if complaint.area else "", complaint.landmark),
        "back": address_of(),
        "asked": {name: request.values.get(name, "") for name in ("from", "unassigned")},
        "stood": stood,
        "metres": onsite.metres_off(complaint, _place(stood)),
    }
    return render_template("desk/field_outcome.html", **given)


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
