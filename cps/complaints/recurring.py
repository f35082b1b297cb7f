"""A problem that comes back: so many reports of one kind at one place within so many days, by the city's rule.

Its department says why it comes back, who sees to it and by when; then what was done, and whether it helped.
It is beside the reports: their deadlines and their answers are their own.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from cps.city.models import Area, Category, Department
from cps.geo.point import Point
from cps.kernel import clock, jobs
from cps.kernel.columns import words
from cps.kernel.db import Base, db
from cps.kernel.errors import NotFound
from cps.people.models import Person, Role

_IS_OWED: Final = text("done_at IS NULL AND reminded_at IS NULL")


class Standing(StrEnum):
    """How far it has come, in the order in which somebody has to see to it."""

    LATE = "late"
    UNPLANNED = "unplanned"
    PLANNED = "planned"
    DONE = "done"
    DISMISSED = "dismissed"


class Happening(StrEnum):
    """What can happen to it."""

    FOUND = "found"
    PLANNED = "planned"
    PASSED_ON = "passed_on"
    REMINDED = "reminded"
    DONE = "done"
    DISMISSED = "dismissed"
    RETURNED = "returned"


class RecurringProblem(Base):
    """One problem at one place; its version counts its events.

    `metres`: how far around its point it reaches. `owed_by`: until when there must be a plan, or, with one, the measure; `reminded_at`: when that was over
    and told. `cause`, `owner`, `due_on`: the plan. `measure`: what was done. `returns`: how often it came back after that.
    `is_dismissed`: somebody said that it is not one problem; `measure` says why then.
    """

    __tablename__ = "recurring_problem"
    __table_args__ = (
        CheckConstraint("(owner_id IS NULL) = (due_on IS NULL)", name="planned"),
        Index("ix_recurring_problem_place", "category_id", "latitude", "longitude"),
        Index("ix_recurring_problem_owed", "owed_by", "id", postgresql_where=_IS_OWED),
        Index(
            "ix_recurring_problem_department",
            *("department_id", "owed_by", "id"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    version: Mapped[int]
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    latitude: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    longitude: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    metres: Mapped[int]
    found_at: Mapped[datetime]
    owed_by: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    cause: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date | None]
    measure: Mapped[str]
    done_at: Mapped[datetime | None]
    is_dismissed: Mapped[bool] = mapped_column(server_default=text("false"))
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returns: Mapped[int]

    category: Mapped[Category] = relationship()
    department: Mapped[Department] = relationship()
    area: Mapped[Area | None] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    done_by: Mapped[Person | None] = relationship(foreign_keys=[done_by_id])

    @property
    def point(self) -> Point:
        """The middle of the place."""
        return Point(self.latitude, self.longitude)

    @property
    def has_plan(self) -> bool:
        """Whether somebody sees to it by a day."""
        return self.owner_id is not None

    @property
    def is_late(self) -> bool:
        """Whether what is owed, the plan or the measure, is overdue."""
        return self.done_at is None and self.owed_by < clock.now()

    @property
    def standing(self) -> Standing:
        """How far it has come."""
        if self.done_at is not None:
            return Standing.DISMISSED if self.is_dismissed else Standing.DONE
        if not self.has_plan:
            return Standing.UNPLANNED
        return Standing.LATE if self.is_late else Standing.PLANNED


class RecurringReport(Base):
    """A report that belongs to a problem that comes back; to one at most."""

    __tablename__ = "recurring_report"

    complaint_id: Mapped[int] = mapped_column(
        ForeignKey("complaint.id"), primary_key=True, autoincrement=False
    )
    problem_id: Mapped[int] = mapped_column(ForeignKey("recurring_problem.id"), index=True)


class RecurringEvent(Base):
    """One thing that happened to it, written once; whom it tells stands in its details."""

    __tablename__ = "recurring_event"
    __table_args__ = (UniqueConstraint("problem_id", "position"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("recurring_problem.id"))
    position: Mapped[int]
    kind: Mapped[Happening] = mapped_column(words(Happening))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    details: Mapped[dict[str, Any]]

    problem: Mapped[RecurringProblem] = relationship()
    by: Mapped[Person | None] = relationship()


class RecurringRound(Base):
    """The last report that was looked at, in the order in which they came in; one row."""

    __tablename__ = "recurring_round"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_at: Mapped[datetime | None]
    number: Mapped[int]


def visible_to(person: Person) -> ColumnElement[bool]:
    """Say which problems this official sees: those of the department and the own; coordinators all."""
    if person.reads_city:
        return true()
    return or_(RecurringProblem.department_id == person.department_id, RecurringProblem.owner_id == person.id)


def may_write(person: Person, problem: RecurringProblem) -> bool:
    """Whether this official plans it and says what was done: heads of its department, coordinators, and its owner."""
    leads = person.role is Role.HEAD and person.department_id == problem.department_id
    return person.is_city_wide or leads or problem.owner_id == person.id


def may_pass_on(person: Person, problem: RecurringProblem) -> bool:
    """Whether this official may give it to another department, or say that it is none: heads of its own, and coordinators."""
    leads = person.role is Role.HEAD and person.department_id == problem.department_id
    return person.is_city_wide or leads


def one_of(person: Person, number: int, *, locked: bool = False) -> RecurringProblem:
    """Return a problem that this official sees, or raise NotFound; `locked` for whoever changes it."""
    query = select(RecurringProblem).where(RecurringProblem.id == number, visible_to(person))
    if locked:  # nothing is joined then: see `visibility`
        query = query.with_for_update(of=RecurringProblem).execution_options(populate_existing=True)
    else:
        query = query.options(
            *(joinedload(one) for one in (RecurringProblem.owner, RecurringProblem.done_by)),
            *(joinedload(one) for one in (RecurringProblem.category, RecurringProblem.department)),
            joinedload(RecurringProblem.area),
        )
    found: RecurringProblem | None = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def record(
    problem: RecurringProblem, kind: Happening, *, by: Person | None, **details: Any
) -> RecurringEvent:
    """Write down what just happened to it, and have those told who are named in `people` and `addresses`."""
    problem.version += 1
    event = RecurringEvent(
        problem=problem,
        position=problem.version,
        kind=kind,
        at=clock.now(),
        by_id=by.id if by else None,
        details=details,
    )
    db.session.add(event)
    db.session.flush()
    if details.get("people") or details.get("addresses"):
        jobs.defer(jobs.TELL_RECURRING, event_id=event.id)
    return event


def history_of(problem: RecurringProblem) -> list[RecurringEvent]:
    """Return what happened to it, latest first."""
    query = (
        select(RecurringEvent)
        .where(RecurringEvent.problem_id == problem.id)
        .options(joinedload(RecurringEvent.by))
        .order_by(RecurringEvent.position.desc())
    )
    return list(db.session.scalars(query))
