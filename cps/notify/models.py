"""Messages: each letter that was or will be sent, once per event, channel and address; digests once per day."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.kernel.columns import words
from cps.kernel.db import Base


class MessageState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"  # the demo keeps its letters instead of sending them
    FAILED = "failed"  # given up, for people to look at


class Message(Base):
    """A letter to one address about one event; `event_id` None: a digest, which its own row keeps from coming twice.

    `unsubscribe`: the address that ends such mails with one click, where the reader asked for them. `expires_at`: of
    a letter with a code, from when it is worth nothing: it is not sent any more, and not kept for long.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("event_id", "channel", "address"),
        Index("ix_message_written", "written_at", "id"),
        Index("ix_message_waiting", "address", "written_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    channel: Mapped[str]
    address: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    unsubscribe: Mapped[str | None]
    expires_at: Mapped[datetime | None]
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


class ContactCode(Base):
    """A code that was sent to an address from a form; what it was, and where it went, only as hashes with our key.

    `client_hash`: of where the form came from. `tries`: how many wrong codes were typed.
    """

    __tablename__ = "contact_code"
    __table_args__ = (
        Index("ix_contact_code_submission_key", "submission_key", "address_hash"),
        Index("ix_contact_code_address_hash", "address_hash", "sent_at"),
        Index("ix_contact_code_client_hash", "client_hash", "sent_at"),
        Index("ix_contact_code_sent_at", "sent_at"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    submission_key: Mapped[UUID]
    channel: Mapped[str]
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    client_hash: Mapped[bytes] = mapped_column(LargeBinary)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime]
    tries: Mapped[int]
    confirmed_at: Mapped[datetime | None]


class Subscriber(Base):
    """Who wants mail about places: personal data, kept here alone.

    `told_on`: the day of the last round of mails. `asks`: how many mails asked for a confirmation on `asked_on`.
    """

    __tablename__ = "subscriber"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    asked_on: Mapped[date | None]
    asks: Mapped[int]
    told_on: Mapped[date | None]

    alerts: Mapped[list["Alert"]] = relationship(back_populates="subscriber", order_by="Alert.id")


class Alert(Base):
    """A wish for mail about new public reports in an area, or within `radius_m` of a point; of one category or all.

    Nothing is sent before `confirmed_at`. What was received after `told_until` is news.
    """

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint("(area_id IS NULL) = (latitude IS NOT NULL)", name="area_or_point"),
        Index("ix_alert_unconfirmed", "asked_at", postgresql_where=text("confirmed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    latitude: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    longitude: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    radius_m: Mapped[int | None]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told_until: Mapped[datetime]

    subscriber: Mapped[Subscriber] = relationship(back_populates="alerts")
