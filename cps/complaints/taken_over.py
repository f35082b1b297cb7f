"""What a report owes for those that were merged into it: the earliest answer of them all.

The clock of a report that was merged goes on within its lead: what it had used up by then stands with the event, and
every pause and extension of the lead since counts for it too. Taken out again, it is owed nothing by the lead.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from cps.city.calendar import Calendar
from cps.city.promise import Promise
from cps.city.queries import in_force
from cps.complaints import deadlines, history
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel import clock
from cps.people.models import Person
from cps.sla.promise import Deadline


class _Supposed(NamedTuple):
    """The turn that an event would be."""

    kind: EventKind
    at: datetime
    status: Status
    details: dict[str, Any]


def answer_of(complaint: Complaint) -> dict[str, Any]:
    """Write down what an open complaint owes: its promise, since when, and what its clock has left out by now."""
    due = _counted(complaint, history.turns(complaint), now=clock.now())
    return {
        "promise": str(due.promise),
        "since": due.received_at.isoformat(),
        "stops": [[stop.begins.isoformat(), stop.ends.isoformat(), stop.reason] for stop in due.stops],
        "extensions": [[one.count, one.has_consent] for one in due.extensions],
    }


def take(lead: Complaint, own: Complaint, *, answer: Mapping[str, Any], by: Person | None) -> Event:
    """Owe the answer of a report that was merged into this one, too."""
    return _record(lead, EventKind.ABSORBED, {"own": own.reference, "answer": answer}, by)


def release(lead: Complaint, own: Complaint, *, by: Person | None) -> Event:
    """Owe nothing any more for a report that was taken out again."""
    return _record(lead, EventKind.RELEASED, {"own": own.reference}, by)


def recount(complaint: Complaint) -> None:
    """Count the deadline of an open complaint anew, up to when its clock stopped if it stands."""
    complaint.due_at = _counted(complaint, history.turns(complaint), now=_moment(complaint)).due_at


def _record(lead: Complaint, kind: EventKind, details: dict[str, Any], by: Person | None) -> Event:
    if lead.status.is_open:
        supposed = _Supposed(kind, clock.now(), lead.status, details)
        due = _counted(lead, [*history.turns(lead), supposed], now=_moment(lead)).due_at
        if due != lead.due_at:
            details |= {"old": lead.due_at.isoformat(), "new": due.isoformat()}
        lead.due_at = due
    return history.record(lead, kind, by=by, at=clock.now(), is_internal=True, details=details)


def _moment(complaint: Complaint) -> datetime:
    return complaint.standing_since or clock.now()


def _counted(complaint: Complaint, turns: Sequence[deadlines.Turn], *, now: datetime) -> Deadline:
    calendar: Calendar = in_force().profile.calendar
    promise = Promise.parse(complaint.promise)
    return deadlines.counted(promise, turns, received_at=complaint.received_at, now=now, calendar=calendar)
