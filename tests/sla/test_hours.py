"""Counting working time ends with an answer or a sentence, never in an endless search."""

from datetime import date

import pytest

from cps.city.calendar import Calendar, WeekPattern
from cps.kernel.errors import Unusable
from cps.sla import hours
from tests.sla.offices import HANOI, moment


def test_working_days_leave_out_weekends_and_holidays():
    days = hours.working_days(date(2026, 4, 29), HANOI)

    assert [next(days) for _ in range(3)] == [date(2026, 4, 29), date(2026, 5, 4), date(2026, 5, 5)]


def test_an_office_that_never_opens_is_the_operators_fault():
    closed = Calendar("Asia/Ho_Chi_Minh", None, (WeekPattern(date(2000, 1, 1), None, ((),) * 7),))

    with pytest.raises(Unusable, match="no working day"):
        next(hours.working_days(date(2026, 1, 1), closed))


def test_an_office_closes_at_the_end_of_its_last_hours():
    assert hours.closing(date(2026, 3, 9), HANOI) == moment(HANOI, 2026, 3, 9, 17)
