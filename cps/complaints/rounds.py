"""A new round of a complaint: reopened, it is owed an answer anew, as if it had come in at that moment; pure.

The promise is the one that the city gives now for its category and its priority. What was used up in the
round before, extensions and pauses, is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.city.calendar import Calendar
from cps.city.clocks import Priority
from cps.city.promise import Promise
from cps.complaints import deadlines
from cps.complaints.deadlines import Promised, Turn
from cps.complaints.kinds import EventKind


@dataclass(frozen=True, slots=True)
class Round:
    """The promise of a new round, when that is due, and the details of the event that begins it."""

    promise: Promise
    due_at: datetime
    details: dict[str, Any]


def begun_at(
    complaint: Promised,
    turns: Sequence[Turn],
    *,
    promise: Promise | None,
    severe: Priority | None,
    at: datetime,
    calendar: Calendar,
) -> Round:
    """Promise an answer anew, counted from `at`; of the category's and the priority's what ends first.

    `promise`: the category's, or None for one that the city has no more: then what was promised before.
    """
    plain = promise or plain_promises(complaint, turns)[0]
    promises = [plain] if severe is None else [plain, severe.resolve]
    dues = [(deadlines.promised(one, received_at=at, calendar=calendar), one) for one in promises]
    due_at, chosen = min(dues, key=lambda one: one[0])
    details = {
        "old": complaint.due_at.isoformat(),
        "new": due_at.isoformat(),
        "promise": {"old": complaint.promise, "new": str(chosen), "plain": str(plain)},
    }
    return Round(chosen, due_at, details)


def plain_promises(complaint: Promised, turns: Sequence[Turn]) -> tuple[Promise, Promise]:
    """Return what was promised apart from any priority: the answer of this round, and that somebody takes it on."""
    return _plain_promise(complaint, turns), _plain_acknowledge(complaint, turns)


def _plain_promise(complaint: Promised, turns: Sequence[Turn]) -> Promise:
    since = deadlines.last_round(turns)
    if corrected := _last_category(since):
        return Promise.parse(corrected.details["promise"]["plain"])
    if since and deadlines.begins_round(since[0]):
        return Promise.parse(since[0].details["promise"]["plain"])
    first = _first_priority(since)
    return Promise.parse(first.details["promise"]["old"] if first else complaint.promise)


def _plain_acknowledge(complaint: Promised, turns: Sequence[Turn]) -> Promise:
    if corrected := _last_category(turns):
        return Promise.parse(corrected.details["acknowledge"]["plain"])
    first = _first_priority(turns)
    return Promise.parse(first.details["acknowledge"]["old"] if first else complaint.acknowledge)


def _last_category(turns: Sequence[Turn]) -> Turn | None:
    return next((turn for turn in reversed(turns) if turn.kind is EventKind.CATEGORISED), None)


def _first_priority(turns: Sequence[Turn]) -> Turn | None:
    return next((turn for turn in turns if turn.kind is EventKind.PRIORITISED), None)
