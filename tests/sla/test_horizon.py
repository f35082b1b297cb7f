"""A promise that reaches beyond the known holidays is told before it is broken."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cps.city.files import read
from cps.city.promise import Promise
from cps.kernel.files import CITIES
from cps.sla.horizon import Beyond, beyond, known_until

ZONE = ZoneInfo("Asia/Kathmandu")


@pytest.fixture(scope="module")
def lalitpur():
    profile, faults = read(CITIES / "lalitpur")
    assert profile is not None, faults
    return profile


def with_promises(profile, promise, until=None):
    categories = tuple(replace(category, promise=promise) for category in profile.categories)
    return replace(profile, categories=categories, calendar=replace(profile.calendar, holidays_until=until))


def at(*parts):
    return datetime(*parts, 10, tzinfo=ZONE)


def test_a_list_that_reaches_farther_than_every_promise_is_no_news(lalitpur):
    assert beyond(lalitpur, at=at(2026, 11, 24)) is None


def test_a_list_compared_up_to_the_end_of_the_year_is_too_short_for_a_promise_of_december(lalitpur):
    profile = with_promises(lalitpur, Promise(10, "calendar_days"), until=date(2026, 12, 31))

    # Twenty days with the extension that may be given.
    assert beyond(profile, at=at(2026, 12, 11)) is None
    assert beyond(profile, at=at(2026, 12, 12)) == Beyond(date(2026, 12, 31), date(2027, 1, 1))


def test_the_extensions_a_city_never_gives_do_not_count(lalitpur):
    profile = with_promises(lalitpur, Promise(10, "calendar_days"), until=date(2026, 12, 31))
    strict = replace(profile, clocks=replace(profile.clocks, extensions=0))

    assert beyond(strict, at=at(2026, 12, 21)) is None
    assert beyond(strict, at=at(2026, 12, 22)) is not None


def test_the_tables_of_a_countrys_own_calendar_end_some_day(lalitpur):
    known = known_until(lalitpur.calendar, 2026)

    assert known is not None
    assert date(2030, 12, 31) <= known < date(2045, 1, 1)  # the package has the Nepali feasts until the 2030s


def test_a_city_without_public_holidays_knows_all_of_them(lalitpur):
    assert known_until(replace(lalitpur.calendar, holidays_of=None), 2026) is None
