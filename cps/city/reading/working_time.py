"""`calendar.toml`: office hours by week pattern, public holidays, and the city's own exceptions."""

import re
from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any, Final

from holidays import list_supported_countries

from cps.city.calendar import DAYS, Calendar, Closure, ExtraDay, HalfDay, Hours, WeekPattern
from cps.city.reading.sections import Section
from cps.city.season import Season, parse

FILE: Final = "calendar.toml"

_KNOWN = ("time_zone", "holidays", "week", "closure", "extra_working_day", "half_day")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_NO_DAY = date(1, 1, 1)  # stands for a date that is missing and noted


def calendar_from(section: Section, *, time_zone: str, languages: Sequence[str]) -> Calendar:
    """Read the calendar, noting what is wrong."""
    section.only(_KNOWN)
    calendar = Calendar(
        time_zone=time_zone,
        holidays_of=_holidays_of(section),
        holidays_until=section.table("holidays").day("until", optional=True)
        if "holidays" in section.values
        else None,
        weeks=tuple(_week(week) for week in section.tables("week")),
        closures=tuple(_closure(closure, languages) for closure in section.tables("closure")),
        extra_days=tuple(_extra_day(extra) for extra in section.tables("extra_working_day")),
        half_days=tuple(_half_day(half) for half in section.tables("half_day")),
    )
    _check_weeks(calendar, section)
    _check_overlaps(calendar, section)
    _check_days(calendar, section)
    return calendar


def _holidays_of(section: Section) -> tuple[str, str | None] | None:
    """Read whose public holidays count; without the table there are none."""
    if "holidays" not in section.values:
        return None
    holidays = section.table("holidays")
    holidays.only(("country", "subdivision", "until"))
    country, part = holidays.text("country"), holidays.text("subdivision", optional=True)
    parts = list_supported_countries().get(country)
    if country and parts is None:
        holidays.fault(f"The package 'holidays' knows no country {country!r}.", "country")
    elif part and part not in (parts or ()):
        holidays.fault(f"The package 'holidays' knows no part {part!r} of {country}.", "subdivision")
    else:
        return country, part or None
    return None


def _week(section: Section) -> WeekPattern:
    section.only(("from", "to", "season", *DAYS))
    first, last = section.day("from") or _NO_DAY, section.day("to", optional=True)
    if last is not None and last < first:
        section.fault(f"This week pattern ends on {last}, before it begins on {first}.", "to")
    return WeekPattern(first, last, tuple(_hours(section, day) for day in DAYS), _season(section))


def _season(section: Section) -> Season | None:
    """Read the days of every year on which a pattern holds, like "11-02..01-29"; None for all."""
    if "season" not in section.values:
        return None
    written = section.text("season")
    try:
        return parse(written)
    except ValueError:
        section.fault(f'{written!r} is no season like "11-02..01-29" (month-day..month-day).', "season")
        return None


def _hours(section: Section, key: str) -> Hours:
    written = section.values.get(key)
    if not isinstance(written, list):
        section.fault(f'{key!r} is missing; write hours like ["08:00-12:00"], or [] for a day off.', key)
        return ()
    return _in_order(tuple(hours for text in written if (hours := _span(section, key, text))), section, key)


def _span(section: Section, key: str, text: Any) -> tuple[time, time] | None:
    match = _HOURS.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        section.fault(f'{text!r} are no hours like "08:00-12:00".', key)
        return None
    opens, closes = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    if closes <= opens:
        section.fault(f"The hours {text!r} on {key} end before they begin.", key)
        return None
    return opens, closes


def _in_order(hours: Hours, section: Section, key: str) -> Hours:
    for (_, closes), (opens, _closes) in pairwise(hours):
        if opens < closes:
            section.fault(f"The hours on {key} overlap or are out of order at {opens:%H:%M}.", key)
    return hours


def _closure(section: Section, languages: Sequence[str]) -> Closure:
    section.only(("date", "name"))
    day = section.day("date") or _NO_DAY
    return Closure(day, section.names("name", languages, of=f"The closure on {day}"))


def _extra_day(section: Section) -> ExtraDay:
    section.only(("date", "like"))
    like = section.text("like").lower()
    if like and like not in DAYS:
        section.fault(f"{like!r} is no weekday; write one of {', '.join(DAYS)}.", "like")
    return ExtraDay(section.day("date") or _NO_DAY, DAYS.index(like) if like in DAYS else 0)


def _half_day(section: Section) -> HalfDay:
    section.only(("date", "hours"))
    return HalfDay(section.day("date") or _NO_DAY, _hours(section, "hours"))


def _check_weeks(calendar: Calendar, section: Section) -> None:
    if not calendar.weeks:
        section.fault("There is no [[week]] with the office hours.", "week")
        return
    forever = [week for week in calendar.weeks if week.last is None and week.season is None]
    if not forever:
        section.fault(
            "Every [[week]] ends some day; leave out 'to' and 'season' in the one that goes on.", "week"
        )
    elif not any(forever[-1].days):
        section.fault("The office is never open in the [[week]] that goes on.", "week")


def _check_overlaps(calendar: Calendar, section: Section) -> None:
    """Note two patterns for the very same dates: only the later would ever count."""
    seen: dict[tuple[date, date | None, object], int] = {}
    for index, week in enumerate(calendar.weeks):
        key = (week.first, week.last, week.season)
        if key in seen and week.first != _NO_DAY:
            section.fault(
                f"This [[week]] is for the same dates as the one on line {section.line('week', seen[key])}; "
                "only one of them can count.",
                "week",
                index,
            )
        seen[key] = index


def _check_days(calendar: Calendar, section: Section) -> None:
    kinds: dict[str, list[date]] = {
        "closure": [closure.day for closure in calendar.closures],
        "extra_working_day": [extra.day for extra in calendar.extra_days],
        "half_day": [half.day for half in calendar.half_days],
    }
    seen: dict[date, int] = {}
    for key, days in kinds.items():
        for index, day in enumerate(days):
            line = section.line(key, index)
            if day in seen and day != _NO_DAY:
                section.fault(f"{day} stands on line {seen[day]} already.", key, index)
            seen.setdefault(day, line)
