"""Queues kept under a name: by an official for themselves, by heads for their department, by coordinators for all.

A saved view says what is asked for, never whose work it is: whoever opens one sees it in the own queue.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Identity, and_, delete, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from cps.complaints import searching
from cps.complaints.models import Complaint
from cps.complaints.views import (
    Day,
    Sieve,
    View,
    concerns,
    condition,
    latest,
    missed,
    on_day,
    planned_on,
    within,
)
from cps.kernel import clock
from cps.kernel.columns import words
from cps.kernel.db import Base, db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person, Role

LONGEST_NAME: Final = 40
MOST: Final = 12
"""How many an official is shown, and so many each may keep."""
DIGITS: Final = range(1, 10)
# What only grows, and what other departments ask, is not counted here.
_UNCOUNTED = frozenset({View.CLOSED, View.ASKED})


class Sharing(StrEnum):
    """Who is shown a saved view."""

    PERSONAL = "personal"
    DEPARTMENT = "department"
    CITY = "city"


class SavedView(Base):
    """A queue under a name: its view, the filters of its address, and its words as they are searched."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    sharing: Mapped[Sharing] = mapped_column(words(Sharing))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str]
    view: Mapped[View] = mapped_column(words(View))
    filters: Mapped[dict[str, Any]]
    patterns: Mapped[list[str]]
    saved_at: Mapped[datetime]


class SavedViewPin(Base):
    """The digit that an official reaches a saved view by."""

    __tablename__ = "saved_view_pin"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digit: Mapped[int] = mapped_column(primary_key=True)
    saved_view_id: Mapped[int] = mapped_column(ForeignKey("saved_view.id", ondelete="CASCADE"), index=True)


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved view as one official has it; `digit`: which one it is reached by, if any."""

    saved: SavedView
    digit: int | None


def sharings(person: Person) -> list[Sharing]:
    """Say with whom this official may share."""
    if person.is_city_wide:
        return [Sharing.PERSONAL, Sharing.CITY]
    return [Sharing.PERSONAL, Sharing.DEPARTMENT] if person.role is Role.HEAD else [Sharing.PERSONAL]


def may_change(person: Person, saved: SavedView) -> bool:
    """Whether this official may rename or remove it: the own, or who could share it so."""
    if saved.sharing is Sharing.PERSONAL:
        return saved.person_id == person.id
    is_ours = saved.sharing is Sharing.CITY or saved.department_id == person.department_id
    return saved.sharing in sharings(person) and is_ours


def of(person: Person) -> list[Shown]:
    """Return what this official is shown: pinned ones first, then the own, then by name."""
    is_own = SavedView.person_id == person.id
    pin = and_(SavedViewPin.saved_view_id == SavedView.id, SavedViewPin.person_id == person.id)
    query = (
        select(SavedView, SavedViewPin.digit)
        .outerjoin(SavedViewPin, pin)
        .where(
            or_(
                and_(SavedView.sharing == Sharing.PERSONAL, is_own),
                and_(
                    SavedView.sharing == Sharing.DEPARTMENT, SavedView.department_id == person.department_id
                ),
                SavedView.sharing == Sharing.CITY,
            )
        )
        .order_by(SavedViewPin.digit.nulls_last(), is_own.desc(), SavedView.name, SavedView.id)
    )
    return [Shown(saved, digit) for saved, digit in db.session.execute(query.limit(MOST))]


def one_of(person: Person, number: int) -> Shown:
    """Return a saved view that this official is shown, or raise NotFound."""
    found = next((one for one in of(person) if one.saved.id == number), None)
    if found is None:
        raise NotFound
    return found


def save(name: str, *, sharing: Sharing, view: View, filters: Mapping[str, str], by: Person) -> SavedView:
    """Keep a queue under a name; raise Invalid for a bad name, Refused for one too many."""
    _expect(name)
    if sharing not in sharings(by):
        raise NotFound
    own = select(func.count(SavedView.id)).where(SavedView.person_id == by.id)
    if db.session.scalars(own).one() >= MOST:
        raise Refused(_("%(most)s views can be saved. Remove one first.", most=MOST))
    sought = searching.sought(filters.get("q", ""))
    saved = SavedView(
        sharing=sharing,
        person_id=by.id,
        department_id=by.department_id if sharing is Sharing.DEPARTMENT else None,
        name=name.strip(),
        view=view,
        filters=dict(filters),
        patterns=list(sought.patterns) if sought else [],
        saved_at=clock.now(),
    )
    db.session.add(saved)
    db.session.flush()
    return saved


def rename(saved: SavedView, name: str, *, by: Person) -> SavedView:
    """Give it another name."""
    if not may_change(by, saved):
        raise NotFound
    _expect(name)
    saved.name = name.strip()
    return saved


def pin(saved: SavedView, digit: int | None, *, by: Person) -> None:
    """Reach it by this digit, which is then no other's; None: by none."""
    place = or_(SavedViewPin.saved_view_id == saved.id, SavedViewPin.digit == digit)
    db.session.execute(delete(SavedViewPin).where(SavedViewPin.person_id == by.id, place))
    if digit is not None:
        db.session.add(SavedViewPin(person_id=by.id, digit=digit, saved_view_id=saved.id))


def remove(saved: SavedView, *, by: Person) -> None:
    """Show it to nobody any more."""
    if not may_change(by, saved):
        raise NotFound
    db.session.execute(delete(SavedView).where(SavedView.id == saved.id))


def counted(asked: Collection[tuple[SavedView, Sieve]], person: Person, *, day: Day) -> dict[int, int]:
    """Count what each of these holds for this official, in one statement, by the indexes of open work."""
    numbers = {
        saved.id: _number(saved, sieve, person) for saved, sieve in asked if saved.view not in _UNCOUNTED
    }
    if not numbers:
        return {}
    bound = {"department": person.department_id, "person": person.id, "now": day.now, "day_ends": day.ends}
    return dict(zip(numbers, db.session.execute(select(*numbers.values()), bound).one(), strict=True))


def _number(saved: SavedView, sieve: Sieve, person: Person) -> Any:
    # The values stand in each question itself: the same column is narrowed to another value in the next.
    columns = ("category_id", "area_id", "department_id", "assignee_id")
    narrowed: Sequence[Any] = [
        getattr(Complaint, name) == value for name in columns if (value := getattr(sieve, name)) is not None
    ]
    query = select(func.count(Complaint.id)).where(condition(saved.view), *narrowed)
    if sieve.on is not None:
        query = query.where(on_day(saved.view, sieve.on.begins, sieve.on.ends))
    if sieve.received is not None:
        query = query.where(within(Complaint.received_at, sieve.received.begins, sieve.received.ends))
    if sieve.planned is not None:
        query = query.where(planned_on(sieve.planned, latest(sieve.planned)))
    if sieve.missed is not None:
        query = query.where(missed(sieve.missed))
    if sieve.is_unassigned:
        query = query.where(Complaint.assignee_id.is_(None))
    if saved.patterns:
        query = query.where(searching.holds(Complaint.sought, tuple(saved.patterns)))
    if not person.reads_city:
        query = query.where(concerns(saved.view))
    return query.scalar_subquery()


def _expect(name: str) -> None:
    fault: Text | None = None
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        fault = _("Write a name of at most %(most)s letters.", most=LONGEST_NAME)
    if fault:
        raise Invalid({"name": fault})
