"""How many reports each view of an official's queue holds: one question, answered from the indexes of open work."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Date, Engine, bindparam, func, null, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from cps.complaints import planned
from cps.complaints.attached import IS_ASKED, Subtask
from cps.complaints.conditions import IS_OPEN
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.views import Day, View, concerns, condition
from cps.kernel.db import db
from cps.people.models import Leave, Person

# What is open is counted in one go along the order of the queue; these few have indexes of their own.
_AT_ONCE = (View.OPEN, View.NEW, View.UNSEEN, View.TODAY, View.OVERDUE, View.WAITING)
_APART = (View.TRANSFERS, View.RETURNED, View.DISPUTED, View.REVIEW, View.ALARM, View.ASIDE)
_SHARED = (*_AT_ONCE, *_APART, View.ASKED)
_SECONDS_KEPT: Final = 10.0
_LAST = select(func.max(Event.id)).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Absence:
    """That an official is away today: who, up to which day, and how many open reports they have."""

    number: int
    name: str
    last_day: date
    reports: int


@dataclass(frozen=True)
class Counts:
    """How many reports are in each view; `until` is the last thing that had happened in the city by then.

    `away`: for whom this official stands in today, and their own leave, if they are on one.
    `failed_on`: the day of a reorganisation that could not be carried out, as only who looks after the city is told.
    """

    of: Mapping[View, int]
    until: int
    away: Sequence[Absence]
    failed_on: date | None


# What brings a report into somebody's view.
_ARRIVALS = (
    EventKind.RECEIVED,
    EventKind.TRANSFERRED,
    EventKind.RETURNED,
    EventKind.DECIDED,
    EventKind.REOPENED,
    EventKind.ASSIGNED,
    EventKind.ANSWERED,
    EventKind.CONTRIBUTION_ASKED,
    EventKind.SET_ASIDE,
    EventKind.LET_IN,
)


@dataclass(frozen=True)
class _Kept:
    """What was counted of a whole city, and at which second of the machine's clock."""

    at: float
    numbers: Sequence[Any]


_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def counted(person: Person, *, day: Day) -> Counts:
    """Count what this official sees in each view; what is closed is not counted, for it only grows.

    The numbers of the whole city are the same for everybody who looks after it, and are at most ten seconds old.
    """
    bound, kept = _bound(person, day), _kept() if person.reads_city else None
    if kept is not None:
        return _counts(kept.numbers, *db.session.execute(_own(), bound).one())
    *numbers, mine, until, away = db.session.execute(_statement(is_city_wide=person.reads_city), bound).one()
    if person.reads_city:
        _KEPT[db.engine] = _Kept(time.monotonic(), numbers)
    return _counts(numbers, mine, until, away)


def forget() -> None:
    """Count all anew the next time."""
    _KEPT.clear()


def _kept() -> _Kept | None:
    kept = _KEPT.get(db.engine)
    return kept if kept is not None and time.monotonic() - kept.at < _SECONDS_KEPT else None


def _counts(numbers: Sequence[Any], mine: int, until: int | None, away: Sequence[Any] | None) -> Counts:
    *shared, failed_on = numbers
    absences = [
        Absence(number, name, date.fromisoformat(day), reports) for number, name, day, reports in away or ()
    ]
    of = {**dict(zip(_SHARED, shared, strict=True)), View.MINE: mine}
    return Counts(of, until or 0, absences, failed_on)


def arrived(person: Person, view: View, *, day: Day, since: int) -> int:
    """Count what came into a view of this official after that event, by others; nothing comes into what is closed."""
    if view in (View.CLOSED, View.ASKED):
        return 0
    news = select(Event.complaint_id).where(
        Event.id > since, Event.kind.in_(_ARRIVALS), or_(Event.by_id.is_(None), Event.by_id != person.id)
    )
    query = select(func.count(Complaint.id)).where(Complaint.id.in_(news), condition(view))
    if not person.reads_city:
        query = query.where(concerns(view))
    return db.session.scalars(query, _bound(person, day)).one()


def _bound(person: Person, day: Day) -> dict[str, Any]:
    return {
        "department": person.department_id,
        "person": person.id,
        "now": day.now,
        "day_ends": day.ends,
        "today": day.today,
    }


@lru_cache(maxsize=2)
def _statement(*, is_city_wide: bool) -> Any:
    at_once = [func.count().filter(condition(view)) for view in _AT_ONCE]
    apart = [_alone(view, is_city_wide=is_city_wide) for view in _APART]
    failed = planned.day_that_failed() if is_city_wide else null()
    shared = [*at_once, *apart, _questions(is_city_wide=is_city_wide), failed]
    own = _columns_of_own(is_city_wide=is_city_wide)
    query = select(*shared, *own).where(IS_OPEN)
    return query if is_city_wide else query.where(concerns(View.OPEN))


@lru_cache(maxsize=1)
def _own() -> Any:
    return select(*_columns_of_own(is_city_wide=True))


def _columns_of_own(*, is_city_wide: bool) -> list[Any]:
    return [_alone(View.MINE, is_city_wide=True), _LAST, _absences(is_city_wide=is_city_wide)]


def _alone(view: View, *, is_city_wide: bool) -> Any:
    query = select(func.count(Complaint.id)).where(condition(view))
    if not is_city_wide:
        query = query.where(concerns(view))
    return query.correlate(None).scalar_subquery()


def _absences(*, is_city_wide: bool) -> Any:
    """List, as the columns of `Absence`, who is away of those this official stands in for, and they themselves."""
    theirs = select(func.count(Complaint.id)).where(
        Complaint.assignee_id == Leave.person_id, condition(View.OPEN)
    )
    if not is_city_wide:
        theirs = theirs.where(concerns(View.OPEN))
    counted = theirs.correlate(Leave).scalar_subquery()
    row = func.jsonb_build_array(Leave.person_id, Person.name, Leave.last_day, counted)
    concerned = or_(Leave.cover_id == bindparam("person"), Leave.person_id == bindparam("person"))
    query = (
        select(func.jsonb_agg(aggregate_order_by(row, Person.name, Leave.id)))
        .select_from(Leave)
        .join(Person, Person.id == Leave.person_id)
        .where(Leave.is_on(bindparam("today", type_=Date())), concerned, Person.is_active)
    )
    return query.correlate(None).scalar_subquery()


def _questions(*, is_city_wide: bool) -> Any:
    query = select(func.count(Subtask.id)).where(IS_ASKED)
    if not is_city_wide:
        query = query.where(Subtask.department_id == bindparam("department"))
    return query.scalar_subquery()
