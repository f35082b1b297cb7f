"""What lies before an official on a morning: overdue, due today and in the next days, new, answered, asked by others.

Everything is counted by the database over the indexes of open work; no more rows are read than a mail shows.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, select
from sqlalchemy.orm import aliased

from cps.city.calendar import Calendar
from cps.complaints.attached import IS_ASKED, Subtask
from cps.complaints.conditions import IS_ASIDE, IS_IN, IS_OPEN, IS_OVERLOOKING
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.people.models import Person
from cps.sla import hours

_DAYS_AHEAD = 2
_RUNS = and_(IS_OPEN, IS_IN, Complaint.status != Status.WAITING)
_Scope = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Horizon:
    """The moments that part the work of a morning: now, the end of today, the end of the second working day after."""

    now: datetime
    today_ends: datetime
    soon_ends: datetime
    last_day: date


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reports are overdue, due today, due on the next two working days, new, and answered by the citizen.

    `replies`: how many questions of other departments are due within the horizon or overdue.
    `aside`: what is set aside and waits to be judged, for heads and coordinators. `overlooked`: what nobody has opened
    for more than a working day, for them too.
    """

    overdue: int = 0
    today: int = 0
    soon: int = 0
    new: int = 0
    answered: int = 0
    replies: int = 0
    aside: int = 0
    overlooked: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not any(astuple(self))


def horizon(now: datetime, calendar: Calendar) -> Horizon:
    """Return what today and the next working days are at this moment, where the city is."""
    today = hours.local_date(now, calendar)
    last_day = hours.working_day_after(today, _DAYS_AHEAD, calendar)
    return Horizon(now, _end(today, calendar), _end(last_day, calendar), last_day)


def of_handler(person: Person, until: Horizon) -> Counts:
    """Count what one official handles; new and asked are the department's, whoever takes them."""
    new = _counted(Complaint.department_id == person.department_id, until).new
    return replace(handled_by(person, until), new=new, replies=_owed_by(person.department_id, until))


def handled_by(person: Person, until: Horizon) -> Counts:
    """Count what one official handles, and nothing of the department's."""
    theirs = Complaint.assignee_id == person.id
    own = _counted(theirs, until)
    return Counts(own.overdue, own.today, own.soon, answered=_answered(theirs))


def of_department(department_id: int, until: Horizon) -> Counts:
    """Count the work of a department."""
    scope = Complaint.department_id == department_id
    return replace(_counted(scope, until), answered=_answered(scope), replies=_owed_by(department_id, until))


def by_department(until: Horizon) -> list[tuple[int, Counts]]:
    """Count the work of each department that has any, the most overdue first."""
    rows = db.session.execute(
        select(Complaint.department_id, *_columns(until)).where(IS_OPEN).group_by(Complaint.department_id)
    )
    found = {int(number): _counts(counted) for number, *counted in rows}
    for number, replies in _replies_by_department(until):
        found[number] = replace(found.get(number, Counts()), replies=replies)
    busy = [(number, counts) for number, counts in found.items() if not counts.is_nothing]
    return sorted(busy, key=lambda row: (-row[1].overdue, -row[1].new, row[0]))


def nearest_of_handler(person: Person, until: Horizon, *, most: int) -> Sequence[Complaint]:
    """Return what one official handles that is due within the horizon, the longest overdue first."""
    return _nearest(Complaint.assignee_id == person.id, until, most)


def nearest_of_department(department_id: int, until: Horizon, *, most: int) -> Sequence[Complaint]:
    """Return what a department has that is due within the horizon, the longest overdue first."""
    return _nearest(Complaint.department_id == department_id, until, most)


def replies_of(department_id: int, until: Horizon, *, most: int) -> Sequence[Row[Complaint, datetime]]:
    """Return the reports a department is asked about, with by when, if that is within the horizon; nearest first."""
    query = select(Complaint, Subtask.reply_by).join(Subtask, Subtask.complaint_id == Complaint.id)
    owed = query.where(Subtask.department_id == department_id, _due_replies(until))
    return db.session.execute(owed.order_by(Subtask.reply_by, Subtask.id).limit(most)).all()


def _end(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=calendar.zone)


def _columns(until: Horizon) -> list[Any]:
    due = Complaint.due_at
    is_told = exists().where(Event.complaint_id == Complaint.id, IS_OVERLOOKING)
    conditions = (
        and_(_RUNS, due < until.now),
        and_(_RUNS, due >= until.now, due < until.today_ends),
        and_(_RUNS, due >= until.today_ends, due < until.soon_ends),
        and_(IS_IN, Complaint.status == Status.RECEIVED),
        IS_ASIDE,
        and_(Complaint.seen_at.is_(None), is_told),
    )
    return [func.count().filter(condition) for condition in conditions]


def _counted(scope: _Scope, until: Horizon) -> Counts:
    return _counts(db.session.execute(select(*_columns(until)).where(IS_OPEN, scope)).one())


def _counts(row: Sequence[int]) -> Counts:
    overdue, today, soon, new, aside, overlooked = row
    return Counts(overdue, today, soon, new, aside=aside, overlooked=overlooked)


def _answered(scope: _Scope) -> int:
    """Count what a citizen answered and no official has touched since."""
    later = aliased(Event)
    touched = exists().where(
        later.complaint_id == Event.complaint_id, later.position > Event.position, later.by_id.is_not(None)
    )
    worked_on = select(Complaint.id).where(IS_OPEN, IS_IN, Complaint.status == Status.IN_PROGRESS, scope)
    query = select(func.count(Event.complaint_id.distinct())).where(
        Event.kind == EventKind.ANSWERED, Event.complaint_id.in_(worked_on), ~touched
    )
    return db.session.scalars(query).one()


def _nearest(scope: _Scope, until: Horizon, most: int) -> Sequence[Complaint]:
    query = select(Complaint).where(_RUNS, scope, Complaint.due_at < until.soon_ends)
    return db.session.scalars(query.order_by(Complaint.due_at, Complaint.id).limit(most)).all()


def _due_replies(until: Horizon) -> ColumnElement[bool]:
    return and_(IS_ASKED, Subtask.reply_by < until.soon_ends)


def _owed_by(department_id: int | None, until: Horizon) -> int:
    query = select(func.count(Subtask.id)).where(Subtask.department_id == department_id, _due_replies(until))
    return db.session.scalars(query).one()


def _replies_by_department(until: Horizon) -> Sequence[Row[int, int]]:
    query = select(Subtask.department_id, func.count(Subtask.id)).where(_due_replies(until))
    return db.session.execute(query.group_by(Subtask.department_id)).all()
