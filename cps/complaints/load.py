"""What lies where: how many open reports each official and each department has, and what is due on the next days.

Each number is the number of rows of a view of the queue, narrowed to whom and to when: they share their conditions.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, cast, func, select, true
from sqlalchemy.types import Date

from cps.city.calendar import Calendar
from cps.complaints.conditions import IS_IN, IS_OPEN
from cps.complaints.models import Complaint
from cps.complaints.views import RUNS, Day, View, condition, within
from cps.kernel.db import db
from cps.people import queries as people
from cps.people.models import Leave, Person
from cps.sla import hours

COUNTED: Final = (View.OPEN, View.TODAY, View.OVERDUE, View.WAITING, View.UNSEEN)
DAYS_AHEAD: Final = 3  # working days
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Load:
    """How many open reports somebody has in each of the views that are counted here."""

    of: Mapping[View, int]

    def __add__(self, other: "Load") -> "Load":
        return Load({view: self.of[view] + other.of[view] for view in COUNTED})

    @property
    def urgency(self) -> tuple[int, int]:
        """What loads are in order by: the most overdue first, then the most open."""
        return -self.of[View.OVERDUE], -self.of[View.OPEN]


NOTHING: Final = Load(dict.fromkeys(COUNTED, 0))


@dataclass(frozen=True, slots=True)
class OfPerson:
    """What an official has of a department: number and name of the account, and the leave they are on, if any."""

    number: int
    name: str
    load: Load
    away: Leave | None


@dataclass(frozen=True, slots=True)
class OfDepartment:
    """What a department has: what nobody handles yet, and what each official does, the most overdue first."""

    unassigned: Load
    people: Sequence[OfPerson]

    @property
    def total(self) -> Load:
        """All of it."""
        return sum((one.load for one in self.people), self.unassigned)


def may_see(person: Person) -> bool:
    """Whether this official answers for others, heads for their department and coordinators for all, or audits them."""
    return person.leads or person.is_auditor


def by_person(department_id: int, *, day: Day) -> OfDepartment:
    """Count what each official of a department has; who has nothing is in it too, who left only with what is left."""
    found = _counted([Complaint.assignee_id], day, Complaint.department_id == department_id)
    colleagues = people.colleagues_in(department_id)
    away = {one.id: one.away for one in colleagues}
    names = {one.id: one.name for one in colleagues}
    names |= _names(number for (number,) in found if number is not None and number not in names)
    rows = [
        OfPerson(number, name, found.get((number,), NOTHING), away.get(number))
        for number, name in names.items()
    ]
    return OfDepartment(
        found.get((None,), NOTHING), sorted(rows, key=lambda row: (row.load.urgency, row.name, row.number))
    )


def open_of(numbers: Collection[int]) -> Mapping[int, int]:
    """Count the open reports that each of these officials handles; who has none is not in it."""
    query = select(Complaint.assignee_id, func.count()).where(condition(View.OPEN))
    found = query.where(Complaint.assignee_id.in_(numbers)).group_by(Complaint.assignee_id)
    return {number: count for number, count in db.session.execute(found) if number is not None}


def by_department(*, day: Day) -> list[tuple[int, Load]]:
    """Count what each department has that has anything, by its id, the most overdue first."""
    found = _counted([Complaint.department_id], day, true())
    return sorted(
        ((number, load) for (number,), load in found.items()), key=lambda row: (row[1].urgency, row[0])
    )


def due(department_id: int | None, *, day: Day, calendar: Calendar) -> dict[date, int]:
    """Count what is due on each of the next working days, and on days off between them, if anything is.

    None is the whole city. Only deadlines that run count; today is from now on.
    """
    today = hours.local_date(day.now, calendar)
    last = hours.working_day_after(today, DAYS_AHEAD, calendar)
    on = cast(func.timezone(str(calendar.zone), Complaint.due_at), Date).label("on")
    query = (
        select(on, func.count())
        .where(RUNS, IS_IN, within(Complaint.due_at, day.now, _midnight(last + _ONE_DAY, calendar)))
        .group_by(on)
    )
    if department_id is not None:
        query = query.where(Complaint.department_id == department_id)
    found: dict[date, int] = dict(db.session.execute(query).all())
    between = (today + timedelta(days=number) for number in range((last - today).days + 1))
    return {
        one: found.get(one, 0) for one in between if one in found or one == today or calendar.hours_of(one)
    }


def _counted(apart: Sequence[Any], day: Day, scope: ColumnElement[bool]) -> dict[tuple[Any, ...], Load]:
    counts = [func.count().filter(condition(view)) for view in COUNTED]
    query = select(*apart, *counts).where(IS_OPEN, scope).group_by(*apart)
    rows = db.session.execute(query, {"now": day.now, "day_ends": day.ends})
    return {
        tuple(row[: len(apart)]): Load(dict(zip(COUNTED, row[len(apart) :], strict=True))) for row in rows
    }


def _names(numbers: Iterable[int]) -> dict[int, str]:
    """Return the names of those whose account is no longer of this department or in use."""
    wanted = list(numbers)
    if not wanted:
        return {}
    query = select(Person.id, Person.name).where(Person.id.in_(wanted))
    return dict(db.session.execute(query).all())


def _midnight(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(), tzinfo=calendar.zone)
