"""Merging at the desk: two reports side by side, and which of them leads.

Only who may change a report can close it as the same as another; the other one it is enough to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import duplicates, joining, merging, visibility
from cps.complaints.models import Complaint
from cps.desk import alike, due, listing, permissions, screen
from cps.desk.acting import act, elsewhere, mine
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.kernel import clock
from cps.kernel.errors import Invalid, NotFound
from cps.kernel.text import Text
from cps.people.models import Person
from cps.photos import album
from cps.photos.models import Photo
from cps.web import filters, forms, language
from cps.web.signin import current_person


@dataclass(frozen=True)
class Side:
    """One of two reports beside each other; `refusal`: why this official cannot merge it into the other one."""

    complaint: Complaint
    photos: Sequence[Photo]
    place: str
    due: due.Due
    due_words: Text
    refusal: Text | None


@desk.get("/complaints/<reference>/mergers/<other>")
def merger(reference: str, other: str) -> str:
    """Show two reports side by side."""
    person = current_person()
    visible = visibility.for_official(person)
    one, two = visible.one(reference), visible.one(other)
    if one is two:
        raise NotFound
    found = duplicates.likeness_of(one, two)
    return render_template(
        "desk/merger.html",
        person=person,
        sides=[_side(one, two, person), _side(two, one, person)],
        shown_by=alike.shown_by(found) if found else [],
        younger=max(one, two, key=lambda side: (side.received_at, side.id)),
    )


@desk.get("/complaints/<reference>/mergers")
def find_merger(reference: str) -> ResponseReturnValue:
    """Lead to the comparison with the report whose number was typed."""
    person = current_person()
    visible = visibility.for_official(person)
    complaint, typed = visible.one(reference), request.args.get("other", "")
    try:
        other = visible.one(typed)
    except NotFound as missing:
        attempt = screen.Attempt(
            action=Action.MERGER, typed={"other": typed}, faults={"other": missing.sentence}
        )
        return screen.of(complaint, person, attempt=attempt), 422
    return redirect(url_for("desk.merger", reference=complaint.reference, other=other.reference), 303)


@desk.post("/complaints/<reference>/mergers")
def create_merger(reference: str) -> ResponseReturnValue:
    """Close the report as the same problem as the one with the number `lead`."""
    lead = forms.typed("lead")

    def both(own: str, person: Person) -> Complaint:
        # Locked in one order, and only then this one for the official: two who merge each other never wait in a ring.
        joining.held(visibility.for_official(person).one(own), _lead(lead, person))
        return mine(own, person)

    def merge(own: Complaint, person: Person) -> None:
        merging.merge(own, into=_lead(lead, person), by=person)

    return act(reference, Action.MERGER, merge, locked=both)


@desk.post("/complaints/<reference>/partings")
def create_parting(reference: str) -> ResponseReturnValue:
    """Take a merged report out again: it goes on as it stood."""

    def both(own: str, person: Person) -> Complaint:
        merging.held_with_lead(visibility.for_official(person).one(own))
        return mine(own, person)

    return act(reference, Action.PARTING, lambda own, person: merging.part(own, by=person), locked=both)


def _lead(typed: str, person: Person) -> Complaint:
    try:
        return visibility.for_official(person).one(typed)
    except NotFound as missing:
        raise Invalid({"other": missing.sentence}) from missing


def _side(own: Complaint, lead: Complaint, person: Person) -> Side:
    near = due.of(own, now=clock.now(), zone=language.city().profile.calendar.zone)
    return Side(
        complaint=own,
        photos=album.of(own.id),
        place=filters.said(listing.place(filters.named(own.area) if own.area else "", own.landmark)),
        due=near,
        due_words=due.words(near, own.status),
        refusal=_refusal(own, lead, person),
    )


def _refusal(own: Complaint, lead: Complaint, person: Person) -> Text | None:
    if not permissions.may_act(person, own):
        return elsewhere(own)
    return merging.refusal(own, lead, by=person)
