"""When officials are away, and who stands in for them: entered, taken back or ended early, and who hears things instead.

Nobody is away twice on one day, whoever enters it and however many do so at once: the official's row is locked.
What somebody may do is not lent: who stands in hears of the reports, and counts as the one who handles them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from cps.city.queries import today
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.kernel.text import Text, _
from cps.people.models import Leave, Person, Role
from cps.people.queries import WITH_LEAVE

MOST_DAYS: Final = 366
SHOWN: Final = 200
"""So many are listed at most."""


def may_enter(by: Person, person: Person) -> bool:
    """Whether an official may say when somebody is away: of oneself, heads of their department, coordinators of all."""
    if person.is_auditor or by.is_auditor:
        return False
    leads = by.role is Role.HEAD and by.department_id == person.department_id
    return by.id == person.id or by.is_city_wide or leads


def plan(person: Person, *, first: date, last: date, cover: Person | None, by: Person) -> Leave:
    """Enter from when to when an official is away, and who stands in, if somebody does.

    Raises Invalid by field (`first`, `last`, `cover`) for days or a colleague that cannot be.
    """
    if not may_enter(by, person):
        raise Refused(_("Officials enter their own leave; heads and coordinators also that of others."))
    _hold(person, cover)
    if faults := _faults(person, first, last, cover):
        raise Invalid(faults)
    leave = Leave(person=person, first_day=first, last_day=last, cover=cover, set_by=by, set_at=clock.now())
    db.session.add(leave)
    db.session.flush()
    db.session.expire(person, ["away"])
    _tell_cover(leave, by)
    return leave


def end(leave: Leave, *, by: Person) -> None:
    """Let a leave count no more from now on, whether it has begun or not; one that is over stays as it was."""
    if not may_enter(by, leave.person):
        raise NotFound
    if leave.ended_at is None and leave.last_day < today():
        raise Refused(_("This leave is over already."))
    if leave.ended_at is None:
        leave.ended_at, leave.ended_by_id = clock.now(), by.id
        db.session.flush()
        _tell_cover(leave, by)
    db.session.expire(leave.person, ["away"])


def one_of(by: Person, number: int) -> Leave:
    """Return a leave that this official may end, locked, or raise NotFound."""
    query = select(Leave).where(Leave.id == number).options(joinedload(Leave.person))
    leave = db.session.scalar(query.with_for_update(of=Leave))
    if leave is None or not may_enter(by, leave.person):
        raise NotFound
    return leave


def ahead(by: Person, *, department_id: int | None = None) -> Sequence[Leave]:
    """Return the leaves of today and later that concern this official, the first to begin first.

    Their own and those they stand in for; heads see their department, coordinators the city or one department of it.
    """
    person = aliased(Person)
    query = (
        select(Leave)
        .join(person, person.id == Leave.person_id)
        .where(Leave.ended_at.is_(None), Leave.last_day >= today(), person.is_active)
        .where(_concerning(by, person.department_id, department_id))
        .options(joinedload(Leave.person), joinedload(Leave.set_by))
        .options(joinedload(Leave.cover).options(WITH_LEAVE))
        .order_by(Leave.first_day, person.name, Leave.id)
        .limit(SHOWN)
    )
    return db.session.scalars(query).all()


def stood_in_for(person: Person) -> Sequence[Leave]:
    """Return today's leaves in which this official was named to stand in, by name of who is away."""
    away = aliased(Person)
    query = (
        select(Leave)
        .join(away, away.id == Leave.person_id)
        .where(Leave.cover_id == person.id, Leave.is_on(today()), away.is_active)
        .where(away.department_id.is_not_distinct_from(person.department_id))
        .options(joinedload(Leave.person))
        .order_by(away.name, Leave.id)
    )
    return db.session.scalars(query).all()


def hearing(officials: Iterable[Person]) -> list[Person]:
    """Return who hears today what these officials are to hear: they, or while they are away who stands in, if anybody."""
    found = (one.away.stand_in if one.away else one for one in officials)
    return list(dict.fromkeys(one for one in found if one is not None))


def is_stood_in_for(person: Person, *, by: Person) -> bool:
    """Whether one official stands in today for another."""
    return person.away is not None and person.away.cover_id == by.id


def is_away_on(day: date) -> ColumnElement[bool]:
    """Say, of a person who is asked for, that they are away on that day."""
    return exists().where(Leave.person_id == Person.id, Leave.is_on(day))


def told(leave: Leave, *, until: str) -> Text:
    """Say that somebody is away, until which day, written as it is read, and who stands in."""
    if leave.stand_in is None:
        return _("away until %(day)s", day=until)
    return _("away until %(day)s, %(name)s stands in", day=until, name=leave.stand_in.name)


def _tell_cover(leave: Leave, by: Person) -> None:
    """Let who stands in hear of it, if it was not they who said so."""
    if leave.cover_id not in (None, by.id):
        jobs.defer(jobs.TELL_COVER, leave_id=leave.id)


def _concerning(
    by: Person, of: InstrumentedAttribute[int | None], department_id: int | None
) -> ColumnElement[bool]:
    if by.is_city_wide:
        return true() if department_id is None else of == department_id
    if by.role is Role.HEAD and by.department_id is not None:
        return of == by.department_id
    return or_(Leave.person_id == by.id, Leave.cover_id == by.id)


def _hold(person: Person, cover: Person | None) -> None:
    """Lock them, in one order for everybody: who enters another leave of theirs waits, and then sees this one."""
    numbers = {person.id, cover.id if cover else person.id}
    query = select(Person.id).where(Person.id.in_(numbers)).order_by(Person.id)
    db.session.execute(query.with_for_update(key_share=True))


def _faults(person: Person, first: date, last: date, cover: Person | None) -> dict[str, Text]:
    if first < today():
        return {"first": _("This day is over. Choose today or a later day.")}
    if last < first:
        return {"last": _("The last day comes before the first.")}
    if (last - first).days >= MOST_DAYS:
        return {"last": _("A leave is one year long at most.")}
    faults: dict[str, Text] = {}
    if _is_away(person, first, last):
        faults["first"] = _("%(name)s is away on some of these days already.", name=person.name)
    if cover is not None and (fault := _fault_of_cover(person, cover, first, last)):
        faults["cover"] = fault
    return faults


def _fault_of_cover(person: Person, cover: Person, first: date, last: date) -> Text | None:
    if cover.id == person.id:
        return _("Nobody stands in for themselves. Choose a colleague.")
    if not cover.is_active or cover.is_auditor or cover.department_id != person.department_id:
        return _("Choose a colleague of the same department.")
    if _is_away(cover, first, last):
        return _("%(name)s is away on some of these days. Choose somebody else.", name=cover.name)
    return None


def _is_away(person: Person, first: date, last: date) -> bool:
    overlapping = select(Leave.id).where(
        Leave.person_id == person.id,
        Leave.ended_at.is_(None),
        Leave.first_day <= last,
        Leave.last_day >= first,
    )
    return db.session.scalar(overlapping.limit(1)) is not None
