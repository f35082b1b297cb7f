"""Messages: each letter that was or will be sent, once per event, channel and address."""

from datetime import datetime
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
    """A letter to one address about one event."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("event_id", "channel", "address"),
        Index("ix_message_written", "written_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
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
