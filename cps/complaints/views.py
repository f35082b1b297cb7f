"""The views of a queue: what a report fulfils to stand in one, whose work it is there, in which order, narrowed to what.

Who asks and when are bound when a view is asked for: `department`, `person`, `now` and `day_ends`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, or_

from cps.complaints.models import (
    IS_ALARMED,
    IS_CLOSED,
    IS_DISPUTED,
    IS_NEW,
    IS_OPEN,
    IS_UNACCEPTED,
    Complaint,
)
from cps.complaints.searching import Sought
from cps.complaints.status import Handover, Status


class View(StrEnum):
    """Which part of the work a queue shows."""

    OPEN = "open"
    MINE = "mine"
    NEW = "new"
    UNSEEN = "unseen"
    TODAY = "today"
    TRANSFERS = "transfers"
    DISPUTED = "disputed"
    OVERDUE = "overdue"
    WAITING = "waiting"
    RETURNED = "returned"
    CLOSED = "closed"
    ASKED = "asked"
    ALARM = "alarm"


@dataclass(frozen=True)
class Sieve:
    """What a queue is narrowed to: ids, whether nobody handles it, and words; None is any."""

    category_id: int | None = None
    area_id: int | None = None
    department_id: int | None = None
    assignee_id: int | None = None
    is_unassigned: bool = False
    sought: Sought | None = None


@dataclass(frozen=True)
class Day:
    """The moments that part the work of a day: now, and when the day ends in the city."""

    now: datetime
    ends: datetime


EVERYTHING = Sieve()

_RUNS = and_(IS_OPEN, Complaint.status != Status.WAITING, Complaint.paused_since.is_(None))
_MOMENTS: Mapping[View, Any] = {
    View.CLOSED: Complaint.closed_at,
    View.NEW: Complaint.acknowledge_by,
    View.TRANSFERS: Complaint.accept_by,
    View.RETURNED: Complaint.accept_by,
}


def moment(view: View) -> Any:
    """Return the moment that a view is in order by: the deadline of the answer, if it is about nothing else."""
    return _MOMENTS.get(view, Complaint.due_at)


def condition(view: View) -> Any:
    """Say what a report of this view fulfils."""
    conditions = {
        View.OPEN: and_(IS_OPEN),
        View.MINE: and_(IS_OPEN, Complaint.assignee_id == bindparam("person")),
        View.NEW: and_(IS_NEW),
        View.UNSEEN: and_(IS_OPEN, Complaint.seen_at.is_(None)),
        View.TRANSFERS: and_(IS_UNACCEPTED),
        View.RETURNED: and_(IS_UNACCEPTED, Complaint.handover == Handover.RETURNED),
        View.DISPUTED: and_(IS_DISPUTED),
        View.TODAY: and_(
            _RUNS, Complaint.due_at >= bindparam("now"), Complaint.due_at < bindparam("day_ends")
        ),
        View.OVERDUE: and_(_RUNS, Complaint.due_at < bindparam("now")),
        View.WAITING: and_(IS_OPEN, Complaint.status == Status.WAITING),
        View.CLOSED: and_(IS_CLOSED),
        View.ALARM: and_(IS_ALARMED),
    }
    return conditions[view]


def concerns(view: View) -> Any:
    """Say whose work it is: what waits to be accepted is the sender's too."""
    is_ours = Complaint.department_id == bindparam("department")
    if view is View.TRANSFERS:
        return or_(is_ours, Complaint.came_from_id == bindparam("department"))
    return is_ours


def narrowed(sieve: Sieve) -> frozenset[str]:
    """Name the columns that a sieve narrows, and `nobody` for what nobody handles."""
    names = ("category_id", "area_id", "department_id", "assignee_id")
    chosen = {name for name in names if getattr(sieve, name) is not None}
    return frozenset(chosen | ({"nobody"} if sieve.is_unassigned else set()))


def sifted(names: frozenset[str]) -> list[Any]:
    """Say that a report passes a sieve of these names; the values are bound under them."""
    columns = [getattr(Complaint, name) == bindparam(name) for name in sorted(names - {"nobody"})]
    return [*columns, Complaint.assignee_id.is_(None)] if "nobody" in names else columns
