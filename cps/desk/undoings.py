"""Taking back what was just done: for a moment, by who did it, on the report or on all of a batch."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from cps.complaints import batches, undoing, visibility
from cps.complaints.models import Complaint, Event
from cps.desk import batching
from cps.desk.acting import act
from cps.desk.batches import page_of
from cps.desk.door import desk
from cps.desk.picking import Pick
from cps.people.models import Person
from cps.web.signin import current_person


@desk.post("/complaints/<reference>/undoings")
def create_undoing(reference: str) -> ResponseReturnValue:
    """Take back what this official just did; it may be with another department by now."""
    return act(
        reference, "undoings", lambda complaint, person: undoing.undo(complaint, by=person), locked=_seen
    )


@desk.post("/batches/<uuid:key>/undoings")
def create_batch_undoing(key: UUID) -> str:
    """Take back all of a batch, as far as nothing else happened since, and say where something did."""
    person = current_person()
    batch = batches.one_of(person, key)
    picks = [Pick(reference, version) for reference, version in batches.versions_of(batch)]
    outcomes = batching.done(picks, _undo, person, among=visibility.for_official(person))
    return page_of(batch, person, refused=batching.left_out(outcomes))


def _undo(complaint: Complaint, person: Person) -> Event:
    return undoing.undo(complaint, by=person)


def _seen(reference: str, person: Person) -> Complaint:
    return visibility.for_official(person).one(reference, locked=True)
