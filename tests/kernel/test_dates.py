"""Dates and times of day as each language writes them, in the city's zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cps.kernel import dates
from cps.kernel.dates import OtherCalendar
from cps.web.language import CHIPS

_ZONE = ZoneInfo("Asia/Kathmandu")


def _at(hour: int, minute: int) -> datetime:
    return datetime(2026, 5, 12, hour, minute, tzinfo=_ZONE)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "12 May 2026"),
        ("vi", "12/05/2026"),
        ("ko", "2026. 5. 12.(화)"),
        ("fil", "Mayo 12, 2026"),
        ("ne", "१२ मे २०२६"),
    ],
)
def test_a_date_is_written_as_its_readers_write_it(language, written):
    assert dates.day(_at(14, 30), language=language, zone=_ZONE) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "29 Baisakh 2083 (12 May 2026)"),
        ("ko", "29 Baisakh 2083 (2026. 5. 12.(화))"),
        ("ne", "२०८३ वैशाख २९ (१२ मे २०२६)"),
    ],
)
def test_the_date_of_another_calendar_comes_first(language, written):
    calendars = [OtherCalendar.BIKRAM_SAMBAT]

    assert dates.day(_at(14, 30), language=language, zone=_ZONE, calendars=calendars) == written


def test_a_day_that_another_calendar_does_not_know_is_gregorian_alone():
    calendars = [OtherCalendar.BIKRAM_SAMBAT]

    assert dates.date_in_words(date(2100, 1, 2), language="en", calendars=calendars) == "2 January 2100"


def test_a_date_without_zone_has_the_digits_of_the_language_too():
    assert dates.date_in_words(date(2026, 5, 12), language="ne") == "१२ मे २०२६"


def test_the_day_of_another_calendar_is_the_one_of_the_zone_too():
    late = datetime(2026, 4, 13, 18, 30, tzinfo=UTC)  # a quarter past midnight of new year in Kathmandu

    written = dates.day(late, language="en", zone=_ZONE, calendars=[OtherCalendar.BIKRAM_SAMBAT])

    assert written == "1 Baisakh 2083 (14 April 2026)"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "2:30 pm"), ("vi", "14:30"), ("ko", "오후 2:30"), ("fil", "2:30 PM"), ("ne", "दिउँसो २:३० बजे")],
)
def test_a_time_is_written_as_its_readers_write_it(language, written):
    assert dates.time(_at(14, 30), language=language, zone=_ZONE) == written


@pytest.mark.parametrize(
    ("hour", "korean", "nepali"),
    [
        (0, "오전 12:05", "राति १२:०५ बजे"),
        (4, "오전 4:05", "बिहान ४:०५ बजे"),
        (11, "오전 11:05", "बिहान ११:०५ बजे"),
        (12, "오후 12:05", "दिउँसो १२:०५ बजे"),
        (17, "오후 5:05", "साँझ ५:०५ बजे"),
        (20, "오후 8:05", "राति ८:०५ बजे"),
    ],
)
def test_the_part_of_the_day_stands_before_the_hour(hour, korean, nepali):
    at = _at(hour, 5)

    assert dates.time(at, language="ko", zone=_ZONE) == korean
    assert dates.time(at, language="ne", zone=_ZONE) == nepali


@pytest.mark.parametrize("language", CHIPS)
def test_a_moment_is_shown_in_the_zone_that_is_handed_in(language):
    late = datetime(2026, 5, 11, 18, 30, tzinfo=UTC)  # 00:15 of the next day in Kathmandu

    assert dates.day(late, language=language, zone=_ZONE) == dates.day(
        _at(0, 15), language=language, zone=_ZONE
    )


@pytest.mark.parametrize("language", CHIPS)
def test_no_two_months_look_alike(language):
    firsts = [datetime(2026, month, 1, 12, tzinfo=_ZONE) for month in range(1, 13)]

    written = {dates.day(first, language=language, zone=_ZONE) for first in firsts}

    assert len(written) == 12
