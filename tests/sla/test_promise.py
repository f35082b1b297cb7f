"""Promises are due when the law and the calendar say, never earlier for a later report."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.city.promise import PERIODS, UNITS, Promise
from cps.sla.promise import due
from tests.sla.offices import BERLIN, HANOI, KATHMANDU, SEOUL, moment

CALENDARS = (HANOI, SEOUL, KATHMANDU, BERLIN)


@pytest.mark.parametrize(
    ("promise", "received", "expected"),
    [
        ("3 working days", (2026, 3, 9, 14), (2026, 3, 12, 17)),
        ("1 working day", (2026, 3, 13, 7), (2026, 3, 16, 17)),
        ("1 working day", (2026, 3, 13, 23, 30), (2026, 3, 16, 17)),
        ("1 working day", (2026, 3, 14, 12), (2026, 3, 16, 17)),
        ("1 working day", (2025, 12, 31, 9), (2026, 1, 5, 17)),  # 1 January is a holiday, the 2nd a closure
        ("5 working days", (2026, 1, 4, 9), (2026, 1, 9, 17)),
        ("6 working days", (2026, 1, 4, 9), (2026, 1, 10, 17)),  # the Saturday worked in place of the 2nd
        ("1 working day", (2026, 2, 13, 9), (2026, 2, 23, 17)),  # Tết
        ("3 working days", (2026, 12, 28, 9), (2026, 12, 31, 12)),  # a half day closes at noon
        ("8 working hours", (2026, 3, 13, 15), (2026, 3, 16, 15)),
        ("4 working hours", (2026, 3, 13, 8), (2026, 3, 13, 12)),
        ("4 working hours", (2026, 3, 13, 12), (2026, 3, 13, 17)),
        ("1 working hour", (2026, 3, 13, 17), (2026, 3, 16, 9)),
        ("2 calendar days", (2026, 2, 27, 9), (2026, 3, 1, 23, 59)),
        ("24 hours", (2026, 3, 13, 15), (2026, 3, 14, 15)),
    ],
)
def test_hanoi_answers_by(promise, received, expected):
    assert due(Promise.parse(promise), moment(HANOI, *received), HANOI) == moment(HANOI, *expected)


@pytest.mark.parametrize(
    ("promise", "received", "expected"),
    [
        ("24 working hours", (2026, 3, 9, 14), (2026, 3, 12, 14)),
        ("24 working hours", (2026, 2, 13, 17), (2026, 2, 23, 17)),  # over Seollal
        ("3 working hours", (2026, 3, 13, 16, 30), (2026, 3, 16, 10, 30)),
        ("8 working hours", (2026, 3, 9, 14), (2026, 3, 10, 14)),
        ("6 working days", (2026, 3, 9, 14), (2026, 3, 17, 18)),  # seven with the first day counted
    ],
)
def test_seoul_answers_by(promise, received, expected):
    assert due(Promise.parse(promise), moment(SEOUL, *received), SEOUL) == moment(SEOUL, *expected)


def test_kathmandu_rests_on_saturday_and_closes_early_on_friday():
    three_hours, one_day = Promise(3, "working_hours"), Promise(1, "working_days")

    assert due(three_hours, moment(KATHMANDU, 2026, 11, 20, 14, 30), KATHMANDU) == moment(
        KATHMANDU, 2026, 11, 22, 12, 30
    )
    assert due(one_day, moment(KATHMANDU, 2026, 11, 19, 9), KATHMANDU) == moment(KATHMANDU, 2026, 11, 20, 15)


def test_the_citys_date_of_receipt_decides_whatever_zone_the_receipt_is_written_in():
    sunday_evening_in_utc = datetime(2026, 3, 8, 18, 0, tzinfo=UTC)  # one o'clock on Monday in Hanoi

    answer = due(Promise(1, "working_days"), sunday_evening_in_utc, HANOI)

    assert answer == moment(HANOI, 2026, 3, 10, 17)
    assert answer.tzinfo is UTC


def test_hours_are_lived_hours_when_clocks_change():
    before_summer_time = moment(BERLIN, 2026, 3, 28, 12)

    assert due(Promise(24, "hours"), before_summer_time, BERLIN) == moment(BERLIN, 2026, 3, 29, 13)
    assert due(Promise(1, "working_days"), before_summer_time, BERLIN) == moment(BERLIN, 2026, 3, 30, 17)


promises = st.builds(Promise, st.integers(1, 40), st.sampled_from(UNITS))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(promises, moments, st.timedeltas(timedelta(), timedelta(days=20)), st.sampled_from(CALENDARS))
def test_a_later_report_is_never_due_earlier(promise, received, wait, calendar):
    assert due(promise, received, calendar) <= due(promise, received + wait, calendar)


@given(promises, moments, st.sampled_from(CALENDARS))
def test_a_longer_promise_is_never_due_earlier(promise, received, calendar):
    longer = Promise(promise.count + 1, promise.unit)

    earlier, later = due(promise, received, calendar), due(longer, received, calendar)

    # Over the nine days of a Tết, the last days of two weeks in a row move on to the same working day.
    assert received < earlier <= later if promise.unit in PERIODS else received < earlier < later


@given(st.integers(1, 40), moments, st.sampled_from(CALENDARS))
def test_working_time_ends_while_the_office_is_open_or_closing(count, received, calendar):
    for unit in ("working_days", "working_hours"):
        local = due(Promise(count, unit), received, calendar).astimezone(calendar.zone)
        at = local.time().replace(tzinfo=None)

        assert any(opens < at <= closes for opens, closes in calendar.hours_of(local.date()))


@given(st.integers(1, 20), moments, st.sampled_from(CALENDARS))
def test_as_many_working_days_lie_after_receipt_as_were_promised(count, received, calendar):
    received_on = received.astimezone(calendar.zone).date()
    due_on = due(Promise(count, "working_days"), received, calendar).astimezone(calendar.zone).date()

    days = (received_on + timedelta(days=n) for n in range(1, (due_on - received_on).days + 1))
    assert sum(1 for day in days if calendar.hours_of(day)) == count
