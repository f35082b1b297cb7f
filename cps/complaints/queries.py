"""Questions about complaints: queues by nearest deadline, read in pages from a known row on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, select, tuple_
from sqlalchemy.orm import joinedload

from cps.city.models import Area, Category, Department
from cps.complaints.models import IS_OPEN, Complaint, Event, EventKind
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.people.models import Person

PAGE_LENGTH = 25  # what one screen of an office shows, and no more work than that


class View(StrEnum):
    """Which part of the work a queue shows."""

    OPEN = "open"
    MINE = "mine"
    NEW = "new"
    OVERDUE = "overdue"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class Page:
    """A page of a queue, and where the next one begins (moment and id of the last row here)."""

    complaints: Sequence[Complaint]
    next_after: tuple[datetime, int] | None


def queue(person: Person, view: View, *, now: datetime, after: tuple[datetime, int] | None = None) -> Page:
    """Return one page of this official's queue: nearest deadline first, or latest closed first."""
    query = _in_view(_of_department(person), person, view, now=now)
    moment = Complaint.closed_at if view is View.CLOSED else Complaint.due_at
    key = tuple_(moment, Complaint.id)
    if view is View.CLOSED:
        query = query.order_by(moment.desc(), Complaint.id.desc())
        query = query.where(key < tuple_(*after)) if after else query
    else:
        query = query.order_by(moment, Complaint.id)
        query = query.where(key > tuple_(*after)) if after else query
    rows = db.session.scalars(_with_names(query).limit(PAGE_LENGTH + 1)).all()
    return _page(rows, view)


def waiting_question(complaint: Complaint) -> str | None:
    """Return the question the citizen has not answered yet."""
    if complaint.status is not Status.WAITING:
        return None
    return db.session.scalar(
        select(Event.note)
        .where(Event.complaint_id == complaint.id, Event.kind == EventKind.ASKED)
        .order_by(Event.position.desc())
        .limit(1)
    )


def _of_department(person: Person) -> Select[Any]:
    if person.is_city_wide:
        return select(Complaint)
    return select(Complaint).where(Complaint.department_id == person.department_id)


def _in_view(query: Select[Any], person: Person, view: View, *, now: datetime) -> Select[Any]:
    is_open = and_(IS_OPEN)
    conditions = {
        View.OPEN: is_open,
        View.MINE: and_(is_open, Complaint.assignee_id == person.id),
        View.NEW: and_(is_open, Complaint.status == Status.RECEIVED),
        View.OVERDUE: and_(is_open, Complaint.status != Status.WAITING, Complaint.due_at < now),
        View.WAITING: and_(is_open, Complaint.status == Status.WAITING),
        View.CLOSED: Complaint.closed_at.is_not(None),
    }
    return query.where(conditions[view])


def _with_names(query: Select[Any]) -> Select[Any]:
    # Only what a row shows: the hints and keywords of each category are much to read for nothing.
    return query.options(
        joinedload(Complaint.category).load_only(Category.names, Category.icon),
        joinedload(Complaint.area).load_only(Area.names),
        joinedload(Complaint.department).load_only(Department.names),
        joinedload(Complaint.assignee).load_only(Person.name),
    )


def _page(rows: Sequence[Complaint], view: View) -> Page:
    shown = rows[:PAGE_LENGTH]
    if len(rows) <= PAGE_LENGTH:
        return Page(shown, None)
    last = shown[-1]
    moment = last.closed_at if view is View.CLOSED else last.due_at
    assert moment is not None
    return Page(shown, (moment, last.id))
