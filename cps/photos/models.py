"""A photo: what was handed in, and what became of it.

URLs use `key`, which nobody can guess; the hashes name blobs of the storage and stay inside.
A photo that arrives in pieces is an upload until it is whole; each piece is a blob too.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cps.kernel import clock
from cps.kernel.columns import words
from cps.kernel.db import Base
from cps.photos.decode import Reason

_IS_DRAFT = text("complaint_id IS NULL")


class Purpose(StrEnum):
    """What a photo shows: the problem, the place once it is solved, or that nothing was found there, for officials alone."""

    BEFORE = "before"
    AFTER = "after"
    ABSENT = "absent"  # stands last, as photos are listed


class State(StrEnum):
    """How far a photo has come."""

    WAITING = "waiting"
    READY = "ready"
    UNREADABLE = "unreadable"


def new_key() -> str:
    """Draw the name a photo has in URLs: 128 random bits."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Owner:
    """Whose a photo is: a complaint's, by its id, or that of a form which is not filed yet, by its key."""

    complaint_id: int | None = None
    submission_key: UUID | None = None


class Photo(Base):
    """A photo of a complaint, or of a form not yet filed (a draft: no complaint).

    `released_at`, `released_by_id`: when an official let everybody see it, which some cities want first, and who.
    `clear_large`, `clear_small`: of a photo of which parts are `covered`, what officials alone can see.
    `fingerprint`: what it looks like in 64 bits, alike for pictures that look alike.
    """

    __tablename__ = "photo"
    __table_args__ = (
        Index("ix_photo_draft_taken_in_at", "taken_in_at", postgresql_where=_IS_DRAFT),
        Index("ix_photo_draft_submission_key", "submission_key", postgresql_where=_IS_DRAFT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True, default=new_key)
    submission_key: Mapped[UUID | None]
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(words(Purpose), default=Purpose.BEFORE)
    position: Mapped[int] = mapped_column(default=0)
    original: Mapped[str]
    original_size: Mapped[int]
    state: Mapped[State] = mapped_column(words(State), default=State.WAITING)
    large: Mapped[str | None]
    small: Mapped[str | None]
    clear_large: Mapped[str | None]
    clear_small: Mapped[str | None]
    covered: Mapped[list[int] | None] = mapped_column(JSONB(none_as_null=True))
    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_in_at: Mapped[datetime] = mapped_column(default=clock.now)
    decoded_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    fingerprint: Mapped[int | None] = mapped_column(BigInteger)
    unreadable_reason: Mapped[Reason | None] = mapped_column(words(Reason))


class Upload(Base):
    """A photo on its way from its reporter's phone: `received` of `size` bytes are durable; whole, it has a photo.

    `key` is the name the phone gave it, so that the phone can go on after any cut. It belongs to a complaint, or to a
    form (`submission_key`) until that is filed.
    """

    __tablename__ = "photo_upload"
    __table_args__ = (
        UniqueConstraint("complaint_id", "key", name="uq_photo_upload_key"),
        UniqueConstraint("submission_key", "key", name="uq_photo_upload_form_key"),
        CheckConstraint("num_nonnulls(complaint_id, submission_key) = 1", name="one_owner"),
        Index("ix_photo_upload_photo_id", "photo_id"),
        Index("ix_photo_upload_changed_at", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    submission_key: Mapped[UUID | None]
    key: Mapped[UUID]
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class Piece(Base):
    """What came of an upload at one time, from the byte `start` on."""

    __tablename__ = "photo_piece"
    __table_args__ = (Index("ix_photo_piece_blob", "blob"),)

    upload_id: Mapped[int] = mapped_column(ForeignKey("photo_upload.id"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    blob: Mapped[str]
