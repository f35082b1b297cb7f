"""From which day to which something is in force; both are days in the city's zone, and count themselves.

Without a first day it was since ever, without a last one it is for good.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

_ONE_DAY = timedelta(days=1)


class Dated(Protocol):
    """Whatever is in force for a while: a department, an area, a row of either."""

    @property
    def first_day(self) -> date | None:
        """The first day, or None since ever."""

    @property
    def last_day(self) -> date | None:
        """The last day, or None for good."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in a row, first and last included."""

    first_day: date | None = None
    last_day: date | None = None

    def __str__(self) -> str:
        begin, end = f"from {self.first_day}", f"until {self.last_day}"
        parts = (begin if self.first_day else "", end if self.last_day else "")
        return " ".join(filter(None, parts)) or "always"


def holds_on(thing: Dated, day: date) -> bool:
    """Whether it is in force on this day."""
    return (thing.first_day or date.min) <= day <= (thing.last_day or date.max)


def covers(thing: Dated, other: Dated) -> bool:
    """Whether it is in force all the time that the other is."""
    begins_before = (thing.first_day or date.min) <= (other.first_day or date.min)
    return begins_before and (other.last_day or date.max) <= (thing.last_day or date.max)


def turning_days(things: Iterable[Dated]) -> list[date]:
    """Return the days on which something comes into force or is no longer, in order."""
    listed = list(things)
    begin = {thing.first_day for thing in listed if thing.first_day is not None}
    return sorted(begin | {day_after(thing.last_day) for thing in listed if thing.last_day is not None})


def days_apart(things: Iterable[Dated]) -> list[date]:
    """Return a day of each time between two turning days: what holds on one of them holds on all of its time."""
    return [date.min, *turning_days(things)]


def day_before(day: date) -> date:
    """Return the day before."""
    return day - _ONE_DAY


def day_after(day: date) -> date:
    """Return the day after."""
    return day + _ONE_DAY
