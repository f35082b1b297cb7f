"""The day on which the work is planned or somebody comes: told to citizens, beside status and deadline, which it leaves alone.

Of an open report it stands in `planned_from` and `planned_until`, which are the same for one day. Another department
and another round plan anew. When the last day is over and the report still open, its handler hears of it once.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from cps.city import queries as city
from cps.city.calendar import Calendar
from cps.city.promise import Promise
from cps.complaints import deadlines, escalation, extending, history, lifecycle, reviews
from cps.complaints.conditions import MOST_PLANNED_DAYS
from cps.complaints.deadlines import Turn
from cps.complaints.escalation import Listeners
from cps.complaints.kinds import EventKind
from cps.complaints.lifecycle import ImpossibleMove
from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import Text, _, _n
from cps.people.models import Person
from cps.sla import hours, promise

MOST_WORKING_DAYS: Final = 60
"""From today on within which something is planned where the deadline sets no limit: it is over, or stands still."""
# Who turns the worker on after a long time is not drowned in mail about the past.
_WORTH_A_MAIL: Final = timedelta(days=7)
_ONE_DAY: Final = timedelta(days=1)


def plan(complaint: Complaint, *, by: Person, first: date, last: date, note: str = "") -> Event:
    """Say on which day, or from which to which, the work will be done; `note` is for the citizen, who is told at once.

    A day that was planned before is replaced. It moves no deadline, and goes beyond it only once that is over.
    """
    if not complaint.status.is_open:
        raise ImpossibleMove(complaint)
    reviews.expect_other(complaint, by)
    faults = _faults(complaint, first, last, note)
    if faults:
        raise Invalid(faults)
    details = {"first": first.isoformat(), "last": last.isoformat()}
    if complaint.planned != (first, last):
        details |= _old(complaint)
    complaint.planned_from, complaint.planned_until = first, last
    lifecycle.take_on(complaint)
    return history.record(complaint, EventKind.PLANNED, by=by, at=clock.now(), note=note, details=details)


def unplan(complaint: Complaint, *, by: Person, reason: str) -> Event:
    """Take back the day for which the work is planned, with a `reason` for the citizen, who is told at once."""
    if not may_be_unplanned(complaint):
        raise Refused(_("No day is planned."))
    reviews.expect_other(complaint, by)
    lifecycle.require("reason", reason, _("Write why it is not done on that day. The citizen will see this."))
    details = _old(complaint)
    complaint.planned_from = complaint.planned_until = None
    return history.record(complaint, EventKind.UNPLANNED, by=by, at=clock.now(), note=reason, details=details)


def may_be_unplanned(complaint: Complaint) -> bool:
    """Whether there is a planned day to take back."""
    return complaint.status.is_open and complaint.planned is not None


def is_limited(complaint: Complaint) -> bool:
    """Whether nothing can be planned for later than the deadline: as long as it runs and is not over."""
    return complaint.standing_since is None and clock.now() <= complaint.due_at


def latest_day(complaint: Complaint) -> date:
    """Return the last day that can be planned for."""
    calendar = city.in_force().profile.calendar
    if is_limited(complaint):
        return hours.local_date(complaint.due_at, calendar)
    return hours.local_date(
        promise.due(Promise(MOST_WORKING_DAYS, "working_days"), clock.now(), calendar), calendar
    )


def closed_days(first: date, last: date) -> list[date]:
    """Return which of both days the offices are closed on; whoever goes out then says so."""
    calendar = city.in_force().profile.calendar
    return [day for day in sorted({first, last}) if not calendar.hours_of(day)]


def is_missed(complaint: Complaint, turns: Sequence[Turn]) -> bool:
    """Whether its handler is to hear now that a planned day is over; `turns` is the history, oldest first."""
    moment = missed_at(complaint.planned_until, turns, city.in_force().profile.calendar)
    return complaint.status.is_open and moment is not None and moment <= clock.now()


def missed_at(last: date | None, turns: Sequence[Turn], calendar: Calendar) -> datetime | None:
    """Return when the offices open after the `last` planned day; None if there is none, or its handler heard of it."""
    if last is None or _has_heard(turns):
        return None
    midnight = datetime.combine(last + _ONE_DAY, datetime.min.time(), tzinfo=calendar.zone)
    return hours.opening(midnight, calendar)


def tell_missed(complaint: Complaint) -> Event:
    """Let its handler hear that it was planned for a day that is over, and is not done."""
    now, last = clock.now(), complaint.planned_until
    assert last is not None
    moment = missed_at(last, (), city.in_force().profile.calendar)
    is_news = moment is not None and now - moment <= _WORTH_A_MAIL
    told = escalation.listeners(complaint, "handler") if is_news else Listeners()
    details = {"last": last.isoformat(), **told.as_details()}
    return history.record(
        complaint, EventKind.PLAN_MISSED, by=None, at=now, is_internal=True, details=details
    )


def _old(complaint: Complaint) -> dict[str, str]:
    """Return for an event the days that are planned until then, if there are any."""
    return dict(zip(("old_first", "old_last"), map(date.isoformat, complaint.planned or ()), strict=False))


def _has_heard(turns: Sequence[Turn]) -> bool:
    kinds = [turn.kind for turn in turns if turn.kind in (EventKind.PLANNED, EventKind.PLAN_MISSED)]
    return bool(kinds) and kinds[-1] is EventKind.PLAN_MISSED


def _faults(complaint: Complaint, first: date, last: date, note: str) -> dict[str, Text]:
    if first < hours.local_date(clock.now(), city.in_force().profile.calendar):
        return {"first": _("This day is over. Choose today or a later day.")}
    if last < first:
        return {"last": _("The last day comes before the first.")}
    if (last - first).days >= MOST_PLANNED_DAYS:  # who is told a month is told nothing
        return {
            "last": _("From the first to the last day it is at most %(most)s days.", most=MOST_PLANNED_DAYS)
        }
    if last > latest_day(complaint):
        return {"first" if first == last else "last": _too_late(complaint)}
    if complaint.planned == (first, last) and not note.strip():
        return {"first": _("It is planned for this day already.")}
    return {}


def _too_late(complaint: Complaint) -> Text:
    if not is_limited(complaint):
        return _n(
            "Choose a day within %(num)s working day.",
            "Choose a day within %(num)s working days.",
            MOST_WORKING_DAYS,
        )
    given = deadlines.times_extended(history.turns(complaint))
    if extending.may_be_extended(complaint) and given < city.in_force().profile.clocks.extensions:
        return _("This day is after the deadline. Extend the deadline first, then plan it.")
    return _("This day is after the deadline, which cannot be extended again. Choose an earlier one.")
