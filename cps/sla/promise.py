"""By when a promise is due; pure.

The count follows the city's calendar: its zone decides which day a report came in, its office hours
which days and hours count.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from cps.city.calendar import Calendar
from cps.city.profile import Promise
from cps.sla import hours

_LAST_MINUTE = time(23, 59)


def due(promise: Promise, received_at: datetime, calendar: Calendar) -> datetime:
    """Return when a promise given at `received_at` (with a zone) is due, in UTC.

    Working days: the day of receipt is not counted, whatever the hour; due when the office closes on
    the last day. Calendar days: due at 23:59 of the last. Working hours: when as much office time has
    passed. Hours: lived hours.
    """
    if promise.unit == "hours":
        return received_at.astimezone(UTC) + timedelta(hours=promise.count)
    if promise.unit == "working_hours":
        return hours.after(received_at, timedelta(hours=promise.count), calendar)
    received_on = hours.local_date(received_at, calendar)
    if promise.unit == "calendar_days":
        return hours.at(received_on + timedelta(days=promise.count), _LAST_MINUTE, calendar)
    return _end_of_working_days(promise.count, received_on, calendar)


@lru_cache(maxsize=4096)
def _end_of_working_days(count: int, received_on: date, calendar: Calendar) -> datetime:
    days = hours.working_days(received_on + timedelta(days=1), calendar)
    return hours.closing(next(islice(days, count - 1, None)), calendar)
