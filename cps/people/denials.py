"""What officials tried that is not theirs to do: who, what, how often on a day, and when and with what last.

An official has one row a day for each route, however often it is tried: no flood of tries fills the disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, delete, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.orm import Mapped, mapped_column

from cps.city.queries import in_force
from cps.kernel import clock, jobs
from cps.kernel.columns import words
from cps.kernel.db import Base, db
from cps.people.models import Person

DAYS: Final = 90
"""So far back they are shown."""
_MOST: Final = 50
_LIVES: Final = timedelta(
    days=730
)  # Korea asks two years of the log of a large system (개인정보의 안전성 확보조치 기준, 8조)


class Kind(StrEnum):
    """What was tried: a report, its reporter, a page for other roles, or what somebody else keeps."""

    READ = "read"
    CHANGE = "change"
    REPORTER = "reporter"
    PAGE = "page"
    THING = "thing"


class Denial(Base):
    """What an official tried on one day by one route, and was denied; `thing` is the last that was wanted, empty for a page.

    It holds nothing of a citizen, and of an address only what was found in the database.
    """

    __tablename__ = "denial"
    __table_args__ = (Index("ix_denial_day", "day"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(words(Kind))
    thing: Mapped[str]
    times: Mapped[int]
    last_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Tried:
    """How often an official tried something of one kind on a day, when last, and with what then."""

    person_id: int
    name: str
    kind: Kind
    times: int
    last_at: datetime
    thing: str


def note(person_id: int, kind: Kind, *, route: str, thing: str) -> None:
    """Write down that this official was denied something by a route: one more of the city's day."""
    now = clock.now()
    key = {"person_id": person_id, "day": _day(now), "route": route}
    latest = {"kind": kind, "thing": thing, "last_at": now}
    new = insert(Denial).values(**key, **latest, times=1)
    db.session.execute(
        new.on_conflict_do_update(index_elements=list(key), set_={**latest, "times": Denial.times + 1})
    )


def lately(*, by: int | None = None) -> Sequence[Tried]:
    """Return what was tried in the last DAYS, the latest first, by one official if `by` names one."""
    last_at = func.max(Denial.last_at)
    in_order: Any = aggregate_order_by(Denial.thing, Denial.last_at.desc())
    query = (
        select(
            Person.id, Person.name, Denial.kind, func.sum(Denial.times), last_at, func.array_agg(in_order)[1]
        )
        .join(Person, Person.id == Denial.person_id)
        .where(Denial.day > _day(clock.now()) - timedelta(days=DAYS))
        .group_by(Person.id, Person.name, Denial.day, Denial.kind)
        .order_by(last_at.desc(), Person.id, Denial.kind)
        .limit(_MOST)
    )
    if by is not None:
        query = query.where(Denial.person_id == by)
    return [Tried(*row) for row in db.session.execute(query)]


@jobs.app.periodic(cron="43 2 * * *")
@jobs.app.task(name="forget_denials", queueing_lock="forget_denials", pass_context=False)
def forget_denials(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Forget what was denied two years ago."""
    db.session.execute(delete(Denial).where(Denial.day < _day(clock.now() - _LIVES)))


def _day(at: datetime) -> date:
    return at.astimezone(in_force().profile.calendar.zone).date()
