"""How a complaint stood at a moment of its history, read from its events; pure.

For who had it open then and sends something now: what is different is told field by field.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status

# What moves the deadline of the answer, with the `old` and the `new` one.
_MOVES_DEADLINE = frozenset(
    {
        *(EventKind.EXTENDED, EventKind.PRIORITISED, EventKind.RECOUNTED, EventKind.REOPENED),
        EventKind.CATEGORISED,
        *(EventKind.ANSWERED, EventKind.RESUMED, EventKind.ABSORBED, EventKind.RELEASED),
        EventKind.UNDONE,
    }
)
_HANDOVERS = frozenset({EventKind.TRANSFERRED, EventKind.RETURNED, EventKind.DECIDED})


@dataclass(frozen=True, slots=True)
class Standing:
    """What an official decides on: where it stands, whose it is, who handles it (a name), until when, how severe, for when planned.

    `category_id`: what it is about.
    """

    status: Status
    department_id: int
    handler: str | None
    due_at: datetime
    priority: str | None
    planned: tuple[date, date] | None
    category_id: int


def now(complaint: Complaint) -> Standing:
    """Return how the complaint stands."""
    return Standing(
        complaint.status,
        complaint.department_id,
        complaint.assignee.name if complaint.assignee else None,
        complaint.due_at,
        complaint.priority,
        complaint.planned,
        complaint.category_id,
    )


def at_version(complaint: Complaint, events: Sequence[Event], version: int) -> Standing:
    """Return how it stood after so many of its `events` (all of them, oldest first)."""
    before, since = events[:version], events[version:]
    undone = {one.details["event"] for one in before if one.kind is EventKind.UNDONE}
    return Standing(
        before[-1].status,
        before[-1].department_id,
        _handler([one for one in before if one.id not in undone]),
        _due_at(complaint, since),
        next(
            (
                one.details["priority"]
                for one in reversed(before)
                if one.kind is EventKind.PRIORITISED and one.id not in undone
            ),
            None,
        ),
        _days([one for one in before if one.id not in undone]),
        _category(complaint, events, version),
    )


def _due_at(complaint: Complaint, since: Sequence[Event]) -> datetime:
    moved: list[dict[str, Any]] = [one.details for one in since if one.kind in _MOVES_DEADLINE]
    old = next((details["old"] for details in moved if "old" in details and "new" in details), None)
    return datetime.fromisoformat(old) if old else complaint.due_at


def _handler(events: Sequence[Event]) -> str | None:
    name: str | None = None
    for event in events:
        if event.kind is EventKind.ASSIGNED:
            name = event.details["name"]
        elif event.kind is EventKind.REOPENED or _moves(event):
            name = None
        elif event.kind is EventKind.STARTED and name is None and event.by is not None:
            name = event.by.name if event.by.department_id == event.department_id else None
    return name


def _days(events: Sequence[Event]) -> tuple[date, date] | None:
    days: tuple[date, date] | None = None
    for event in events:
        if event.kind is EventKind.PLANNED:
            days = date.fromisoformat(event.details["first"]), date.fromisoformat(event.details["last"])
        elif event.kind in (EventKind.REOPENED, EventKind.UNPLANNED) or (
            event.kind in _HANDOVERS and _moves(event)
        ):
            days = None
    return days


def _category(complaint: Complaint, events: Sequence[Event], version: int) -> int:
    """Return what it was about then: what the next change, or the next undoing of one, changed it from."""
    for event in events[version:]:
        if event.kind is EventKind.CATEGORISED:
            return int(event.details["from_category"])
        if event.kind is EventKind.UNDONE and event.details["kind"] == EventKind.CATEGORISED:
            taken_back = next(one for one in events if one.id == event.details["event"])
            return int(taken_back.details["to_category"])
    return complaint.category_id


def _moves(event: Event) -> bool:
    """Whether it goes to another department with this event; who handled it there does not go along."""
    details = event.details
    if event.kind is EventKind.REHOMED:
        return bool(details["old_department"] != details["new_department"])
    return event.kind in _HANDOVERS and "from" in details
