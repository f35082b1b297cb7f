"""By when a complaint is owed an answer: its promise, counted by `sla` from what its history says.

Pauses and extensions are read from the events, so a deadline can be counted again at any time, and
comes out the same. A history is read as turns: rows of kind, moment, status and details, oldest first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cps.city.calendar import Calendar
from cps.city.promise import Promise
from cps.complaints.models import EventKind
from cps.complaints.status import Status
from cps.sla import promise as sla
from cps.sla.promise import Deadline, Extension, Pause


class Turn(Protocol):
    """What a deadline needs to know of an event."""

    @property
    def kind(self) -> EventKind:
        """What happened."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def status(self) -> Status:
        """Where the complaint stood then."""

    @property
    def details(self) -> Mapping[str, Any]:
        """For a question its `cap`, for an extension its `count` and `consent`."""


class Promised(Protocol):
    """What a complaint, or a row of one, owes: its clocks as they were written and counted last."""

    @property
    def promise(self) -> str:
        """By when it is answered, as `Promise` writes it."""

    @property
    def acknowledge(self) -> str:
        """By when somebody takes it on, as `Promise` writes it."""

    @property
    def received_at(self) -> datetime:
        """When it came in."""

    @property
    def acknowledge_by(self) -> datetime:
        """By when somebody takes it on, as it was counted last."""

    @property
    def acknowledged_at(self) -> datetime | None:
        """When somebody took it on."""

    @property
    def accept_by(self) -> datetime | None:
        """By when another department accepts it, as it was counted last; None if none is asked to."""


@dataclass(frozen=True, slots=True)
class Owed:
    """The deadlines of a complaint, counted anew; what is over stays as it was."""

    due_at: datetime
    acknowledge_by: datetime
    accept_by: datetime | None


def owed(complaint: Promised, turns: Sequence[Turn], *, now: datetime, calendar: Calendar) -> Owed:
    """Count every deadline of a complaint anew from its history, oldest first."""
    received_at = complaint.received_at
    due = counted(
        Promise.parse(complaint.promise), turns, received_at=received_at, now=now, calendar=calendar
    )
    acknowledge_by, accept_by = complaint.acknowledge_by, complaint.accept_by
    if complaint.acknowledged_at is None:
        acknowledge = Promise.parse(complaint.acknowledge)
        acknowledge_by = promised(acknowledge, received_at=received_at, calendar=calendar)
    handed = _handed_over(turns)
    if accept_by is not None and handed is not None:
        clock = Promise.parse(handed.details["clock"])
        accept_by = promised(clock, received_at=handed.at, calendar=calendar)
    return Owed(due.due_at, acknowledge_by, accept_by)


def _handed_over(turns: Sequence[Turn]) -> Turn | None:
    """Return the last turn that began the clock of a handover."""
    return next((turn for turn in reversed(turns) if "clock" in turn.details), None)


def promised(promise: Promise, *, received_at: datetime, calendar: Calendar) -> datetime:
    """Return when the answer is due, in UTC."""
    return sla.due(promise, received_at, calendar)


def counted(
    promise: Promise,
    turns: Iterable[Turn],
    *,
    received_at: datetime,
    now: datetime,
    calendar: Calendar,
    more: Sequence[Extension] = (),
) -> Deadline:
    """Count when the answer is due after all that happened, and with `more` extensions.

    A wait that goes on is counted up to `now`.
    """
    history = list(turns)
    return sla.deadline(
        promise,
        received_at,
        calendar,
        pauses=pauses(history, now=now),
        extensions=[*extensions(history), *more],
    )


def pauses(turns: Sequence[Turn], *, now: datetime) -> list[Pause]:
    """Return the waits for the citizen: each from its question to the next event that ends it, or to `now`."""
    found: list[Pause] = []
    asked: Turn | None = None
    for turn in turns:
        if asked is not None and turn.status is not Status.WAITING:
            found.append(Pause(asked.at, turn.at, cap=cap_of(asked)))
            asked = None
        if turn.kind is EventKind.ASKED:
            asked = turn
    if asked is not None:
        found.append(Pause(asked.at, now, cap=cap_of(asked)))
    return found


def extensions(turns: Iterable[Turn]) -> list[Extension]:
    """Return the extensions that were given, in order."""
    return [
        Extension(turn.details["count"], has_consent=bool(turn.details["consent"]))
        for turn in turns
        if turn.kind is EventKind.EXTENDED
    ]


def cap_of(asked: Turn) -> Promise | None:
    """Return how long the clock stands at most after a question; None for one from before there were caps."""
    written = asked.details.get("cap")
    return Promise.parse(written) if written else None
