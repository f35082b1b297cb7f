"""Dates as people of each language write them; the platforms' own long dates are malformed in some.

Takes moments with a zone and shows them in the zone that is handed in, never in the machine's. Whoever
shows a day hands in which other calendars its readers live by: those dates come first, the Gregorian
date beside them in brackets.
"""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from datetime import time as time_of_day
from enum import StrEnum
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time

from cps.kernel import bikram_sambat
from cps.kernel.numbers import in_digits


class OtherCalendar(StrEnum):
    """A calendar that people read dates in beside the Gregorian."""

    BIKRAM_SAMBAT = "bikram-sambat"


_KEPT = 8192  # dates and times a process keeps in words: a page says the same few again and again, Babel takes 0.1 ms each

_WRITTEN = {OtherCalendar.BIKRAM_SAMBAT: bikram_sambat.written}
_WRITTEN_SHORT = {OtherCalendar.BIKRAM_SAMBAT: bikram_sambat.written_short}

_DAYS = {
    "en": "d MMMM y",
    "vi": "dd/MM/y",
    "ko": "y. M. d.(E)",
    "fil": "MMMM d, y",
    "ne": "d MMMM y",
}
# Monday first; the platform spells one of them as nobody does.
_WEEKDAYS = {"ne": ("सोमबार", "मङ्गलबार", "बुधबार", "बिहीबार", "शुक्रबार", "शनिबार", "आइतबार")}
_LEAP_YEAR = 2024  # in which every day of every year exists
_TIMES = {"en": "h:mm a", "vi": "HH:mm", "ko": "'{part}' h:mm", "fil": "h:mm a", "ne": "'{part}' h:mm 'बजे'"}

# The part of the day that stands before the hour, by the hour it begins. Babel says "PM" in Korean and has
# one word for noon to midnight in Nepali, where nobody would say a quarter past eight with it.
_PARTS_OF_DAY = {
    "ko": ((0, "오전"), (12, "오후")),
    "ne": ((0, "राति"), (4, "बिहान"), (12, "दिउँसो"), (17, "साँझ"), (20, "राति")),
}


def day(moment: datetime, *, language: str, zone: tzinfo, calendars: Sequence[OtherCalendar] = ()) -> str:
    """Write the date of a moment: 12 May 2026, 12/05/2026, 2026. 5. 12.(화), Mayo 12, 2026, १२ मे २०२६.

    With Bikram Sambat: 29 Baisakh 2083 (12 May 2026), २०८३ वैशाख २९ (१२ मे २०२६).
    """
    return _date_in_words(moment.astimezone(zone).date(), language, tuple(calendars))


def date_in_words(day: date, *, language: str, calendars: Sequence[OtherCalendar] = ()) -> str:
    """Write a date that is a date already, in no zone; a day that a calendar does not know, without it."""
    return _date_in_words(day, language, tuple(calendars))


@lru_cache(_KEPT)
def _date_in_words(day: date, language: str, calendars: tuple[OtherCalendar, ...]) -> str:
    gregorian = format_date(day, _DAYS.get(language, "y-MM-dd"), locale=language)
    others = [written for calendar in calendars if (written := _WRITTEN[calendar](day, language=language))]
    first, *beside = [*others, in_digits(gregorian, language=language)]
    return f"{first} ({', '.join(beside)})" if beside else first


def weekday_and_date(day: date, *, language: str, calendars: Sequence[OtherCalendar] = ()) -> str:
    """Write a date with its day of the week: Thursday, 3 December 2026; Thứ Năm, 03/12/2026; 2026. 12. 3.(목).

    With Bikram Sambat: Thursday, 17 Mangsir 2083 (3 December 2026).
    """
    written = date_in_words(day, language=language, calendars=calendars)
    if "E" in _DAYS.get(language, ""):  # it is there already
        return written
    own = _WEEKDAYS.get(language)
    return f"{own[day.weekday()] if own else format_date(day, 'EEEE', locale=language)}, {written}"


def span(first: date, last: date, *, language: str, calendars: Sequence[OtherCalendar] = ()) -> str:
    """Write a day, or from which to which, with their days of the week."""
    days = [first] if first == last else [first, last]
    return " – ".join(weekday_and_date(day, language=language, calendars=calendars) for day in days)


def short(day: date, *, language: str, calendars: Sequence[OtherCalendar] = ()) -> str:
    """Write a day of this year or the next, where there is little room: 3 December, or 17 Mangsir where people live by that."""
    for calendar in calendars:
        if written := _WRITTEN_SHORT[calendar](day, language=language):
            return written
    return day_of_year((day.month, day.day), language=language)


def day_of_year(day: tuple[int, int], *, language: str) -> str:
    """Write a month and a day of every year: 2 November, 2 tháng 11, 11월 2일, Nobyembre 2, नोभेम्बर २."""
    known = date(_LEAP_YEAR, *day)
    if language == "en":  # as its other dates; the platform's own order is the American one
        return format_date(known, "d MMMM", locale=language)
    return in_digits(format_skeleton("MMMMd", known, locale=language), language=language)


def time(moment: datetime, *, language: str, zone: tzinfo) -> str:
    """Write the time of day of a moment: 2:30 pm, 14:30, 오후 2:30, 2:30 PM, दिउँसो २:३० बजे."""
    return _time_in_words(moment.astimezone(zone).time().replace(second=0, microsecond=0), language)


@lru_cache(_KEPT)
def _time_in_words(local: time_of_day, language: str) -> str:
    pattern = _TIMES.get(language, "HH:mm").format(part=_part_of_day(local.hour, language))
    written = in_digits(format_time(local, pattern, locale=language), language=language)
    return written.lower() if language == "en" else written


def _part_of_day(hour: int, language: str) -> str:
    parts = _PARTS_OF_DAY.get(language, ((0, ""),))
    return [name for begins, name in parts if begins <= hour][-1]
