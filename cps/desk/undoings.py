"""Taking back what was just done: for a moment, by who did it, on the report or on all of a batch."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from cps.complaints import batches, merging, undoing, visibility
from cps.complaints.models import Complaint, Event
from cps.desk import batching, permissions
from cps.desk.acting import act, elsewhere
from cps.desk.batches import page_of
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.desk.picking import Pick
from cps.kernel.errors import Refused
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
    """Take back all of a batch, as far as nothing else happened since, and say where something did.

    What was merged is taken out again, at any time.
    """
    person = current_person()
    batch = batches.one_of(person, key)
    picks = [Pick(reference, version) for reference, version in batches.versions_of(batch)]
    verb, seen = _undo, visibility.for_official(person)
    if batch.action == Action.MERGER:
        verb = _part
        # With what leads them, in one order: who takes one of them out meanwhile waits in no ring.
        seen.several([*(pick.reference for pick in picks), *batches.leads_of(batch)], locked=True)
    outcomes = batching.done(picks, verb, person, among=seen)
    return page_of(batch, person, refused=batching.left_out(outcomes))


def _part(complaint: Complaint, person: Person) -> Event:
    if not permissions.may_act(person, complaint):
        raise Refused(elsewhere(complaint))
    return merging.part(complaint, by=person)


def _undo(complaint: Complaint, person: Person) -> Event:
    return undoing.undo(complaint, by=person)


def _seen(reference: str, person: Person) -> Complaint:
    return visibility.for_official(person).one(reference, locked=True)
