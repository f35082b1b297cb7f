"""Messages: each letter that was or will be sent, once per event, channel and address; digests once per day."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cps.kernel.columns import words
from cps.kernel.db import Base


class MessageState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"  # the demo keeps its letters instead of sending them
    FAILED = "failed"  # given up, for people to look at


class Message(Base):
    """A letter to one address about one event; `event_id` None: a digest, which its own row keeps from coming twice."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("event_id", "channel", "address"),
        Index("ix_message_written", "written_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    channel: Mapped[str]
    address: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[MessageState] = mapped_column(words(MessageState))
    attempts: Mapped[int]
    last_error: Mapped[str | None]
    written_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Digest(Base):
    """The morning's mail of an official on a day, sent or not worth sending."""

    __tablename__ = "digest"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
