"""Priorities: a severity that changes both clocks, counted as if it had held from the beginning.

The beginning is the receipt, or the reopening that began the present round.

A priority never makes a deadline later than it is without one: of the two promises the one that ends first
holds. Taking the priority back gives the complaint the time again that it had.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cps.city import queries as city
from cps.city.calendar import Calendar
from cps.city.clocks import Priority
from cps.city.promise import Promise
from cps.complaints import deadlines, history, rounds
from cps.complaints.deadlines import Promised, Turn
from cps.complaints.kinds import EventKind
from cps.complaints.lifecycle import ImpossibleMove
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.errors import Invalid
from cps.kernel.text import Text, _
from cps.people.models import Person


@dataclass(frozen=True, slots=True)
class Change:
    """The promises that hold under a priority, with the details of the event that says so."""

    promise: Promise
    due_at: datetime
    acknowledge: Promise
    acknowledge_by: datetime
    details: dict[str, Any]


def prioritise(complaint: Complaint, *, to: str | None, by: Person, reason: str) -> Event:
    """Give it the priority with the code `to`, or None of them, saying why; the citizen reads it."""
    profile = city.in_force().profile
    severe = profile.clocks.priority(to)
    faults: dict[str, Text] = {}
    if to is not None and severe is None:
        faults["priority"] = _("Choose a priority from the list.")
    elif to == complaint.priority:
        faults["priority"] = _("It has this priority already.")
    if not reason.strip():
        faults["reason"] = _("Write why the priority changes. The citizen will see this.")
    if faults:
        raise Invalid(faults)
    if not complaint.status.is_open:
        raise ImpossibleMove(complaint)
    # While the clock stands, its deadline is the one from when it stopped; the rest is counted at the end.
    at = complaint.standing_since or clock.now()
    change = under(complaint, severe, history.turns(complaint), now=at, calendar=profile.calendar)
    complaint.priority = to
    owe(complaint, change)
    return history.record(
        complaint, EventKind.PRIORITISED, by=by, at=clock.now(), note=reason, details=change.details
    )


def under(
    complaint: Promised,
    severe: Priority | None,
    turns: Sequence[Turn],
    *,
    now: datetime,
    calendar: Calendar,
    plain: tuple[Promise, Promise] | None = None,
) -> Change:
    """Count what a complaint owes under a priority; pure. What was taken on already owes no more of that.

    `plain`: what is promised apart from any priority (the answer, and that somebody takes it on), if not as before.
    """
    answer, plain_acknowledge = plain or rounds.plain_promises(complaint, turns)
    promises = [answer] if severe is None else [answer, severe.resolve]
    counted = [(_counted(complaint, turns, promise, now, calendar), promise) for promise in promises]
    due_at, promise = min(counted, key=lambda one: one[0])
    acknowledge, acknowledge_by = Promise.parse(complaint.acknowledge), complaint.acknowledge_by
    if complaint.acknowledged_at is None:
        promises = [plain_acknowledge] if severe is None else [plain_acknowledge, severe.acknowledge]
        acknowledge_by, acknowledge = min(
            (
                (deadlines.acknowledged(one, complaint.received_at, turns, now=now, calendar=calendar), one)
                for one in promises
            ),
            key=lambda one: one[0],
        )
    details = {
        "priority": severe.code if severe else None,
        "names": dict(severe.names) if severe else {},
        "promise": {"old": complaint.promise, "new": str(promise)},
        "acknowledge": {"old": complaint.acknowledge, "new": str(acknowledge)},
        "old": complaint.due_at.isoformat(),
        "new": due_at.isoformat(),
    }
    return Change(promise, due_at, acknowledge, acknowledge_by, details)


def owe(complaint: Complaint, change: Change) -> None:
    """Let a complaint owe what was counted."""
    complaint.promise, complaint.due_at = str(change.promise), change.due_at
    complaint.acknowledge, complaint.acknowledge_by = str(change.acknowledge), change.acknowledge_by


class _Supposed(NamedTuple):
    """The turn that a change of priority would be."""

    kind: EventKind
    at: datetime
    status: Status
    details: dict[str, Any]


def _counted(
    complaint: Promised, turns: Sequence[Turn], promise: Promise, now: datetime, calendar: Calendar
) -> datetime:
    words = {"promise": {"old": complaint.promise, "new": str(promise)}}
    # Last, so that of the extensions only those of this promise count; it moves nothing else.
    supposed = _Supposed(EventKind.PRIORITISED, now, turns[-1].status, words)
    return deadlines.counted(
        promise, [*turns, supposed], received_at=complaint.received_at, now=now, calendar=calendar
    ).due_at
