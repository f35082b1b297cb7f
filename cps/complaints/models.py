"""What is kept of a complaint: its present state and its history.

The complaint's row is the present; its events are the past and are never changed. The reporter's
personal data stands in a table of its own (`contacts`).
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.city.models import Area, Category, Department
from cps.complaints.conditions import (
    IS_ALARMED,
    IS_ANSWERED,
    IS_ASIDE,
    IS_CLOSED,
    IS_DISPUTED,
    IS_NEW,
    IS_OFFERED,
    IS_OPEN,
    IS_OVERLOOKING,
    IS_PLACED,
    IS_PLANNED,
    IS_PUBLIC,
    IS_REOPENING,
    IS_SOMEWHERE,
    IS_UNACCEPTED,
    IS_UNDOING,
)
from cps.complaints.kinds import EventKind
from cps.complaints.status import Handover, Status
from cps.geo.point import Point
from cps.kernel.columns import words
from cps.kernel.db import Base
from cps.people.models import Person

# The order of a queue, and behind it all that it is narrowed and counted by: neither reads the rows.
_QUEUED = (
    *("due_at", "id"),
    *("status", "paused_since", "seen_at", "assignee_id", "category_id", "area_id", "priority"),
    "set_aside",
)
_ENDED = ("closed_at", "id")


def _listed(part: str, condition: TextClause) -> Iterator[Index]:
    """Index the public list for every way it is read, in two parts: a new report is entered in one only."""
    where = text(f"is_public AND {condition}")
    yield Index(f"ix_complaint_listed_{part}", "received_at", "id", postgresql_where=where)
    yield Index(
        f"ix_complaint_listed_category_{part}", "category_id", "received_at", "id", postgresql_where=where
    )
    # The category last: of an area's few, it is looked for in the index, without a look at the rows.
    yield Index(
        f"ix_complaint_listed_area_{part}",
        "area_id",
        "received_at",
        "id",
        "category_id",
        postgresql_where=where,
    )


class Submission(Base):
    """The claim of one form on one complaint: who comes first with a key files, the others get theirs."""

    __tablename__ = "submission"

    key: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity(start=1), unique=True)


class Complaint(Base):
    """A report as it stands now.

    Two clocks run from `received_at`: `promise` until it is answered, due `due_at`; `acknowledge` until
    somebody takes it on, due `acknowledge_by` and done `acknowledged_at`; `seen_at` says when its department first
    looked at it. Once reopened, the promise runs from `reopened_at`. While a `handover` awaits its answer, `accept_by` says until when and `came_from_id` from which department. `hops` counts how often
    it went from one department to another, `bounces` how often it came back since it was accepted.
    The clock of the answer stands while it waits for the citizen (`waiting_since`), or `paused_since` for
    another `pause_cause`. `planned_from` and `planned_until`: the days for which the work is planned (see
    `scheduling`). `alarm`: why it cannot wait for its turn. `set_aside`: why nobody but officials and its reporter sees it until it is judged (`quarantine`). `flagged_at`: when an official marked it as abusive. `answers`: to the city's questions about its category, by code. Others may have
    `joined` it, so many; one that was merged has a `lead`.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        # Open or ended, never both and never neither: held here too, so that no way in can break it.
        CheckConstraint(f"({IS_OPEN}) = (closed_at IS NULL)", name="open_or_closed"),
        CheckConstraint("(status = 'waiting') = (waiting_since IS NOT NULL)", name="waiting_since"),
        # Handed to another department, and not answered there: never when it has ended.
        CheckConstraint("accept_by IS NULL OR closed_at IS NULL", name="accepted_before_closed"),
        CheckConstraint("handover NOT IN ('offered', 'returned') OR accept_by IS NOT NULL", name="accept_by"),
        # The clock stands for one reason at a time, and only of what is open and waits for nobody's answer.
        CheckConstraint("(paused_since IS NULL) = (pause_cause IS NULL)", name="paused_for_a_cause"),
        # Everything that is public asks for `is_public`: what is set aside is on no page, map, feed or list.
        CheckConstraint("set_aside IS NULL OR NOT is_public", name="aside_is_not_public"),
        CheckConstraint("(status = 'merged') = (lead_id IS NOT NULL)", name="merged_into"),
        CheckConstraint(
            f"paused_since IS NULL OR (({IS_OPEN}) AND waiting_since IS NULL)", name="one_pause_at_a_time"
        ),
        CheckConstraint(
            "(planned_from IS NULL) = (planned_until IS NULL) AND planned_from <= planned_until",
            name="planned_days",
        ),
        Index("ix_complaint_queue", "department_id", *_QUEUED, postgresql_where=IS_OPEN),
        Index("ix_complaint_city_queue", *_QUEUED, postgresql_where=IS_OPEN),
        Index("ix_complaint_mine", "assignee_id", "due_at", "id", "set_aside", postgresql_where=IS_OPEN),
        Index("ix_complaint_new", "acknowledge_by", "id", postgresql_where=IS_NEW),
        Index("ix_complaint_unaccepted", "accept_by", "id", postgresql_where=IS_UNACCEPTED),
        Index("ix_complaint_disputed", "due_at", "id", postgresql_where=IS_DISPUTED),
        Index("ix_complaint_aside", "due_at", "id", postgresql_where=IS_ASIDE),
        Index("ix_complaint_alarm", "due_at", "id", postgresql_where=IS_ALARMED),
        Index("ix_complaint_planned", "planned_until", "planned_from", postgresql_where=IS_PLANNED),
        Index(
            "ix_complaint_place",
            *("category_id", "latitude", "longitude", "received_at"),
            postgresql_where=IS_PLACED,
        ),
        Index(
            "ix_complaint_again",
            *("category_id", "latitude", "longitude", "received_at"),
            postgresql_where=text("latitude IS NOT NULL AND status NOT IN ('withdrawn', 'merged')"),
        ),
        Index("ix_complaint_closed", "department_id", "closed_at", "id", postgresql_where=IS_CLOSED),
        Index("ix_complaint_city_closed", "closed_at", "id", postgresql_where=IS_CLOSED),
        Index("ix_complaint_closed_category", "category_id", *_ENDED, "area_id", postgresql_where=IS_CLOSED),
        Index("ix_complaint_closed_area", "area_id", *_ENDED, "category_id", postgresql_where=IS_CLOSED),
        Index("ix_complaint_near", "category_id", "latitude", "longitude", postgresql_where=IS_OFFERED),
        Index("ix_complaint_received", "received_at"),
        Index("ix_complaint_around", "latitude", "longitude", "received_at", postgresql_where=IS_SOMEWHERE),
        *_listed("open", IS_OPEN),
        *_listed("answered", IS_ANSWERED),
        # Category and area in it as well: a word that many wrote is few there.
        Index(
            "ix_complaint_sought",
            "category_id",
            "area_id",
            "sought",
            postgresql_using="gin",
            postgresql_where=IS_PUBLIC,
        ),
        # For officials, who search what is not public too.
        Index("ix_complaint_open_words", "sought", postgresql_using="gin", postgresql_where=IS_OPEN),
        Index(
            "ix_complaint_closed_words",
            *("department_id", "category_id", "area_id", "sought"),
            postgresql_using="gin",
            postgresql_where=IS_CLOSED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reference: Mapped[str] = mapped_column(unique=True)
    submission_key: Mapped[UUID] = mapped_column(ForeignKey("submission.key"), unique=True)
    tracking_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    version: Mapped[int] = mapped_column()
    status: Mapped[Status] = mapped_column(words(Status))
    handover: Mapped[Handover] = mapped_column(words(Handover))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    latitude: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    longitude: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    landmark: Mapped[str]
    words: Mapped[str]
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # What was written, as it is searched (see `searching`); nobody reads it.
    sought: Mapped[str | None] = mapped_column(
        Computed("folded((landmark || ' '::text) || words)", persisted=True), deferred=True
    )
    language: Mapped[str]
    is_public: Mapped[bool]
    is_demo: Mapped[bool]
    promise: Mapped[str]
    priority: Mapped[str | None]
    alarm: Mapped[str | None]
    set_aside: Mapped[str | None]
    flagged_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    reopened_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    acknowledge: Mapped[str]
    acknowledge_by: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    came_from_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    accept_by: Mapped[datetime | None]
    hops: Mapped[int]
    bounces: Mapped[int]
    waiting_since: Mapped[datetime | None]
    paused_since: Mapped[datetime | None]
    pause_cause: Mapped[str | None]
    planned_from: Mapped[date | None]
    planned_until: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    joined: Mapped[int] = mapped_column(server_default=text("0"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))

    category: Mapped[Category] = relationship()
    department: Mapped[Department] = relationship(foreign_keys=[department_id])
    area: Mapped[Area | None] = relationship()
    assignee: Mapped[Person | None] = relationship()

    @property
    def standing_since(self) -> datetime | None:
        """Since when the clock of the answer stands, if it does."""
        return self.waiting_since or self.paused_since

    @property
    def planned(self) -> tuple[date, date] | None:
        """From which day to which the work is planned, if it is."""
        if self.planned_from is None or self.planned_until is None:
            return None
        return self.planned_from, self.planned_until

    # The version counts events; a change made against an older one is refused by the database.
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    @property
    def point(self) -> Point | None:
        """Where it is, if anybody knows."""
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)


class Event(Base):
    """One thing that happened to a complaint: history, feed, evaluation data, trigger of letters."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("complaint_id", "position"),
        # The few that statistics ask for among the many.
        Index("ix_event_reopening", "complaint_id", postgresql_where=IS_REOPENING),
        Index("ix_event_undoing", "complaint_id", postgresql_where=IS_UNDOING),
        Index("ix_event_overlooking", "department_id", "at", postgresql_where=IS_OVERLOOKING),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    position: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(words(EventKind))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[Status] = mapped_column(words(Status))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    note: Mapped[str]
    is_internal: Mapped[bool]
    details: Mapped[dict[str, Any]]

    complaint: Mapped[Complaint] = relationship()
    by: Mapped[Person | None] = relationship()
    department: Mapped[Department] = relationship()
