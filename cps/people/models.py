"""Officials: who they are, in which department, with which role."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Identity,
    Index,
    and_,
    bindparam,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.city.queries import today
from cps.kernel.columns import words
from cps.kernel.db import Base

_TODAY = bindparam("today", callable_=today, type_=Date(), unique=True)
"""Which day it is when the database is asked."""


class Role(StrEnum):
    """What an official may do: work on reports, lead a department, look after the whole city, or look at what others did.

    Auditors belong to no department, read everything, and decide only where a citizen objected again.
    """

    OFFICER = "officer"
    HEAD = "head"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"


class Person(Base):
    """An official with an account; who does not want the digest gets no mail in the morning.

    `keys`: how the own keys of the desk differ from everybody's; see `desk.keyboard`.
    `away`: the leave they are on today, if they are; joined to the question that loads them, it costs none of its own.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(words(Role))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    password_hash: Mapped[str]
    language: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    signed_in_at: Mapped[datetime | None]
    wants_digest: Mapped[bool] = mapped_column(default=True)
    keys: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    away: Mapped["Leave | None"] = relationship(
        primaryjoin=lambda: and_(Leave.person_id == Person.id, Leave.is_on(_TODAY)),
        foreign_keys=lambda: [Leave.person_id],
        viewonly=True,
        uselist=False,
    )

    @property
    def is_city_wide(self) -> bool:
        """Whether this person looks after every department."""
        return self.role is Role.COORDINATOR

    @property
    def is_auditor(self) -> bool:
        """Whether this person looks at what others did."""
        return self.role is Role.AUDITOR

    @property
    def works(self) -> bool:
        """Whether this person works on reports; auditors look on."""
        return not self.is_auditor

    @property
    def reads_city(self) -> bool:
        """Whether this person reads what every department has."""
        return self.is_city_wide or self.is_auditor

    @property
    def leads(self) -> bool:
        """Whether this person answers for the work of others, in a department or in the whole city."""
        return self.role in (Role.HEAD, Role.COORDINATOR)


class Leave(Base):
    """From when to when an official is away, both days of the city included, and who was named to stand in.

    One that was taken back or ended early counts no longer; it is kept, with who ended it.
    """

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_leave_person", "person_id", "last_day", postgresql_where=text("ended_at IS NULL")),
        Index("ix_leave_cover", "cover_id", "last_day", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    cover: Mapped[Person | None] = relationship(foreign_keys=[cover_id])
    set_by: Mapped[Person] = relationship(foreign_keys=[set_by_id])

    @classmethod
    def is_on(cls, day: Any) -> ColumnElement[bool]:
        """Say that it counts on that day."""
        return and_(cls.ended_at.is_(None), cls.first_day <= day, cls.last_day >= day)

    @property
    def stand_in(self) -> Person | None:
        """Who stands in today: nobody if the one who was named has left the department, or is away as well."""
        cover = self.cover
        if cover is None or not cover.is_active or cover.department_id != self.person.department_id:
            return None
        return cover if cover.away is None else None
