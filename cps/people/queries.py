"""Questions about officials."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from cps.kernel.db import db
from cps.people.models import Leave, Person, Role

WITH_LEAVE = joinedload(Person.away).joinedload(Leave.cover).joinedload(Person.away)
"""With who is away, who was named to stand in, and whether they are away as well."""


def active(person_id: int) -> Person | None:
    """Return the person with this id if the account is still in use."""
    person = db.session.get(Person, person_id)
    return person if person is not None and person.is_active else None


def with_number(person_id: int) -> Person | None:
    """Return the official with this id, whether the account is still in use or not."""
    return db.session.get(Person, person_id)


def colleagues_in(department_id: int | None) -> Sequence[Person]:
    """Return the active officials of a department, or of none, by name, with who is away."""
    return db.session.scalars(
        select(Person)
        .options(WITH_LEAVE)
        .where(Person.department_id == department_id, Person.is_active)
        .order_by(Person.name, Person.id)
    ).all()


def colleague(person_id: int, *, department_id: int) -> Person | None:
    """Return the active official of this department with this id."""
    return db.session.scalar(
        select(Person).where(Person.id == person_id, Person.department_id == department_id, Person.is_active)
    )


def heads_of(department_id: int) -> Sequence[Person]:
    """Return the active heads of a department, in a fixed order."""
    return _active(Person.role == Role.HEAD, Person.department_id == department_id)


def coordinators() -> Sequence[Person]:
    """Return the active officials who look after the whole city, in a fixed order."""
    return _active(Person.role == Role.COORDINATOR)


def auditors() -> Sequence[Person]:
    """Return the active officials who look at what others did, in a fixed order."""
    return _active(Person.role == Role.AUDITOR)


def with_ids(person_ids: Iterable[int]) -> Sequence[Person]:
    """Return those of these officials whose account is still in use, in a fixed order."""
    return _active(Person.id.in_(person_ids))


def _active(*conditions: ColumnElement[bool]) -> Sequence[Person]:
    query = select(Person).options(WITH_LEAVE).where(Person.is_active, *conditions)
    return db.session.scalars(query.order_by(Person.id)).all()
