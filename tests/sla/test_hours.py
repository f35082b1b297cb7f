"""Counting working time ends with an answer or a sentence, never in an endless search."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.city.calendar import Calendar, WeekPattern
from cps.kernel.errors import Unusable
from cps.sla import hours
from tests.sla.offices import BERLIN, HANOI, KATHMANDU, SEOUL, moment

moments = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def test_working_days_leave_out_weekends_and_holidays():
    days = hours.working_days(date(2026, 4, 29), HANOI)

    assert [next(days) for _ in range(3)] == [date(2026, 4, 29), date(2026, 5, 4), date(2026, 5, 5)]


def test_an_office_that_never_opens_is_the_operators_fault():
    closed = Calendar("Asia/Ho_Chi_Minh", None, (WeekPattern(date(2000, 1, 1), None, ((),) * 7),))

    with pytest.raises(Unusable, match="no working day"):
        next(hours.working_days(date(2026, 1, 1), closed))


def test_an_office_closes_at_the_end_of_its_last_hours():
    assert hours.closing(date(2026, 3, 9), HANOI) == moment(HANOI, 2026, 3, 9, 17)


@given(moments, st.integers(1, 5000), st.sampled_from((HANOI, SEOUL, KATHMANDU, BERLIN)))
def test_going_forth_and_back_and_measuring_agree(start, minutes, calendar):
    length = timedelta(minutes=minutes)

    end = hours.after(start, length, calendar)

    assert hours.between(start, end, calendar) == length
    assert hours.between(hours.before(end, length, calendar), end, calendar) == length
    assert hours.before(end, length, calendar) >= start


def test_measuring_backwards_is_negative():
    morning, evening = moment(HANOI, 2026, 3, 9, 8), moment(HANOI, 2026, 3, 9, 17)

    assert hours.between(morning, evening, HANOI) == timedelta(hours=8)
    assert hours.between(evening, morning, HANOI) == -timedelta(hours=8)


def test_days_are_counted_with_the_first_or_without():
    friday, monday = date(2026, 3, 13), date(2026, 3, 16)

    assert hours.working_day_after(friday, 1, HANOI) == monday
    assert hours.working_day_after(friday, 1, HANOI, first_counted=True) == friday
    assert hours.working_day_before(monday, 1, HANOI) == friday
    assert hours.working_day_before(monday, 1, HANOI, last_counted=True) == monday
    assert hours.working_days_between(friday, monday, HANOI) == 1
    assert hours.working_days_between(friday, monday, HANOI, first_counted=True) == 2


def test_an_office_open_at_night_loses_the_hour_that_clocks_skip():
    week = WeekPattern(date(2000, 1, 1), None, (((time(1), time(5)),),) * 7)
    night = Calendar("Europe/Berlin", None, (week,))

    assert hours.openings(date(2026, 3, 29), night)[0] == (
        datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 3, 0, tzinfo=UTC),
    )
    assert sum((b - a for a, b in hours.openings(date(2026, 10, 25), night)), timedelta()) == timedelta(
        hours=5
    )


def test_an_office_that_opens_in_the_skipped_hour_opens_when_it_is_over():
    week = WeekPattern(date(2000, 1, 1), None, (((time(2, 30), time(5)),),) * 7)

    assert hours.openings(date(2026, 3, 29), Calendar("Europe/Berlin", None, (week,)))[0][0] == datetime(
        2026, 3, 29, 1, 0, tzinfo=UTC
    )
