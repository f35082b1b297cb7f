"""What hangs on a complaint: who joined it, what other departments are asked, what time alone brings next."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.city.models import Department
from cps.complaints.models import Complaint
from cps.kernel.db import Base
from cps.people.models import Person

IS_ASKED = text("replied_at IS NULL AND withdrawn_at IS NULL")


class Undoable(Base):
    """How a report stood before an act of an official, to take that back `until` a moment soon after."""

    __tablename__ = "undoable"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True, autoincrement=False)
    before: Mapped[dict[str, Any]]
    until: Mapped[datetime]


class Joining(Base):
    """Somebody whom the problem of a complaint concerns too: with a report of the `own`, or a contact alone.

    Who joins with the same contact twice has the same `identity` and is one person. A contact stands here
    only where there is no report of the own; it is personal data, read through `joining` alone. `home`: what was
    joined, which may have been merged into `complaint` since.
    """

    __tablename__ = "joining"
    __table_args__ = (
        CheckConstraint("own_id IS NULL OR (email IS NULL AND phone IS NULL)", name="contact_of_own"),
        Index("ix_joining_complaint_id", "complaint_id", "identity"),
        Index("ix_joining_home_id", "home_id"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    home_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    own_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), unique=True)
    key: Mapped[UUID] = mapped_column(unique=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    identity: Mapped[bytes] = mapped_column(LargeBinary)
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str]
    joined_at: Mapped[datetime]

    complaint: Mapped[Complaint] = relationship(foreign_keys=[complaint_id])
    own: Mapped[Complaint | None] = relationship(foreign_keys=[own_id])


class Subtask(Base):
    """A question to another department than the lead, with its reply; open until it is replied to or withdrawn."""

    __tablename__ = "subtask"
    __table_args__ = (
        CheckConstraint("replied_at IS NULL OR withdrawn_at IS NULL", name="replied_or_withdrawn"),
        # One open question to a department at a time, and the queue of what it is asked.
        Index("uq_subtask_asked", "complaint_id", "department_id", unique=True, postgresql_where=IS_ASKED),
        Index("ix_subtask_queue", "department_id", "reply_by", "id", postgresql_where=IS_ASKED),
        Index("ix_subtask_city_queue", "reply_by", "id", postgresql_where=IS_ASKED),
        Index("ix_subtask_complaint_id", "complaint_id", "department_id"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    question: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    reply_by: Mapped[datetime]
    extended_at: Mapped[datetime | None]
    extension_reason: Mapped[str]
    reply: Mapped[str]
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    department: Mapped[Department] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=asked_by_id)
    replied_by: Mapped[Person | None] = relationship(foreign_keys=replied_by_id)

    @property
    def is_open(self) -> bool:
        """Whether the department still owes the reply."""
        return self.replied_at is None and self.withdrawn_at is None


class Draft(Base):
    """What an official has typed for an action on a complaint and not sent: the fields of its form by name."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_complaint_id", "complaint_id"), Index("ix_draft_kept_at", "kept_at"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]


class Viewer(Base):
    """Who has a complaint open: when their page last said so, and when they last typed; lost with a crash (unlogged)."""

    __tablename__ = "viewer"
    __table_args__ = (Index("ix_viewer_seen_at", "seen_at"), {"prefixes": ["UNLOGGED"]})

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_at: Mapped[datetime]
    typed_at: Mapped[datetime | None]


class Agenda(Base):
    """When time alone brings something to a complaint next, as it was planned at `version`; None: nothing to come.

    `plan`: of which clocks of the city. All of it can be made anew from the complaints and their events.
    """

    __tablename__ = "agenda"
    __table_args__ = (Index("ix_agenda_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),)

    complaint_id: Mapped[int] = mapped_column(
        ForeignKey("complaint.id"), primary_key=True, autoincrement=False
    )
    version: Mapped[int]
    plan: Mapped[str]
    next_at: Mapped[datetime | None]
