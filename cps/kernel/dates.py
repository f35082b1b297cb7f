"""Dates as people of each language write them; the platforms' own long dates are malformed in some.

Takes moments with a zone and shows them in the zone that is handed in, never in the machine's.
"""

from datetime import date, datetime, tzinfo

from babel.dates import format_date, format_datetime

_DAYS = {
    "en": "d MMMM y",
    "vi": "dd/MM/y",
    "ko": "y. M. d.(E)",
    "fil": "MMMM d, y",
    "ne": "d MMMM y",
}
_TIMES = {"en": "h:mm a", "vi": "HH:mm", "ko": "a h:mm", "fil": "h:mm a", "ne": "HH:mm"}


def day(moment: datetime, *, language: str, zone: tzinfo) -> str:
    """Write the date of a moment: 12 May 2026, 12/05/2026."""
    return format_datetime(moment.astimezone(zone), _DAYS.get(language, "y-MM-dd"), locale=language)


def date_in_words(day: date, *, language: str) -> str:
    """Write a date that is a date already, in no zone."""
    return format_date(day, _DAYS.get(language, "y-MM-dd"), locale=language)


def time(moment: datetime, *, language: str, zone: tzinfo) -> str:
    """Write the time of day of a moment: 2:30 pm, 14:30."""
    written = format_datetime(moment.astimezone(zone), _TIMES.get(language, "HH:mm"), locale=language)
    return written.lower() if language == "en" else written
