"""Days of every year, written like `11-02..01-29`: month and day, both ends included, over the new year or not."""

import re
from datetime import date

MonthDay = tuple[int, int]
"""A day of every year: month and day."""
Season = tuple[MonthDay, MonthDay]
"""The first and the last of the days."""

_WRITTEN = re.compile(r"(\d\d)-(\d\d)\.\.(\d\d)-(\d\d)")
_LEAP_YEAR = 2024  # in which every day of a season exists


def parse(text: str) -> Season:
    """Read a season; raise ValueError if it is none."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    first, last = (date(_LEAP_YEAR, int(match[n]), int(match[n + 1])) for n in (1, 3))
    return (first.month, first.day), (last.month, last.day)


def holds(season: Season, day: MonthDay) -> bool:
    """Whether a day of the year lies in the season."""
    first, last = season
    return first <= day <= last if first <= last else day >= first or day <= last
