"""The model in use, and how well it did on later reports than it had learned from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from cps.kernel.db import Base


class SuggestionModel(Base):
    """The one model; `accuracy`, `in_three` and `commonest` are shares of the `tested` newest decided reports.

    `in_three`: the right kind was among the three likeliest. `commonest`: what always saying the commonest
    kind would have got right, which is the least that a model must beat.
    """

    __tablename__ = "suggestion_model"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    learned: Mapped[int]
    tested: Mapped[int]
    accuracy: Mapped[float]
    in_three: Mapped[float]
    commonest: Mapped[float]
    weights: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    @property
    def is_good_enough(self) -> bool:
        """Whether it may be offered: right more often than not, and clearly better than always saying the same."""
        return self.accuracy >= 0.5 and self.accuracy >= self.commonest + 0.1
