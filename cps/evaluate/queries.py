"""Counting reports for the measures: each question reads the reports once, for all groupings together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, cast, func, or_, select, tuple_
from sqlalchemy.types import Date

from cps.complaints.conditions import IS_JUDGED, IS_OPEN
from cps.complaints.flows import was_reopened
from cps.complaints.models import Complaint
from cps.complaints.status import ANSWERED, WITHOUT_ANSWER
from cps.evaluate.measures import Share, Tally
from cps.kernel.db import db

_DAY_SECONDS = 86_400
SOON_DAYS = 30
# What is set aside counts once it is judged.
_COUNTS = and_(Complaint.status.not_in(WITHOUT_ANSWER), IS_JUDGED)
_RUNS = and_(IS_OPEN, Complaint.waiting_since.is_(None), Complaint.paused_since.is_(None))


class By(StrEnum):
    """What reports are told apart by."""

    DEPARTMENT = "department"
    AREA = "area"
    CATEGORY = "category"


_COLUMNS: Mapping[By, ColumnElement[Any]] = {
    By.DEPARTMENT: Complaint.__table__.c.department_id,
    By.AREA: Complaint.__table__.c.area_id,
    By.CATEGORY: Complaint.__table__.c.category_id,
}
# GROUPING() has a bit for each column a row is not grouped by, the last column's the lowest.
_BY_BITS: Mapping[int, By | None] = {0b111: None, 0b011: By.DEPARTMENT, 0b101: By.AREA, 0b110: By.CATEGORY}


@dataclass
class Counted:
    """What was counted: of all reports, and of each group by its number."""

    total: Tally = field(default_factory=Tally)
    groups: dict[By, dict[int, Tally]] = field(default_factory=lambda: {by: defaultdict(Tally) for by in By})

    def change(self, by: By | None, number: int | None, **values: Any) -> None:
        """Set what was counted of one group; reports without one count in the total alone."""
        if by is None:
            self.total = replace(self.total, **values)
        elif number is not None:
            self.groups[by][number] = replace(self.groups[by][number], **values)


@dataclass(frozen=True, slots=True)
class Bar:
    """Reports received in a stretch of time that began on `day`, and how many of them are answered now."""

    day: date
    received: int
    answered: int


def counted(since: datetime, until: datetime) -> Counted:
    """Count the reports received from `since` on, and what has become of them by `until`, which is now."""
    result = Counted()
    received = and_(_COUNTS, Complaint.received_at >= since, Complaint.received_at < until)
    for by, number, row in _by_group(received, **_course(until)):
        soon, reopened = Share(row.soon, row.old_enough), Share(row.reopened, row.ever_answered)
        result.change(by, number, received=row.received, answered=row.answered, soon=soon, reopened=reopened)
    overdue = func.count().filter(and_(_RUNS, Complaint.due_at < until))
    for by, number, row in _by_group(and_(_COUNTS, IS_OPEN), open=func.count(), overdue=overdue):
        result.change(by, number, open=row.open, overdue=row.overdue)
    for by, number, row in _by_group(_due(since, until), part=_in_time(), whole=func.count()):
        result.change(by, number, in_time=Share(row.part, row.whole))
    for (by, number), days in _waits(received, until).items():
        result.change(by, number, days=days)
    return result


def bars(since: datetime, until: datetime, *, unit: str, zone: str) -> list[Bar]:
    """Count what was received in each `unit` (PostgreSQL's: week, month) of the city's own days."""
    day = cast(func.date_trunc(unit, func.timezone(zone, Complaint.received_at)), Date).label("day")
    query = (
        select(
            day,
            func.count().label("received"),
            func.count().filter(Complaint.status.in_(ANSWERED)).label("answered"),
        )
        .where(_COUNTS, Complaint.received_at >= since, Complaint.received_at < until)
        .group_by(day)
        .order_by(day)
    )
    return [Bar(row.day, row.received, row.answered) for row in db.session.execute(query)]


def _course(until: datetime) -> dict[str, ColumnElement[Any]]:
    """What is counted of the reports received in a period."""
    is_answered = Complaint.status.in_(ANSWERED)
    is_old_enough = Complaint.received_at < until - timedelta(days=SOON_DAYS)
    took = Complaint.closed_at - Complaint.received_at
    reopened = was_reopened()
    return {
        "received": func.count(),
        "answered": func.count().filter(is_answered),
        "old_enough": func.count().filter(is_old_enough),
        "soon": func.count().filter(and_(is_old_enough, is_answered, took <= timedelta(days=SOON_DAYS))),
        "ever_answered": func.count().filter(or_(is_answered, reopened)),
        "reopened": func.count().filter(reopened),
    }


def _due(since: datetime, until: datetime) -> ColumnElement[bool]:
    """What was due in the period; the clock of what waits for its citizen stands, so it is due later."""
    is_due = and_(_COUNTS, Complaint.due_at >= since, Complaint.due_at < until)
    return and_(is_due, or_(Complaint.closed_at.is_not(None), _RUNS))


def _in_time() -> ColumnElement[Any]:
    return func.count().filter(Complaint.closed_at <= Complaint.due_at)


def _waits(
    received: ColumnElement[bool], until: datetime
) -> dict[tuple[By | None, int | None], dict[Any, int]]:
    seconds = func.extract("epoch", func.coalesce(Complaint.closed_at, until) - Complaint.received_at)
    day = func.ceil(seconds / _DAY_SECONDS).label("day")
    has_ended = Complaint.closed_at.is_not(None).label("has_ended")
    found: defaultdict[tuple[By | None, int | None], dict[Any, int]] = defaultdict(dict)
    for by, number, row in _by_group(received, day, has_ended, count_=func.count()):
        found[by, number][int(row.day), row.has_ended] = row.count_
    return found


def _by_group(
    condition: ColumnElement[bool], *apart: ColumnElement[Any], **measures: ColumnElement[Any]
) -> Iterator[tuple[By | None, int | None, Row[Any]]]:
    """Yield the measures of all reports (None, None) and of each group, told `apart` further if asked."""
    columns = list(_COLUMNS.values())
    which = func.grouping(*columns).label("which")
    query = (
        select(which, *columns, *apart, *(column.label(name) for name, column in measures.items()))
        .where(condition)
        .group_by(
            func.grouping_sets(*(tuple_(*sets) for sets in [[*apart], *([c, *apart] for c in columns)]))
        )
    )
    for row in db.session.execute(query):
        by = _BY_BITS[row.which]
        yield by, None if by is None else getattr(row, f"{by}_id"), row
