"""When the city's offices are open: week patterns, holidays, and the city's own exceptions to them.

All dates and times are local to the calendar's zone, whatever zone a receipt was written in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import holidays

from cps.city.season import Season, holds

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Hours = tuple[tuple[time, time], ...]
"""Opening and closing times of one day, in order; empty when the office is closed."""


@dataclass(frozen=True, slots=True)
class WeekPattern:
    """Office hours of a week, Monday first, from `first` to `last`, both included; `last` None: for good.

    `season`: only on the days of every year from the first to the second, both included; it may go
    over the new year (2 November to 29 January).
    """

    first: date
    last: date | None
    days: tuple[Hours, ...]
    season: Season | None = None

    def holds(self, day: date) -> bool:
        """Whether the pattern is in effect on that date."""
        is_dated = self.first <= day and (self.last is None or day <= self.last)
        return is_dated and (self.season is None or holds(self.season, (day.month, day.day)))


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


DayKind = Literal["closure", "extra", "half", "holiday", "week"]
"""What decides the hours of a date."""


@dataclass(frozen=True)
class Calendar:
    """A city's working time; `holidays_of` names the country and subdivision of public holidays.

    `holidays_until`: the last day up to which the city compared them with its own list, if it says so.
    """

    time_zone: str
    holidays_of: tuple[str, str | None] | None
    weeks: tuple[WeekPattern, ...]
    closures: tuple[Closure, ...] = ()
    extra_days: tuple[ExtraDay, ...] = ()
    half_days: tuple[HalfDay, ...] = ()
    holidays_until: date | None = None

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # A calendar is a key of many look-ups, and never changes: its parts are hashed once.
        return hash((self.time_zone, self.holidays_of, self.weeks, *map(_dated, self._exceptions)))

    @property
    def _exceptions(self) -> tuple[Closure | ExtraDay | HalfDay, ...]:
        return (*self.closures, *self.extra_days, *self.half_days)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which its dates begin and end."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def _closed(self) -> dict[date, Closure]:
        return {closure.day: closure for closure in self.closures}

    @cached_property
    def _extra(self) -> dict[date, ExtraDay]:
        return {extra.day: extra for extra in self.extra_days}

    @cached_property
    def _half(self) -> dict[date, HalfDay]:
        return {half.day: half for half in self.half_days}

    @cached_property
    def _known(self) -> dict[date, Hours]:
        return {}

    def hours_of(self, day: date) -> Hours:
        """Return the office hours of a date.

        The first that knows the date decides: closure, extra working day, half day, holiday, and else
        the last week pattern in effect.
        """
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._hours_by(self.decided_by(day), day)
        return known

    def is_open(self, moment: datetime) -> bool:
        """Whether the office is open at a moment (with a zone): from opening on, and no more at closing."""
        local = moment.astimezone(self.zone)
        return any(opens <= local.time() < closes for opens, closes in self.hours_of(local.date()))

    def decided_by(self, day: date) -> DayKind:
        """Say what decides the hours of a date."""
        if day in self._closed:
            return "closure"
        if day in self._extra:
            return "extra"
        if day in self._half:
            return "half"
        return "holiday" if self._is_holiday(day) else "week"

    def names_of(self, day: date, language: str) -> str:
        """Say why a date is a closure or a holiday, as far as it has a name in this language or any."""
        closure = self._closed.get(day)
        if closure is not None:
            return closure.names.get(language) or next(iter(closure.names.values()), "")
        if self.holidays_of is None:
            return ""
        return holiday_name(*self.holidays_of, day, language)

    def _hours_by(self, kind: DayKind, day: date) -> Hours:
        if kind == "extra":
            return self._pattern(day, self._extra[day].like)
        if kind == "half":
            return self._half[day].hours
        return self._pattern(day, day.weekday()) if kind == "week" else ()

    def _is_holiday(self, day: date) -> bool:
        return self.holidays_of is not None and day in public_holidays(*self.holidays_of, day.year)

    def _pattern(self, day: date, weekday: int) -> Hours:
        return next((week.days[weekday] for week in reversed(self.weeks) if week.holds(day)), ())


def _dated(exception: Closure | ExtraDay | HalfDay) -> date:
    return exception.day


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Return a year's public holidays; raise NotImplementedError for a country or part that is unknown."""
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


# The package names its languages by country; ours are few, and the first that fits is taken.
_SPEAKS: Final = {
    "en": ("en_US", "en_PH", "en"),
    "ko": ("ko",),
    "vi": ("vi",),
    "fil": ("fil",),
    "ne": ("ne",),
}


def holiday_name(country: str, subdivision: str | None, day: date, language: str) -> str:
    """Return what a public holiday is called in this language, else in English, else in the country's own."""
    return _holiday_names(country, subdivision, day.year, language).get(day, "")


@lru_cache(maxsize=256)
def _holiday_names(country: str, subdivision: str | None, year: int, language: str) -> dict[date, str]:
    known = getattr(holidays, country).supported_languages
    wanted = (*_SPEAKS.get(language, ()), *_SPEAKS["en"])
    chosen = next((code for code in wanted if code in known), None)
    named = holidays.country_holidays(country, subdiv=subdivision, years=year, language=chosen)
    return {day: str(name) for day, name in named.items()}
