"""How reports move: what came in and was closed day by day, and whether what came in went to the right department.

Days are the city's. Reports that were withdrawn or merged need no department's answer: routing leaves them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Date, and_, case, cast, func, or_, select

from cps.city.calendar import Calendar
from cps.complaints.conditions import IS_CLOSED, IS_COUNTED, IS_JUDGED, IS_OPEN, IS_REOPENING
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import ANSWERED, WITHOUT_ANSWER
from cps.kernel.db import db
from cps.sla import hours

DAYS: Final = 28
"""Of so many days arrivals and closures are counted, today included."""
ROUTING_DAYS: Final = 90
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfDay:
    """What happened on a day: how many came in, of them open and closed by now, and how many were closed.

    `closed`: of what is closed now, by the day of its end; what was reopened counts on the day it ends for good.
    """

    day: date
    still_open: int
    ended: int
    closed: int

    @property
    def received(self) -> int:
        """All that came in."""
        return self.still_open + self.ended


@dataclass(frozen=True, slots=True)
class Routing:
    """What became of the reports that a department was the first to have.

    `received`: all of them. `sent_on`: they went to another department, at least once. `returned`: a department gave
    them back. `answered`: resolved or declined now; `right`: of these, never sent on. `ever_answered`: answered now or
    `reopened` since.
    """

    received: int
    sent_on: int
    returned: int
    answered: int
    right: int
    ever_answered: int
    reopened: int

    def __add__(self, other: "Routing") -> "Routing":
        return Routing(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


NO_REPORTS: Final = Routing(0, 0, 0, 0, 0, 0, 0)


def by_day(department_id: int | None, *, now: datetime, calendar: Calendar) -> list[OfDay]:
    """Count arrivals and closures of the last days, each day with its row; None is the whole city."""
    today = hours.local_date(now, calendar)
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    since = datetime.combine(days[0], time(), tzinfo=calendar.zone)
    is_open = func.count().filter(IS_OPEN)
    # What is set aside came in once it is judged.
    arrivals = _by_day(
        *(Complaint.received_at, since, now, calendar, department_id, is_open, func.count()),
        where=IS_JUDGED,
    )
    closures = _by_day(
        Complaint.closed_at, since, now, calendar, department_id, func.count(), where=IS_CLOSED
    )
    found = []
    for day in days:
        still_open, received = arrivals.get(day, (0, 0))
        found.append(OfDay(day, still_open, received - still_open, *closures.get(day, (0,))))
    return found


def routing(department_id: int | None, *, now: datetime, calendar: Calendar) -> dict[int, Routing]:
    """Say for each department what became of the reports of the last 90 days that it was the first to have.

    None is the whole city. Most reports are never sent on and their row tells all; only of the others the first
    event is looked up.
    """
    first_day = hours.local_date(now, calendar) - timedelta(days=ROUTING_DAYS)
    since = datetime.combine(first_day, time(), tzinfo=calendar.zone)
    seen = _seen(since, now, department_id).cte("seen").prefix_with("MATERIALIZED")
    measures = {
        "received": func.count(),
        "sent_on": func.count().filter(seen.c.is_sent_on),
        "returned": func.count().filter(seen.c.is_returned),
        "answered": func.count().filter(seen.c.is_answered),
        "right": func.count().filter(and_(seen.c.is_answered, ~seen.c.is_sent_on)),
        "ever_answered": func.count().filter(or_(seen.c.is_answered, seen.c.is_reopened)),
        "reopened": func.count().filter(seen.c.is_reopened),
    }
    query = select(seen.c.first_id, *(column.label(name) for name, column in measures.items()))
    if department_id is not None:
        query = query.where(seen.c.first_id == department_id)
    rows = db.session.execute(query.group_by(seen.c.first_id))
    return {number: Routing(*counts) for number, *counts in rows}


def was_reopened() -> Any:
    """Say that a report was reopened by itself, not with the one it was merged into."""
    return Complaint.id.in_(select(Event.complaint_id).where(IS_REOPENING, ~Event.details.has_key("lead")))


def _by_day(
    moment: Any,
    since: datetime,
    now: datetime,
    calendar: Calendar,
    department_id: int | None,
    *counts: Any,
    where: Any = None,
) -> Mapping[date, tuple[int, ...]]:
    day = cast(func.timezone(str(calendar.zone), moment), Date).label("day")
    query = select(day, *counts).where(moment >= since, moment <= now).group_by(day)
    if where is not None:
        query = query.where(where)
    if department_id is not None:
        query = query.where(Complaint.department_id == department_id)
    return {found: tuple(numbers) for found, *numbers in db.session.execute(query)}


def _seen(since: datetime, now: datetime, department_id: int | None) -> Any:
    """Ask of each report which department was its first, and what became of it."""
    is_sent_on = Complaint.hops > 0
    first = (
        select(Event.department_id)
        .where(Event.complaint_id == Complaint.id, Event.position == 1)
        .correlate(Complaint)
        .scalar_subquery()
    )
    # Not EXISTS, which is answered by reading all events there are; asked so, it is looked up for the few sent on.
    given_back = (
        select(Event.id)
        .where(Event.complaint_id == Complaint.id, Event.kind == EventKind.RETURNED, IS_COUNTED)
        .limit(1)
        .correlate(Complaint)
        .scalar_subquery()
    )
    query = select(
        case((is_sent_on, first), else_=Complaint.department_id).label("first_id"),
        is_sent_on.label("is_sent_on"),
        and_(is_sent_on, given_back.is_not(None)).label("is_returned"),
        Complaint.status.in_(ANSWERED).label("is_answered"),
        was_reopened().label("is_reopened"),
    ).where(
        Complaint.received_at >= since, Complaint.received_at <= now, Complaint.status.not_in(WITHOUT_ANSWER)
    )
    if department_id is not None:  # what was sent on may have begun here
        query = query.where(or_(Complaint.department_id == department_id, is_sent_on))
    return query
