"""Questions about complaints: queues by nearest deadline, read in pages from a known row on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, literal, null, or_, select, tuple_

from cps.complaints.attached import IS_ASKED, Subtask
from cps.complaints.models import (
    IS_CLOSED,
    IS_DISPUTED,
    IS_NEW,
    IS_OPEN,
    IS_UNACCEPTED,
    Complaint,
    Event,
    EventKind,
)
from cps.complaints.status import Status
from cps.kernel.columns import words
from cps.kernel.db import db
from cps.people.models import Person

PAGE_LENGTH = 25  # what one screen of an office shows, and no more work than that


class View(StrEnum):
    """Which part of the work a queue shows."""

    OPEN = "open"
    MINE = "mine"
    NEW = "new"
    TRANSFERS = "transfers"
    DISPUTED = "disputed"
    OVERDUE = "overdue"
    WAITING = "waiting"
    CLOSED = "closed"
    ASKED = "asked"


FIRST_WORDS = 160

# By which moment a view is in order; all others by the deadline of the answer.
_MOMENTS: Mapping[View, Any] = {
    View.CLOSED: Complaint.closed_at,
    View.NEW: Complaint.acknowledge_by,
    View.TRANSFERS: Complaint.accept_by,
}


@dataclass(frozen=True, slots=True)
class Row:
    """What a queue shows of a complaint; `words` are the first ones, `handler` is a name.

    Of what a department is asked by others: the question, since when, and by when it replies.
    """

    id: int
    reference: str
    status: Status
    category_id: int
    department_id: int
    area_id: int | None
    landmark: str
    words: str
    received_at: datetime
    reopened_at: datetime | None
    due_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    accept_by: datetime | None
    came_from_id: int | None
    paused_since: datetime | None
    priority: str | None
    joined: int
    closed_at: datetime | None
    handler: str | None


@dataclass(frozen=True)
class Page:
    """A page of a queue, and where the next one begins (moment and id of the last row here)."""

    rows: Sequence[Row]
    next_after: tuple[datetime, int] | None


def queue(person: Person, view: View, *, now: datetime, after: tuple[datetime, int] | None = None) -> Page:
    """Return one page of this official's queue: what is due first comes first, or latest closed first."""
    moment, number = after or (None, None)
    found = db.session.execute(
        _statement(view, is_city_wide=person.is_city_wide, goes_on=after is not None),
        {
            "department": person.department_id,
            "person": person.id,
            "now": now,
            "moment": moment,
            "number": number,
            "most": PAGE_LENGTH + 1,
        },
    )
    return _page([Row(*values) for values in found], view)


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


@lru_cache(maxsize=2 * 2 * len(View))
def _statement(view: View, *, is_city_wide: bool, goes_on: bool) -> Select[Any]:
    """Write the question of a view once, with places for who asks, when, and from which row on."""
    if view is View.ASKED:
        return _asked(is_city_wide=is_city_wide, goes_on=goes_on)
    moment = _MOMENTS.get(view, Complaint.due_at)
    query = _columns().where(_condition(view))
    if not is_city_wide:
        query = query.where(_concerns(view))
    if goes_on:
        key, place = tuple_(moment, Complaint.id), tuple_(bindparam("moment"), bindparam("number"))
        query = query.where(key < place if view is View.CLOSED else key > place)
    if view is View.CLOSED:
        return query.order_by(moment.desc(), Complaint.id.desc()).limit(bindparam("most"))
    return query.order_by(moment, Complaint.id).limit(bindparam("most"))


def _asked(*, is_city_wide: bool, goes_on: bool) -> Select[Any]:
    # Its clock is the reply's, and that runs whether or not the complaint waits for its citizen.
    columns = {
        "id": Subtask.id,
        "status": literal(Status.IN_PROGRESS, words(Status)).label("status"),
        "words": func.left(Subtask.question, FIRST_WORDS),
        "received_at": Subtask.asked_at,
        "reopened_at": null(),
        "due_at": Subtask.reply_by,
        "paused_since": null(),
    }
    query = _columns(**columns).join(Subtask, Subtask.complaint_id == Complaint.id).where(IS_ASKED)
    if not is_city_wide:
        query = query.where(Subtask.department_id == bindparam("department"))
    if goes_on:
        place = tuple_(bindparam("moment"), bindparam("number"))
        query = query.where(tuple_(Subtask.reply_by, Subtask.id) > place)
    return query.order_by(Subtask.reply_by, Subtask.id).limit(bindparam("most"))


def _concerns(view: View) -> Any:
    """Say whose work it is: what waits to be accepted is that of the department that sent it too."""
    is_ours = Complaint.department_id == bindparam("department")
    if view is View.TRANSFERS:
        return or_(is_ours, Complaint.came_from_id == bindparam("department"))
    return is_ours


def _columns(**others: Any) -> Select[Any]:
    # Plain values and only those that a row shows; what things are called the city in force knows.
    columns = {
        "id": Complaint.id,
        "reference": Complaint.reference,
        "status": Complaint.status,
        "category_id": Complaint.category_id,
        "department_id": Complaint.department_id,
        "area_id": Complaint.area_id,
        "landmark": Complaint.landmark,
        "words": func.left(Complaint.words, FIRST_WORDS),
        "received_at": Complaint.received_at,
        "reopened_at": Complaint.reopened_at,
        "due_at": Complaint.due_at,
        "acknowledge_by": Complaint.acknowledge_by,
        "acknowledged_at": Complaint.acknowledged_at,
        "accept_by": Complaint.accept_by,
        "came_from_id": Complaint.came_from_id,
        "paused_since": Complaint.paused_since,
        "priority": Complaint.priority,
        "joined": Complaint.joined,
        "closed_at": Complaint.closed_at,
        "handler": Person.name,
    }
    return select(*(columns | others).values()).outerjoin(Person, Person.id == Complaint.assignee_id)


def _condition(view: View) -> Any:
    conditions = {
        View.OPEN: and_(IS_OPEN),
        View.MINE: and_(IS_OPEN, Complaint.assignee_id == bindparam("person")),
        View.NEW: and_(IS_NEW),
        View.TRANSFERS: and_(IS_UNACCEPTED),
        View.DISPUTED: and_(IS_DISPUTED),
        View.OVERDUE: and_(
            IS_OPEN,
            Complaint.status != Status.WAITING,
            Complaint.paused_since.is_(None),
            Complaint.due_at < bindparam("now"),
        ),
        View.WAITING: and_(IS_OPEN, Complaint.status == Status.WAITING),
        View.CLOSED: and_(IS_CLOSED),
    }
    return conditions[view]


def _page(rows: Sequence[Row], view: View) -> Page:
    shown = rows[:PAGE_LENGTH]
    if len(rows) <= PAGE_LENGTH:
        return Page(shown, None)
    last = shown[-1]
    moment = getattr(last, _MOMENTS.get(view, Complaint.due_at).key)
    assert moment is not None
    return Page(shown, (moment, last.id))
