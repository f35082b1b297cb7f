"""How many reports each view of an official's queue holds: one question, answered from the indexes of open work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, null, or_, select

from cps.complaints import planned
from cps.complaints.attached import IS_ASKED, Subtask
from cps.complaints.models import IS_OPEN, Complaint, Event, EventKind
from cps.complaints.views import Day, View, concerns, condition
from cps.kernel.db import db
from cps.people.models import Person

# What is open is counted in one go along the order of the queue; these few have indexes of their own.
_AT_ONCE = (View.OPEN, View.NEW, View.UNSEEN, View.TODAY, View.OVERDUE, View.WAITING)
_APART = (View.MINE, View.TRANSFERS, View.RETURNED, View.DISPUTED)
_LAST = select(func.max(Event.id)).scalar_subquery()


@dataclass(frozen=True)
class Counts:
    """How many reports are in each view; `until` is the last thing that had happened in the city by then.

    `failed_on`: the day of a reorganisation that could not be carried out, as only who looks after the city is told.
    """

    of: Mapping[View, int]
    until: int
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
)


def counted(person: Person, *, day: Day) -> Counts:
    """Count what this official sees in each view; what is closed is not counted, for it only grows."""
    bound = _bound(person, day)
    *numbers, until, failed_on = db.session.execute(_statement(is_city_wide=person.is_city_wide), bound).one()
    return Counts(dict(zip((*_AT_ONCE, *_APART, View.ASKED), numbers, strict=True)), until or 0, failed_on)


def arrived(person: Person, view: View, *, day: Day, since: int) -> int:
    """Count what came into a view of this official after that event, by others; nothing comes into what is closed."""
    if view in (View.CLOSED, View.ASKED):
        return 0
    news = select(Event.complaint_id).where(
        Event.id > since, Event.kind.in_(_ARRIVALS), or_(Event.by_id.is_(None), Event.by_id != person.id)
    )
    query = select(func.count(Complaint.id)).where(Complaint.id.in_(news), condition(view))
    if not person.is_city_wide:
        query = query.where(concerns(view))
    return db.session.scalars(query, _bound(person, day)).one()


def _bound(person: Person, day: Day) -> dict[str, Any]:
    return {
        "department": person.department_id,
        "person": person.id,
        "now": day.now,
        "day_ends": day.ends,
    }


@lru_cache(maxsize=2)
def _statement(*, is_city_wide: bool) -> Any:
    at_once = [func.count().filter(condition(view)) for view in _AT_ONCE]
    failed = planned.day_that_failed() if is_city_wide else null()
    apart = [_alone(view, is_city_wide=is_city_wide) for view in _APART]
    query = select(*at_once, *apart, _questions(is_city_wide=is_city_wide), _LAST, failed).where(IS_OPEN)
    return query if is_city_wide else query.where(concerns(View.OPEN))


def _alone(view: View, *, is_city_wide: bool) -> Any:
    query = select(func.count(Complaint.id)).where(condition(view))
    if not is_city_wide and view is not View.MINE:
        query = query.where(concerns(view))
    return query.correlate(None).scalar_subquery()


def _questions(*, is_city_wide: bool) -> Any:
    query = select(func.count(Subtask.id)).where(IS_ASKED)
    if not is_city_wide:
        query = query.where(Subtask.department_id == bindparam("department"))
    return query.scalar_subquery()
