"""The views of a queue: what a report fulfils to stand in one, whose work it is there, in which order, narrowed to what.

Who asks and when are bound when a view is asked for: `department`, `person`, `now` and `day_ends`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, not_, or_, select
from sqlalchemy.orm import aliased

from cps.complaints.conditions import (
    IS_ALARMED,
    IS_ASIDE,
    IS_CLOSED,
    IS_DISPUTED,
    IS_IN,
    IS_NEW,
    IS_OPEN,
    IS_PLANNED,
    IS_UNACCEPTED,
    MOST_PLANNED_DAYS,
)
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.searching import Sought
from cps.complaints.status import Handover, Status
from cps.people.models import Person


class View(StrEnum):
    """Which part of the work a queue shows."""

    OPEN = "open"
    MINE = "mine"
    NEW = "new"
    UNSEEN = "unseen"
    TODAY = "today"
    TRANSFERS = "transfers"
    DISPUTED = "disputed"
    REVIEW = "review"
    OVERDUE = "overdue"
    WAITING = "waiting"
    RETURNED = "returned"
    CLOSED = "closed"
    ASKED = "asked"
    ALARM = "alarm"
    ASIDE = "aside"


@dataclass(frozen=True)
class Span:
    """From one moment up to another, which is not in it."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Sieve:
    """What a queue is narrowed to: ids, whether nobody handles it, days, and words; None is any.

    `on`: when it is due or was closed, whichever the view is in order by. `received`: when it came in.
    `planned`: for which day something is planned; `missed`: before which day that was, and it is open still.
    """

    category_id: int | None = None
    area_id: int | None = None
    department_id: int | None = None
    assignee_id: int | None = None
    is_unassigned: bool = False
    on: Span | None = None
    received: Span | None = None
    planned: date | None = None
    missed: date | None = None
    sought: Sought | None = None


@dataclass(frozen=True)
class Day:
    """The moments that part the work of a day: now, and when the day ends in the city."""

    now: datetime
    ends: datetime

    @property
    def today(self) -> date:
        """Which day it is."""
        return (self.ends - timedelta(days=1)).date()


EVERYTHING = Sieve()

_COLUMNS = ("area_id", "assignee_id", "category_id", "department_id")
_SPANS = ("on", "received")
_DAYS = ("planned", "missed")
_LONGEST_PLAN = timedelta(days=MOST_PLANNED_DAYS - 1)

RUNS = and_(IS_OPEN, Complaint.status != Status.WAITING, Complaint.paused_since.is_(None))
_MOMENTS: Mapping[View, Any] = {
    View.CLOSED: Complaint.closed_at,
    View.NEW: Complaint.acknowledge_by,
    View.TRANSFERS: Complaint.accept_by,
    View.RETURNED: Complaint.accept_by,
}


def is_under_review() -> Any:
    """Say that a citizen objected again, and that it is to be decided who looks at it now; see `reviews`."""
    asked, later = aliased(Event), aliased(Event)
    is_over = select(later.id).where(
        later.complaint_id == asked.complaint_id,
        later.kind == EventKind.RETURNED,
        later.position > asked.position,
    )
    is_asked = select(asked.id).where(
        asked.complaint_id == Complaint.id, asked.kind == EventKind.REVIEW_ASKED, not_(is_over.exists())
    )
    return and_(IS_DISPUTED, is_asked.exists())


_CONDITIONS: Mapping[View, Any] = {
    View.OPEN: and_(IS_OPEN),
    View.MINE: and_(IS_OPEN, Complaint.assignee_id == bindparam("person")),
    View.NEW: and_(IS_NEW),
    View.UNSEEN: and_(IS_OPEN, Complaint.seen_at.is_(None)),
    View.TRANSFERS: and_(IS_UNACCEPTED),
    View.RETURNED: and_(IS_UNACCEPTED, Complaint.handover == Handover.RETURNED),
    View.DISPUTED: and_(IS_DISPUTED),
    View.REVIEW: is_under_review(),
    View.TODAY: and_(RUNS, Complaint.due_at >= bindparam("now"), Complaint.due_at < bindparam("day_ends")),
    View.OVERDUE: and_(RUNS, Complaint.due_at < bindparam("now")),
    View.WAITING: and_(IS_OPEN, Complaint.status == Status.WAITING),
    View.CLOSED: and_(IS_CLOSED),
    View.ALARM: and_(IS_ALARMED),
    View.ASIDE: and_(IS_ASIDE),
}


def is_for(person: Person, view: View) -> bool:
    """Whether an official has a view: coordinators decide where departments disagree, auditors where citizens object again."""
    if view is View.DISPUTED:
        return person.is_city_wide
    return person.reads_city if view is View.REVIEW else True


def moment(view: View) -> Any:
    """Return the moment that a view is in order by: the deadline of the answer, if it is about nothing else."""
    return _MOMENTS.get(view, Complaint.due_at)


def condition(view: View) -> Any:
    """Say what a report of this view fulfils: what is set aside stands in none but its own, until it is closed."""
    fulfils = _CONDITIONS[view]
    return fulfils if view in (View.ASIDE, View.CLOSED) else and_(fulfils, IS_IN)


def concerns(view: View) -> Any:
    """Say whose work it is: what waits to be accepted is the sender's too."""
    is_ours = Complaint.department_id == bindparam("department")
    if view is View.TRANSFERS:
        return or_(is_ours, Complaint.came_from_id == bindparam("department"))
    return is_ours


def on_day(view: View, begins: Any, ends: Any) -> Any:
    """Say that the moment of the view falls within these; a deadline that stands still falls on no day."""
    is_within = within(moment(view), begins, ends)
    return and_(RUNS, is_within) if moment(view).key == "due_at" else is_within


def within(column: Any, begins: Any, ends: Any) -> Any:
    """Say that a moment falls within these, the second of which is not in it."""
    return and_(column >= begins, column < ends)


def planned_on(day: Any, latest: Any) -> Any:
    """Say that it is open and planned for this day; `latest`: the last day of the longest plan that begins on it."""
    until = Complaint.planned_until
    return and_(IS_PLANNED, Complaint.planned_from <= day, until >= day, until <= latest)


def missed(today: Any) -> Any:
    """Say that it was planned for before this day, and is open still."""
    return and_(IS_PLANNED, Complaint.planned_until < today)


def latest(day: date) -> date:
    """Return the last day of the longest plan that begins on this day."""
    return day + _LONGEST_PLAN


def narrowed(sieve: Sieve) -> frozenset[str]:
    """Name what a sieve narrows: columns, `nobody` for what nobody handles, `on`, `received`, `planned` and `missed` for days."""
    chosen = {name for name in (*_COLUMNS, *_SPANS, *_DAYS) if getattr(sieve, name) is not None}
    return frozenset(chosen | ({"nobody"} if sieve.is_unassigned else set()))


def sifted(names: frozenset[str], view: View) -> list[Any]:
    """Say that a report of this view passes a sieve of these names; the values are bound as `values` names them."""
    found = [getattr(Complaint, name) == bindparam(name) for name in _COLUMNS if name in names]
    if "nobody" in names:
        found.append(Complaint.assignee_id.is_(None))
    if "on" in names:
        found.append(on_day(view, bindparam("on_begins"), bindparam("on_ends")))
    if "received" in names:
        found.append(within(Complaint.received_at, bindparam("received_begins"), bindparam("received_ends")))
    if "planned" in names:
        found.append(planned_on(bindparam("planned"), bindparam("planned_latest")))
    if "missed" in names:
        found.append(missed(bindparam("missed")))
    return found


def values(sieve: Sieve) -> dict[str, Any]:
    """Return what a sieve is of, under the names that `sifted` asks for."""
    spans = {name: span for name in _SPANS if (span := getattr(sieve, name)) is not None}
    planned = {"planned_latest": latest(sieve.planned)} if sieve.planned else {}
    return {
        **planned,
        **{name: value for name in (*_COLUMNS, *_DAYS) if (value := getattr(sieve, name)) is not None},
        **{f"{name}_begins": span.begins for name, span in spans.items()},
        **{f"{name}_ends": span.ends for name, span in spans.items()},
    }
