"""Who else has a report open, and who is typing: so that two officials do not write the same answer.

Their pages say so every few seconds (`beat`); who has been silent for a while is gone. It is no part of a report: it has
no event, and is forgotten within the hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, delete, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.orm import aliased

from cps.complaints.attached import Viewer
from cps.complaints.models import Complaint
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.people.models import Person

# Pages that nobody touches say so every ten seconds.
_HERE: Final = timedelta(seconds=25)
_TYPES: Final = timedelta(seconds=6)
# Written down again only then: most beats read.
_STALE: Final = timedelta(seconds=6)
_KEPT: Final = timedelta(hours=1)
_LOOKS = aliased(Person)


@dataclass(frozen=True, slots=True)
class Other:
    """Another official who has the report open."""

    name: str
    is_typing: bool


def beat(number: int, person: Person, *, is_typing: bool = False) -> list[Other]:
    """Note that this official has the complaint of this number (its id) open; return who else has."""
    now = clock.now()
    new = insert(Viewer).values(
        complaint_id=number, person_id=person.id, seen_at=now, typed_at=now if is_typing else None
    )
    typed = func.coalesce(new.excluded.typed_at, Viewer.typed_at)
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=["complaint_id", "person_id"],
            set_={"seen_at": now, "typed_at": typed},
            where=or_(Viewer.seen_at < now - _STALE, new.excluded.typed_at.is_not(None)),
        )
    )
    found = db.session.execute(
        select(Person.name, func.coalesce(Viewer.typed_at > now - _TYPES, False))
        .join(Person, Person.id == Viewer.person_id)
        .where(Viewer.complaint_id == number, Viewer.person_id != person.id, Viewer.seen_at > now - _HERE)
        .order_by(Person.name, Person.id)
    )
    return [Other(*values) for values in found]


def leave(number: int, person: Person) -> None:
    """Note that this official has closed it."""
    db.session.execute(delete(Viewer).where(Viewer.complaint_id == number, Viewer.person_id == person.id))


def names() -> ScalarSelect[str | None]:
    """Return the column of a queue that names who else has a complaint open; `bound` are its values."""
    separated: Any = aggregate_order_by(literal_column("', '"), _LOOKS.name)
    named: ColumnElement[str] = func.string_agg(_LOOKS.name, separated)
    return (
        select(named)
        .join(Viewer, Viewer.person_id == _LOOKS.id)
        .where(
            Viewer.complaint_id == Complaint.id,
            Viewer.seen_at > bindparam("here_since", None),
            Viewer.person_id != bindparam("looker", None),
        )
        .correlate(Complaint)
        .scalar_subquery()
    )


def bound(person: Person, *, now: datetime) -> dict[str, object]:
    """Return the values that `names` asks for."""
    return {"here_since": now - _HERE, "looker": person.id}


@jobs.app.periodic(cron="11 * * * *")
@jobs.app.task(name="forget_viewers", queueing_lock="forget_viewers", pass_context=False)
def forget_viewers(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Forget who had a report open an hour ago."""
    db.session.execute(delete(Viewer).where(Viewer.seen_at < clock.now() - _KEPT))
