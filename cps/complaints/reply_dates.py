"""By when another department's reply is due: within the report's own deadline, while there is one that is not over.

A reply date is counted from what was typed, so many working days or a day, which the events keep. So it can
be counted again when the calendar changes, and comes out the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from cps.city import queries as city
from cps.city.calendar import Calendar
from cps.city.promise import Promise
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.errors import Invalid
from cps.kernel.text import Text, _, _n
from cps.sla import hours, promise

MOST_DAYS_AFTER_DEADLINE: Final = 10
"""Working days from now on within which a reply is due when the report's own deadline says nothing any more."""
_MOST_DAYS = 366
_AT_LEAST_ONE = _("Write how many working days, or choose a date.")
_TOO_EARLY = _("The reply cannot be due in the past.")
_TOO_LATE = _("The reply must be due before the report itself is.")
_MUCH_TOO_LATE = _n(
    "The reply must be due within %(num)s working day.",
    "The reply must be due within %(num)s working days.",
    MOST_DAYS_AFTER_DEADLINE,
)
_CLOSED_DAY = _("The office is closed on that day.")


@dataclass(frozen=True, slots=True)
class Room:
    """Until when a reply can be due, in UTC; `is_within` the report's own deadline, which is over otherwise."""

    until: datetime
    is_within: bool

    @property
    def fault(self) -> Text:
        """Say what is wrong with a later date."""
        return _TOO_LATE if self.is_within else _MUCH_TOO_LATE


@dataclass(frozen=True, slots=True)
class ReplyDate:
    """By when a reply is due, in UTC; `days`: of how many working days it was counted, None for a day that was chosen."""

    moment: datetime
    days: int | None = None


def room(complaint: Complaint) -> Room:
    """Return until when a reply about the complaint can be due now."""
    now = clock.now()
    if now < complaint.due_at:
        return Room(complaint.due_at, is_within=True)
    return Room(
        _working_days(MOST_DAYS_AFTER_DEADLINE, now, city.in_force().profile.calendar), is_within=False
    )


def faults(complaint: Complaint, reply_by: datetime) -> dict[str, Text]:
    """Say what is wrong with a reply date; nothing if it lies between now and the end of the room."""
    if reply_by <= clock.now():
        return {"reply_by": _TOO_EARLY}
    there_is = room(complaint)
    return {"reply_by": there_is.fault} if reply_by > there_is.until else {}


def end_of(day: date, complaint: Complaint) -> ReplyDate:
    """Return when the office closes that day; raise Invalid (field `reply_by`) if that is no day for a reply."""
    calendar, there_is = city.in_force().profile.calendar, room(complaint)
    if day < hours.local_date(clock.now(), calendar):
        raise Invalid({"reply_by": _TOO_EARLY})
    if day > hours.local_date(there_is.until, calendar):
        raise Invalid({"reply_by": there_is.fault})
    if not calendar.hours_of(day):
        raise Invalid({"reply_by": _CLOSED_DAY})
    return ReplyDate(hours.closing(day, calendar))


def after_working_days(count: int, *, since: datetime) -> ReplyDate:
    """Return the end of the last of so many working days; raise Invalid (field `reply_by`) for none."""
    if not 1 <= count <= _MOST_DAYS:
        raise Invalid({"reply_by": _AT_LEAST_ONE})
    return ReplyDate(_working_days(count, since, city.in_force().profile.calendar), days=count)


def most_working_days(complaint: Complaint, *, since: datetime) -> int:
    """Return how many working days from `since` on there are for a reply about the complaint; perhaps none."""
    calendar, until = city.in_force().profile.calendar, room(complaint).until
    first, last = hours.local_date(since, calendar), hours.local_date(until, calendar)
    most = min(hours.working_days_between(first, last, calendar), _MOST_DAYS)
    is_beyond = most > 0 and _working_days(most, since, calendar) > until
    return most - 1 if is_beyond else most


def as_details(reply_by: ReplyDate, complaint: Complaint) -> dict[str, Any]:
    """Return what an event keeps of it beside the moment, so that it can be counted again."""
    return {"days": reply_by.days, "is_within": room(complaint).is_within}


def counted_again(
    asked_at: datetime, turns: Iterable[tuple[EventKind, dict[str, Any]]], calendar: Calendar
) -> datetime:
    """Count a reply date anew, in UTC, from the question and perhaps its extension; `turns` oldest first.

    Working days are counted on from where the last count ended; a day that was chosen and is closed by now
    moves to the next working day.
    """
    reply_by = asked_at
    for kind, details in turns:
        if days := details.get("days"):
            reply_by = _working_days(days, reply_by, calendar)
        else:
            chosen = details["reply_by" if kind is EventKind.CONTRIBUTION_ASKED else "new"]
            day = hours.local_date(datetime.fromisoformat(chosen), calendar)
            reply_by = hours.closing(next(hours.working_days(day, calendar)), calendar)
    return reply_by


def _working_days(count: int, since: datetime, calendar: Calendar) -> datetime:
    return promise.due(Promise(count, "working_days"), since, calendar)
