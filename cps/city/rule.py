"""A routing rule: which reports it is for, how specific it is, and when two rules would quarrel.

The most specific rule that fits a report decides, whatever the order of the rows. Rules are compared by
what they name, in this order: the category, the owner of the place, how near the area is, its own office,
the hours, the season. Two that are as specific as each other and can fit the same report are a fault.
"""

import re
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any, Final

from cps.city import season as seasons
from cps.city.calendar import Calendar

ANY: Final = "*"
"""In a rule: whatever the category, the area (known or not), the owner, the hour or the season."""
AREA_OFFICE: Final = "@office"
"""As a rule's department: the area's own office."""
OFFICE_HOURS: Final = "office"
"""As a rule's hours: when the city's offices are open."""
CLOSED_HOURS: Final = "closed"
"""As a rule's hours: when the city's offices are closed."""

Rank = tuple[bool, bool, int, bool, bool, bool]
"""How specific a rule is: category, owner, nearness of the area, its own office, hours, season."""

_DAILY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Rule:
    """Reports of this category, in this area, at a place of this owner, go to this department.

    Codes, ANY or AREA_OFFICE. `hours`: ANY, OFFICE_HOURS, CLOSED_HOURS or like `22:00-06:00` (local time).
    `season`: ANY or like `11-02..01-29` (month-day, both included). `first_day`, `last_day`: when it is in
    effect, both included; None: since ever, for good.
    """

    category: str
    area: str
    department: str
    owner: str = ANY
    hours: str = ANY
    season: str = ANY
    first_day: date | None = None
    last_day: date | None = None

    @property
    def is_timeless(self) -> bool:
        """Whether it fits at every hour of every day."""
        return self.hours == ANY and self.season == ANY and self.first_day is None and self.last_day is None

    @property
    def is_unconditional(self) -> bool:
        """Whether it fits every report of its category: anywhere, at any time, whoever owns the place."""
        is_everywhere = self.area == ANY and self.department != AREA_OFFICE and self.owner == ANY
        return is_everywhere and self.is_timeless

    @property
    def is_fallback(self) -> bool:
        """Whether it fits every report there is: it names the desk that takes what no other rule does."""
        return self.category == ANY and self.is_unconditional

    def rank(self, nearness: int) -> Rank:
        """Say how specific the rule is; `nearness`: 0 for any area, the more the smaller the one it names."""
        return (
            self.category != ANY,
            self.owner != ANY,
            nearness,
            self.department == AREA_OFFICE,
            self.hours != ANY,
            self.season != ANY,
        )

    def holds(self, moment: datetime, calendar: Calendar) -> bool:
        """Whether the rule counts for what comes in at a moment (with a zone)."""
        if self.is_timeless:
            return True
        local = moment.astimezone(calendar.zone)
        day = local.date()
        return (
            (self.first_day is None or self.first_day <= day)
            and (self.last_day is None or day <= self.last_day)
            and (self.season == ANY or seasons.holds(seasons.parse(self.season), (day.month, day.day)))
            and self._is_hour(local, calendar)
        )

    def _is_hour(self, local: datetime, calendar: Calendar) -> bool:
        if self.hours == ANY:
            return True
        if self.hours in (OFFICE_HOURS, CLOSED_HOURS):
            return calendar.is_open(local) == (self.hours == OFFICE_HOURS)
        return _is_within(daily(self.hours), local.time())

    def quarrels_with(self, other: "Rule") -> bool:
        """Whether the two are as specific as each other, and a report can fit both."""
        return (
            self._kind == other._kind
            and _share_hours(self.hours, other.hours)
            and _share_season(self.season, other.season)
            and _share_dates(self, other)
        )

    @property
    def _kind(self) -> tuple[str, str, str, bool, bool, bool]:
        is_office = self.department == AREA_OFFICE
        return self.category, self.area, self.owner, is_office, self.hours != ANY, self.season != ANY

    def as_json(self) -> dict[str, str]:
        """Say what the rule names; what it leaves open is left out."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in said.items() if value not in (ANY, None)}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Rule":
        """Put a rule together from what it names."""
        dates = {name: date.fromisoformat(said[name]) for name in ("first_day", "last_day") if said.get(name)}
        return cls(**{"category": ANY, "area": ANY, **said, **dates})


def daily(hours: str) -> tuple[time, time]:
    """Read hours like `22:00-06:00`, which may go over midnight; raise ValueError if they are none."""
    found = _DAILY.fullmatch(hours)
    if found is None or found.group(1, 2) == found.group(3, 4):
        raise ValueError(hours)
    return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))


def _is_within(hours: tuple[time, time], moment: time) -> bool:
    """Whether a time of day lies in daily hours: their first minute does, the last does not."""
    begins, ends = hours
    return begins <= moment < ends if begins < ends else moment >= begins or moment < ends


def _share_hours(one: str, other: str) -> bool:
    """Whether two kinds of hours can hold at once; office hours move with the calendar and may touch any."""
    if {one, other} == {OFFICE_HOURS, CLOSED_HOURS}:
        return False
    if {one, other} & {ANY, OFFICE_HOURS, CLOSED_HOURS}:
        return True
    ours, theirs = daily(one), daily(other)
    return _is_within(ours, theirs[0]) or _is_within(theirs, ours[0])


def _share_season(one: str, other: str) -> bool:
    if ANY in (one, other):
        return True
    ours, theirs = seasons.parse(one), seasons.parse(other)
    return seasons.holds(ours, theirs[0]) or seasons.holds(theirs, ours[0])


def _share_dates(one: Rule, other: Rule) -> bool:
    last = min((day for day in (one.last_day, other.last_day) if day), default=date.max)
    first = max((day for day in (one.first_day, other.first_day) if day), default=date.min)
    return first <= last
