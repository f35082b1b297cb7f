"""What an official did to many reports at once: one number for all, and for each what was done or why it was left out.

It is kept as it was said to who did it, and shown to nobody else. Each report has its own event, as if it had been alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, aliased, mapped_column

from cps.complaints.conditions import IS_COUNTED
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import Base, db
from cps.kernel.errors import NotFound
from cps.people.models import Person

MOST: Final = 500
"""So many reports can be changed at once."""


class Batch(Base):
    """One act on many reports; the form that asked for it brought the key, so that it is done once."""

    __tablename__ = "batch"

    key: Mapped[UUID] = mapped_column(primary_key=True)
    action: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class BatchLine(Base):
    """One report of a batch: its event, or in words why there is none."""

    __tablename__ = "batch_line"
    __table_args__ = (CheckConstraint("(event_id IS NULL) = (refusal <> '')", name="done_or_left_out"),)

    batch_key: Mapped[UUID] = mapped_column(ForeignKey("batch.key"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reference: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    refusal: Mapped[str]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one report; `refusal` is empty where something was done."""

    reference: str
    event_id: int | None
    refusal: str


def begin(key: UUID, *, action: str, by: Person) -> bool:
    """Claim the key for this act; False if it was done already, and whoever comes second waits to hear it."""
    row = {"key": key, "action": action, "by_id": by.id, "at": clock.now()}
    claimed = insert(Batch).values(row).on_conflict_do_nothing().returning(Batch.key)
    return db.session.scalar(claimed) is not None


def keep(key: UUID, done: Sequence[Done]) -> None:
    """Write down what became of each report."""
    rows = [
        {
            "batch_key": key,
            "position": place,
            "reference": one.reference,
            "event_id": one.event_id,
            "refusal": one.refusal,
        }
        for place, one in enumerate(done, start=1)
    ]
    db.session.execute(insert(BatchLine), rows)


def one_of(person: Person, key: UUID) -> Batch:
    """Return what this official did under this key, or raise NotFound."""
    batch = db.session.get(Batch, key)
    if batch is None or batch.by_id != person.id:
        raise NotFound
    return batch


def versions_of(batch: Batch) -> Sequence[tuple[str, int]]:
    """Return what it changed: each report, and the version that was reached."""
    query = select(BatchLine.reference, Event.position).join(Event, Event.id == BatchLine.event_id)
    found = db.session.execute(query.where(BatchLine.batch_key == batch.key).order_by(BatchLine.position))
    return [(row.reference, row.position) for row in found]


def standing_of(batch: Batch) -> frozenset[str]:
    """Return the reports where what it did was not taken back."""
    query = select(BatchLine.reference).join(Event, Event.id == BatchLine.event_id)
    return frozenset(db.session.scalars(query.where(BatchLine.batch_key == batch.key, IS_COUNTED)))


def merged_of(batch: Batch) -> frozenset[str]:
    """Return the reports that it merged into another and that were not taken out again."""
    query = select(BatchLine.reference).join(Complaint, Complaint.reference == BatchLine.reference)
    done = BatchLine.batch_key == batch.key, BatchLine.event_id.is_not(None)
    return frozenset(db.session.scalars(query.where(*done, Complaint.status == Status.MERGED)))


def leads_of(batch: Batch) -> Sequence[str]:
    """Return the reports into which those that it merged are merged now."""
    lead = aliased(Complaint)
    query = select(lead.reference).join(Complaint, Complaint.lead_id == lead.id).distinct()
    line = BatchLine.reference == Complaint.reference
    return db.session.scalars(query.join(BatchLine, line).where(BatchLine.batch_key == batch.key)).all()


def lines_of(batch: Batch) -> Sequence[BatchLine]:
    """Return its lines in the order they were chosen in."""
    query = select(BatchLine).where(BatchLine.batch_key == batch.key).order_by(BatchLine.position)
    return db.session.scalars(query).all()
