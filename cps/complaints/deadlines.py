"""By when a complaint is owed an answer: its promise, counted by `sla` from what its history says.

Pauses and extensions are read from the events, so a deadline can be counted again at any time, and
comes out the same. A history is read as turns: rows of kind, moment, status and details, oldest first.
A reopening begins a new round: the promise is counted from then on, and of the history only what is since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cps.city.calendar import Calendar
from cps.city.promise import Promise
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.sla import promise as sla
from cps.sla.hours import Span
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
        """For a question its `cap`, for a pause its `cause` too, for an extension its `count` and `consent`.

        For a reopening that began a round its `new` deadline.
        """


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
    def due_at(self) -> datetime:
        """When it is due, as it was counted last."""

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
        acknowledge_by = acknowledged(acknowledge, received_at, turns, now=now, calendar=calendar)
    handed = _handed_over(turns)
    if accept_by is not None and handed is not None:
        clock = Promise.parse(handed.details["clock"])
        accept_by = acknowledged(clock, handed.at, turns, now=now, calendar=calendar)
    return Owed(due.due_at, acknowledge_by, accept_by)


def acknowledged(
    promise: Promise, since: datetime, turns: Sequence[Turn], *, now: datetime, calendar: Calendar
) -> datetime:
    """Count by when somebody takes on or accepts what came at `since`.

    Nobody can where the city's system has failed; no other pause stops this clock.
    """
    failures = [pause for pause in pauses(turns, now=now) if pause.reason == "system"]
    return sla.due(promise, since, calendar, pauses=failures)


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
    """Count when the answer is due after all that happened in the last round, and with `more` extensions.

    A wait or pause that goes on is counted up to `now`.
    """
    history = last_round(turns)
    own = sla.deadline(
        promise,
        history[0].at if history and begins_round(history[0]) else received_at,
        calendar,
        pauses=pauses(history, now=now),
        extensions=[*extensions(history), *more],
    )
    others = (_merged(turn, history, now=now, calendar=calendar, more=more) for turn in absorbed(history))
    return min([own, *others], key=lambda deadline: deadline.due_at)


def absorbed(turns: Sequence[Turn]) -> list[Turn]:
    """Return the mergings of other reports into this one that still hold, in order."""
    held: dict[str, Turn] = {}
    for turn in turns:
        if turn.kind is EventKind.ABSORBED:
            held[turn.details["own"]] = turn
        elif turn.kind is EventKind.RELEASED:
            held.pop(turn.details["own"], None)
    return list(held.values())


def _merged(
    merging: Turn, turns: Sequence[Turn], *, now: datetime, calendar: Calendar, more: Sequence[Extension]
) -> Deadline:
    """Count when the answer to a report is due that was merged into this one: its own clock, and what happened since."""
    answer = merging.details["answer"]
    promise = Promise.parse(answer["promise"])
    before = [
        Pause(datetime.fromisoformat(begun), datetime.fromisoformat(ended), reason=reason)
        for begun, ended, reason in answer["stops"]
    ]
    since = [
        Pause(max(pause.begun_at, merging.at), ended, reason=pause.reason)
        for pause in pauses(turns, now=now)
        if (ended := sla.pause_end(pause, calendar)) > merging.at
    ]
    granted = [Extension(count, has_consent=bool(consent)) for count, consent in answer["extensions"]]
    later = extensions(turns[turns.index(merging) :])
    # What was granted to the one was granted to all, as far as the promise of this one can be extended.
    longer = [Extension(min(one.count, promise.count), has_consent=True) for one in (*later, *more)]
    return sla.deadline(
        promise,
        datetime.fromisoformat(answer["since"]),
        calendar,
        pauses=[*before, *since],
        extensions=[*granted, *longer][: sla.MOST_EXTENSIONS],
    )


def last_round(turns: Iterable[Turn]) -> list[Turn]:
    """Return what happened since the answer was last promised: on receipt, or when it was reopened."""
    history = list(turns)
    places = (place for place in range(len(history) - 1, -1, -1) if begins_round(history[place]))
    return history[next(places, 0) :]


def begins_round(turn: Turn) -> bool:
    """Whether the answer was promised anew then; reopenings of before that rule kept their deadline."""
    return turn.kind is EventKind.REOPENED and "new" in turn.details


def pauses(turns: Iterable[Turn], *, now: datetime) -> list[Pause]:
    """Return when the clock stood: each time from its beginning to the event that ends it, or to `now`.

    Each knows those for the same cause before it, since the report came in or was last reopened: one cap
    holds for all of them.
    """
    found: list[Pause] = []
    stood: dict[str, tuple[Span, ...]] = {}
    began: Turn | None = None
    for turn in _lasting(turns):
        if began is not None and _ends(began, turn):
            found.append(_pause(began, turn.at, stood))
            began = None
        if turn.kind is EventKind.REOPENED:
            stood.clear()
        if turn.kind in (EventKind.ASKED, EventKind.PAUSED):
            began = turn
    if began is not None:
        found.append(_pause(began, now, stood))
    return found


def _lasting(turns: Iterable[Turn]) -> list[Turn]:
    """Leave out the mergings that were taken back, after which everything stood as before."""
    lasting: list[Turn] = []
    for turn in turns:
        if turn.kind is EventKind.PARTED and turn.details["is_restored"]:
            merged = next(one for one in reversed(lasting) if one.kind is EventKind.MERGED)
            lasting.remove(merged)
        else:
            lasting.append(turn)
    return lasting


def is_used_up(cause: str, turns: Sequence[Turn], *, cap: Promise, now: datetime, calendar: Calendar) -> bool:
    """Whether the clock has stood as long as it may for a cause, since the report came in or was last reopened."""
    opened = max((place for place, turn in enumerate(turns) if turn.kind is EventKind.REOPENED), default=0)
    stood = tuple(
        (pause.begun_at, pause.ended_at or now)
        for pause in pauses(turns[opened:], now=now)
        if pause.reason == cause
    )
    return bool(stood) and sla.pause_end(Pause(now, cap=cap, stood_before=stood), calendar) <= now


# What ends a pause beside the end of the complaint itself.
_PAUSE_ENDS = {
    EventKind.RESUMED,
    EventKind.ASKED,
    EventKind.TRANSFERRED,
    EventKind.RETURNED,
    EventKind.DECIDED,
}


def _ends(began: Turn, turn: Turn) -> bool:
    if began.kind is EventKind.ASKED:
        return turn.status is not Status.WAITING
    return turn.kind in _PAUSE_ENDS or not turn.status.is_open


def _pause(began: Turn, ended_at: datetime, stood: dict[str, tuple[Span, ...]]) -> Pause:
    cause = began.details.get("cause", "citizen")
    before = stood.get(cause, ())
    stood[cause] = (*before, (began.at, ended_at))
    return Pause(began.at, ended_at, reason=cause, cap=cap_of(began), stood_before=before)


def stands_until(since: datetime, turns: Sequence[Turn], *, cap: Promise, calendar: Calendar) -> datetime:
    """Return when the clock that stands `since` runs again at the latest; `cap` is for turns without their own."""
    last = next(reversed(pauses(turns, now=since)), Pause(since))
    return sla.pause_end(Pause(since, cap=last.cap or cap, stood_before=last.stood_before), calendar)


def extensions(turns: Iterable[Turn]) -> list[Extension]:
    """Return the extensions of the promise in force, in order.

    One that was given while another priority or category held lengthens that promise and no other.
    """
    given: list[Extension] = []
    others: dict[str, list[Extension]] = {}
    for turn in turns:
        if turn.kind is EventKind.EXTENDED:
            given.append(Extension(turn.details["count"], has_consent=bool(turn.details["consent"])))
        elif turn.kind in (EventKind.PRIORITISED, EventKind.CATEGORISED):
            others[turn.details["promise"]["old"]] = given
            given = others.get(turn.details["promise"]["new"], [])
    return given


def times_extended(turns: Iterable[Turn]) -> int:
    """Return how often an extension was given in the last round, whatever became of it."""
    return sum(1 for turn in last_round(turns) if turn.kind is EventKind.EXTENDED)


def cap_of(began: Turn) -> Promise | None:
    """Return how long the clock stands at most from then on; None for a question from before there were caps."""
    written = began.details.get("cap")
    return Promise.parse(written) if written else None
