"""Working time: when the office is open, and when enough of it has passed.

Takes and gives moments with a zone; days and office hours are those of the calendar's zone.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from cps.city.calendar import Calendar
from cps.kernel.errors import Unusable

_LONGEST_CLOSURE_DAYS = 400


def local_date(moment: datetime, calendar: Calendar) -> date:
    """Return the calendar date of a moment where the city is."""
    return moment.astimezone(calendar.zone).date()


def at(day: date, clock_time: time, calendar: Calendar) -> datetime:
    """Return the moment, in UTC, when the city's clocks show this time on this date."""
    return datetime.combine(day, clock_time, tzinfo=calendar.zone).astimezone(UTC)


def closing(day: date, calendar: Calendar) -> datetime:
    """Return when the office closes on a working day, in UTC."""
    return at(day, calendar.hours_of(day)[-1][1], calendar)


def working_days(first: date, calendar: Calendar) -> Iterator[date]:
    """Give every working day from `first` on, for ever; raise Unusable if there are no more."""
    day, closed = first, 0
    while closed < _LONGEST_CLOSURE_DAYS:
        closed += 1
        if calendar.hours_of(day):
            yield day
            closed = 0
        day += timedelta(days=1)
    raise Unusable(f"The calendar has no working day for {closed} days before {day}: see calendar.toml.")


def after(start: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """Return the earliest moment, in UTC, when `length` (> 0) of office time has passed since `start`."""
    left = length
    for opens, closes in _openings(start, calendar):
        open_for = closes - max(opens, start)
        if open_for >= left:
            return max(opens, start).astimezone(UTC) + left
        left -= max(open_for, timedelta())
    raise AssertionError("working days never end")


def _openings(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    for day in working_days(local_date(start, calendar), calendar):
        for opens, closes in calendar.hours_of(day):
            yield at(day, opens, calendar), at(day, closes, calendar)
