"""Who reported and how to reach them, apart from the complaint; and who looked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.complaints.models import Complaint
from cps.kernel.db import Base


class Reporter(Base):
    """Who reported and how to reach them, as far as they said; apart from the complaint, read through `reporters` only.

    `confirmed_at`: when a code showed that address or number is theirs; None where that was not asked.
    """

    __tablename__ = "reporter"
    __table_args__ = (
        Index("ix_reporter_phone", text('"right"(phone, 7)'), postgresql_where=text("phone IS NOT NULL")),
        Index("ix_reporter_email", text("lower(email)"), postgresql_where=text("email IS NOT NULL")),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    email: Mapped[str | None]
    phone: Mapped[str | None]
    name: Mapped[str | None]
    language: Mapped[str]
    confirmed_at: Mapped[datetime | None]

    complaint: Mapped[Complaint] = relationship()


class Reveal(Base):
    """An official looked at a reporter's contact: who, when and why."""

    __tablename__ = "reveal"
    __table_args__ = (Index("ix_reveal_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
