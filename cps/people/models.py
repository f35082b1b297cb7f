"""Officials: who they are, in which department, with which role."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.kernel.columns import words
from cps.kernel.db import Base


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
