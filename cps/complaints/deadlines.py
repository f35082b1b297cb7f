"""By when a complaint is owed an answer: the promise of its category, counted by `sla`.

Time spent waiting for the citizen is not counted: every day the wait touches is left out.
"""

from datetime import datetime, timedelta

from cps.city.calendar import Calendar
from cps.city.promise import Promise
from cps.sla import promise as sla


def promised(promise: Promise, *, received_at: datetime, calendar: Calendar) -> datetime:
    """Return when the answer is due, in UTC."""
    return sla.due(promise, received_at, calendar)


def after_waiting(
    promise: Promise,
    *,
    received_at: datetime,
    days_waited: int,
    due_at: datetime,
    since: datetime,
    until: datetime,
    calendar: Calendar,
) -> tuple[int, datetime]:
    """Return the days waited in all and the new due time, after a wait from `since` to `until`.

    A wait that began when the answer was already due changes nothing.
    """
    if since >= due_at:
        return days_waited, due_at
    if promise.unit != "working_days":
        return days_waited, due_at + (until - since)
    waited = days_waited + _working_days_touched(since, until, calendar)
    longer = Promise(count=promise.count + waited, unit=promise.unit)
    return waited, sla.due(longer, received_at, calendar)


def _working_days_touched(since: datetime, until: datetime, calendar: Calendar) -> int:
    first, last = since.astimezone(calendar.zone).date(), until.astimezone(calendar.zone).date()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(1 for day in days if calendar.hours_of(day))
