"""The ladder of a deadline: the moment of each of its steps; pure.

A share of the time used is a share of what the promise counts: office time for working hours and
working days, any time for the others. What a pause takes is not used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cps.city.calendar import Calendar
from cps.city.clocks import Rung
from cps.city.promise import Promise
from cps.sla import hours
from cps.sla.hours import Span
from cps.sla.promise import due, elapsed

IN_OFFICE_TIME: Final = ("working_hours", "working_days")
_NOTHING, _WHOLE = timedelta(), 100


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder and the moment it is reached, in UTC."""

    rung: Rung
    at: datetime


def steps(
    rungs: Sequence[Rung],
    promise: Promise,
    calendar: Calendar,
    *,
    begins: datetime,
    due_at: datetime,
    stops: Iterable[Span] = (),
) -> tuple[Step, ...]:
    """Return the steps in order of time; those of one moment in the order of the ladder.

    `begins`: receipt, or the last time the complaint was reopened; no step is before it, not even of a
    deadline that was over by then. `stops`: the pauses in between.
    """
    begins, due_at = begins.astimezone(UTC), due_at.astimezone(UTC)
    used = _Used(promise, calendar, begins, due_at, tuple(hours.merged(stops)))
    found = (Step(rung, max(_reached(rung, used), begins)) for rung in rungs)
    return tuple(sorted(found, key=lambda step: step.at))


@dataclass(frozen=True, slots=True)
class _Used:
    """The time of a promise, from where it begins to its deadline."""

    promise: Promise
    calendar: Calendar
    begins: datetime
    due_at: datetime
    stops: tuple[Span, ...]

    def length(self) -> timedelta:
        """How much time counts in all."""
        spans = hours.apart_from(self.stops, (self.begins, self.due_at))
        return sum((self._between(*span) for span in spans), _NOTHING)

    def after(self, start: datetime, length: timedelta) -> datetime:
        """When so much time that counts has passed since `start`."""
        if length <= _NOTHING:
            return start
        if self.promise.unit in IN_OFFICE_TIME:
            return hours.after(start, length, self.calendar, without=self.stops)
        return elapsed(start, length, [stop for stop in self.stops if stop[1] > start])

    def _between(self, start: datetime, end: datetime) -> timedelta:
        return (
            hours.between(start, end, self.calendar) if self.promise.unit in IN_OFFICE_TIME else end - start
        )


def _reached(rung: Rung, used: _Used) -> datetime:
    if rung.late is not None:
        return due(rung.late, used.due_at, used.calendar)
    percent = _WHOLE if rung.percent is None else rung.percent
    if percent >= _WHOLE:
        return used.after(used.due_at, used.length() * (percent - _WHOLE) / _WHOLE)
    # A deadline may lie behind the last minute that counts (23:59 of a day): no share goes beyond it.
    return min(used.after(used.begins, used.length() * percent / _WHOLE), used.due_at)
