"""When the city's offices are open: week patterns, holidays, and the city's own exceptions to them.

All dates and times are local to the calendar's zone, whatever zone a receipt was written in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Hours = tuple[tuple[time, time], ...]
"""Opening and closing times of one day, in order; empty when the office is closed."""


@dataclass(frozen=True, slots=True)
class WeekPattern:
    """Office hours of a week, Monday first, from `first` to `last`, both included; `last` None: for good."""

    first: date
    last: date | None
    days: tuple[Hours, ...]

    def holds(self, day: date) -> bool:
        """Whether the pattern is in effect on that date."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Closure:
    """A day on which the city is closed, and why."""

    day: date
    names: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class ExtraDay:
    """A day worked in place of another, with the hours of weekday `like` (0 is Monday)."""

    day: date
    like: int


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A day with hours of its own."""

    day: date
    hours: Hours


@dataclass(frozen=True, slots=True)
class Calendar:
    """A city's working time; `holidays_of` names the country and subdivision of public holidays."""

    time_zone: str
    holidays_of: tuple[str, str | None] | None
    weeks: tuple[WeekPattern, ...]
    closures: tuple[Closure, ...] = ()
    extra_days: tuple[ExtraDay, ...] = ()
    half_days: tuple[HalfDay, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its dates begin and end."""
        return ZoneInfo(self.time_zone)

    def hours_of(self, day: date) -> Hours:
        """Return the office hours of a date.

        The first that knows the date decides: closure, extra working day, half day, holiday, and else
        the last week pattern in effect.
        """
        if any(closure.day == day for closure in self.closures):
            return ()
        for extra in self.extra_days:
            if extra.day == day:
                return self._pattern(day, extra.like)
        for half in self.half_days:
            if half.day == day:
                return half.hours
        return () if self._is_holiday(day) else self._pattern(day, day.weekday())

    def _is_holiday(self, day: date) -> bool:
        return self.holidays_of is not None and day in public_holidays(*self.holidays_of, day.year)

    def _pattern(self, day: date, weekday: int) -> Hours:
        return next((week.days[weekday] for week in reversed(self.weeks) if week.holds(day)), ())


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Return a year's public holidays; raise NotImplementedError for a country or part that is unknown."""
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
