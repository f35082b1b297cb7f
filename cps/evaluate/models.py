"""The figures that everybody may see, as they were last counted: one row per period."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from cps.kernel.db import Base


class Statistic(Base):
    """The figures of a period; small groups are put together already, so a copy of it tells no more."""

    __tablename__ = "statistic"

    period: Mapped[str] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]]
