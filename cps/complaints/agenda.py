"""The agenda: for each open complaint the moment when time alone brings something to it next.

A row says when to look at a complaint that stands at a version. Whatever happens to a complaint raises its
version, so whose row is missing or old is planned anew with the next look: filing has no part in it, and
a deadline that moved needs no one to say so.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert

from cps.city.promise import Promise
from cps.city.queries import CityInForce, in_force
from cps.complaints import history, scheduling, seeing
from cps.complaints.attached import Agenda
from cps.complaints.conditions import IS_COUNTED, IS_OPEN
from cps.complaints.course import Course, course_of
from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.db import db

_WEEK = timedelta(days=7)
_NEW_ROW = insert(Agenda.metadata.tables[Agenda.__tablename__])
# Another worker may have gone on with a complaint meanwhile: its row is not put back.
_KEEP = _NEW_ROW.on_conflict_do_update(
    index_elements=["complaint_id"],
    set_={name: _NEW_ROW.excluded[name] for name in ("version", "plan", "next_at")},
    where=text("agenda.version <= excluded.version"),
)


def plan(*, most: int) -> int:
    """Plan at most so many open complaints that are not planned as they stand; return how many there were."""
    city = in_force()
    found = db.session.execute(_outdated(plan_of(city)).limit(most)).all()
    histories = _histories([row.id for row in found if row.version > 1])
    _write([_planned(row, histories[row.id], city) for row in found])
    return len(found)


def numbers_due(*, most: int) -> Sequence[int]:
    """Return at most so many complaints whose moment has come, the longest due first."""
    return db.session.scalars(
        select(Agenda.complaint_id)
        .where(Agenda.next_at.is_not(None), Agenda.next_at <= clock.now())
        .order_by(Agenda.next_at, Agenda.complaint_id)
        .limit(most)
    ).all()


def behind(since: datetime) -> tuple[int, datetime | None]:
    """Return how many moments came before `since` and were not looked at, and the first of them."""
    count, first = db.session.execute(
        select(func.count(), func.min(Agenda.next_at)).where(
            Agenda.next_at.is_not(None), Agenda.next_at <= since
        )
    ).one()
    return count, first


def never_planned(before: datetime) -> int:
    """Return how many open complaints of the week before that moment were never planned."""
    is_planned = exists().where(Agenda.complaint_id == Complaint.id)
    within = Complaint.received_at.between(before - _WEEK, before)
    return db.session.scalar(select(func.count(Complaint.id)).where(IS_OPEN, within, ~is_planned)) or 0


def current_course(complaint: Complaint, turns: Sequence[Row[Any]]) -> Course | None:
    """Return the course of a complaint as it stands; None while it waits, and when it has ended.

    `turns`: its history, oldest first.
    """
    return _course(complaint, turns, in_force())


def note_next(complaint: Complaint) -> None:
    """Plan a complaint anew that was just looked at."""
    _write([_planned(complaint, history.turns(complaint), in_force())])


@lru_cache(maxsize=2)
def plan_of(city: CityInForce) -> str:
    """Name the clocks and the calendar that a plan is made of; others have another name."""
    clocks = city.profile.clocks
    made_of = repr((clocks.ladder, clocks.progress, city.profile.calendar, seeing.TO_LOOK))
    return sha256(made_of.encode()).hexdigest()[:16]


def _outdated(plan: str) -> Any:
    is_planned = exists().where(
        Agenda.complaint_id == Complaint.id, Agenda.version == Complaint.version, Agenda.plan == plan
    )
    return select(
        Complaint.id,
        Complaint.version,
        Complaint.status,
        Complaint.promise,
        Complaint.received_at,
        Complaint.due_at,
        Complaint.waiting_since,
        Complaint.paused_since,
        Complaint.planned_until,
        Complaint.seen_at,
    ).where(IS_OPEN, ~is_planned)


def _histories(numbers: Sequence[int]) -> Mapping[int, list[Row[Any]]]:
    turns: dict[int, list[Row[Any]]] = defaultdict(list)
    if not numbers:
        return turns
    for row in db.session.execute(
        select(Event.complaint_id, Event.kind, Event.at, Event.status, Event.details)
        .where(Event.complaint_id.in_(numbers), IS_COUNTED)
        .order_by(Event.complaint_id, Event.position)
    ):
        turns[row.complaint_id].append(row)
    return turns


def _planned(row: Any, turns: Sequence[Row[Any]], city: CityInForce) -> dict[str, Any]:
    course, calendar = _course(row, turns, city), city.profile.calendar
    moments = [course.next_at() if course is not None else None]
    if row.status.is_open:  # a planned day goes by, and a report lies unseen, whether or not the clock runs
        moments.append(scheduling.missed_at(row.planned_until, turns, calendar))
        if row.seen_at is None:
            moments.append(seeing.overlooked_at(row.received_at, turns, calendar))
    next_at = min((moment for moment in moments if moment is not None), default=None)
    return {"complaint_id": row.id, "version": row.version, "plan": plan_of(city), "next_at": next_at}


def _course(complaint: Any, turns: Sequence[Row[Any]], city: CityInForce) -> Course | None:
    if (
        not complaint.status.is_open
        or complaint.waiting_since is not None
        or complaint.paused_since is not None
    ):
        return None
    return course_of(
        turns,
        promise=Promise.parse(complaint.promise),
        received_at=complaint.received_at,
        due_at=complaint.due_at,
        now=clock.now(),
        clocks=city.profile.clocks,
        calendar=city.profile.calendar,
    )


def _write(rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows in the order of complaints, so that two workers never wait for each other in a ring."""
    if rows:
        ordered = sorted(rows, key=lambda row: int(row["complaint_id"]))
        db.session.connection().execute(_KEEP, ordered)
