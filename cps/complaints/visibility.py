"""Who may see which complaints: the query that loads a thing is the permission to see it.

Citizens see what is public. Officials see the public ones, all of their own department, what it sent on until
the other one has accepted it, and what it was asked to contribute to; who looks after the whole city sees all.
Acting is narrower than seeing: own department or whole city. Who was asked may act on its sub-task, and read
on afterwards.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, text, true
from sqlalchemy.orm import joinedload

from cps.city import masking
from cps.city.queries import CityInForce, in_force
from cps.complaints.attached import Subtask
from cps.complaints.models import Complaint, Event
from cps.complaints.views import is_under_review
from cps.geo.point import Point
from cps.geo.rounding import rounded
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.kernel.references import canonical
from cps.kernel.text import _
from cps.people.models import Person

_NOT_FOUND = _("We found no report with this number. Check the number.")


@dataclass(frozen=True)
class Visible:
    """The complaints someone may see (or act on)."""

    condition: ColumnElement[bool]

    def one(self, reference: str, *, locked: bool = False) -> Complaint:
        """Return the complaint with this reference, or raise NotFound, whether it exists or not."""
        wanted = canonical(reference)
        query = self._query(Complaint.reference == wanted, locked=locked)
        found: Complaint | None = db.session.scalar(query) if wanted else None
        if found is None:
            raise NotFound(_NOT_FOUND)
        return found

    def several(self, references: Collection[str], *, locked: bool = False) -> dict[str, Complaint]:
        """Return those of these references that there are, locked in one order: two who want the same never wait in a ring."""
        query = self._query(Complaint.reference.in_(references), locked=locked).order_by(Complaint.id)
        return {complaint.reference: complaint for complaint in db.session.scalars(query)}

    def numbers(self, references: Collection[str]) -> dict[str, int]:
        """Return the ids of those of these references that there are."""
        query = select(Complaint.reference, Complaint.id)
        found = db.session.execute(query.where(Complaint.reference.in_(references), self.condition))
        return {row.reference: row.id for row in found}

    def version_of(self, reference: str) -> tuple[int, int]:
        """Return the id and the version of the complaint with this reference, or raise NotFound, as `one` does."""
        query = select(Complaint.id, Complaint.version)
        found = db.session.execute(
            query.where(Complaint.reference == canonical(reference), self.condition)
        ).one_or_none()
        if found is None:
            raise NotFound(_NOT_FOUND)
        return found.id, found.version

    def _query(self, wanted: ColumnElement[bool], *, locked: bool) -> Select[Any]:
        query = select(Complaint).where(wanted, self.condition)
        if locked:
            # Nothing is joined: who waited for the lock gets the row as it is now, but beside it what belonged to the
            # row before, or nothing where that is another one now (another department, category, handler).
            return query.with_for_update(of=Complaint)
        return query.options(
            *(joinedload(one) for one in (Complaint.category, Complaint.area, Complaint.department)),
            joinedload(Complaint.assignee).joinedload(Person.away),
        )


def for_public() -> Visible:
    """What everybody may see: filed as public, in a category that is public still."""
    return Visible(is_listed(in_force()))


def seen_landmark(category_id: int, landmark: str, city: CityInForce) -> str:
    """Return the landmark as everybody may read it: not where it may lead to somebody's home."""
    if category_id in city.rounded_categories:
        return ""
    return seen_words(landmark, city)


def seen_words(words: str, city: CityInForce) -> str:
    """Return what a citizen wrote as everybody may read it: without insults."""
    return masking.masked(words, city.profile.asks.abuse.insults)


def seen_point(category_id: int, point: Point, city: CityInForce) -> Point:
    """Return the place as everybody may know it."""
    return rounded(point) if category_id in city.rounded_categories else point


def is_listed(city: CityInForce) -> ColumnElement[bool]:
    """Say what everybody may see: filed as public, in a category that still is."""
    # Written out, not bound: the partial indexes are chosen by it, and these few numbers seldom change.
    numbers = ", ".join(map(str, sorted(city.private_categories)))
    still = f" AND complaint.category_id NOT IN ({numbers})" if numbers else ""
    return and_(text(f"complaint.is_public{still}"))


def for_official(person: Person) -> Visible:
    """What this official may read."""
    if person.reads_city:
        return Visible(true())
    return Visible(
        or_(
            Complaint.is_public,
            Complaint.department_id == person.department_id,
            Complaint.came_from_id == person.department_id,
            _asked(person),
        )
    )


def for_writer(person: Person, *, since: datetime) -> Visible:
    """What this official may read, or wrote down for somebody since then: whom it went to matters not."""
    wrote_down = select(Event.id).where(
        Event.complaint_id == Complaint.id,
        Event.position == 1,
        Event.by_id == person.id,
        Event.at >= since,
    )
    return Visible(or_(for_official(person).condition, wrote_down.exists()))


def for_action(person: Person) -> Visible:
    """What this official may change; nobody without a department."""
    if person.is_city_wide:
        return Visible(true())
    return Visible(Complaint.department_id == person.department_id)


def for_decision(person: Person) -> Visible:
    """What this official may change, or has to decide as auditor because a citizen objected again."""
    return Visible(is_under_review()) if person.is_auditor else for_action(person)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an official reaches a report, for the record of who tried what: they are told nothing of it."""

    reference: str
    reads: bool
    changes: bool


def reach(person: Person, reference: str) -> Reach | None:
    """Say how far this official reaches the report with this reference; None if there is none at all."""
    query = select(Complaint.reference, for_official(person).condition, for_action(person).condition)
    found = db.session.execute(query.where(Complaint.reference == canonical(reference))).one_or_none()
    return Reach(found[0], reads=bool(found[1]), changes=bool(found[2])) if found else None


def one_there(references: Collection[str]) -> str | None:
    """Return one of these references that there is, for the same record."""
    query = select(Complaint.reference).where(Complaint.reference.in_(references))
    found: str | None = (
        db.session.scalar(query.order_by(Complaint.reference).limit(1)) if references else None
    )
    return found


def for_contribution(person: Person) -> Visible:
    """Where this official may answer what the department was asked."""
    return Visible(true() if person.is_city_wide else _asked(person))


def _asked(person: Person) -> ColumnElement[bool]:
    return (
        select(Subtask.id)
        .where(Subtask.complaint_id == Complaint.id, Subtask.department_id == person.department_id)
        .exists()
    )
