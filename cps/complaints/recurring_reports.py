"""The reports of problems that come back: how many, the latest place in words, and what each came to.

Counted is every report; read is only what the official may read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased, joinedload

from cps.city.queries import in_force
from cps.complaints import visibility
from cps.complaints.conditions import IS_COUNTED, IS_COUNTING_AGAIN
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.recurring import RecurringProblem, RecurringReport, Standing, visible_to
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person

MOST: Final = 100
_IS_STANDING: Final = {
    Standing.UNPLANNED: and_(RecurringProblem.done_at.is_(None), RecurringProblem.owner_id.is_(None)),
    Standing.PLANNED: and_(RecurringProblem.done_at.is_(None), RecurringProblem.owner_id.is_not(None)),
    Standing.LATE: and_(RecurringProblem.done_at.is_(None), RecurringProblem.owner_id.is_not(None)),
    Standing.DONE: and_(RecurringProblem.done_at.is_not(None), ~RecurringProblem.is_dismissed),
    Standing.DISMISSED: RecurringProblem.is_dismissed,
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reports a problem has, since when and up to when; `since_done`: how many since its measure was done."""

    reports: int
    since_done: int
    first: datetime | None
    last: datetime | None


_NONE: Final = Counts(0, 0, None, None)


@dataclass(frozen=True, slots=True)
class Kept:
    """A report of a problem as an official may read it; `result`: what was answered last, if it was."""

    reference: str
    status: Status
    received_at: datetime
    closed_at: datetime | None
    landmark: str
    words: str
    language: str
    result: str


@dataclass(frozen=True, slots=True)
class Again:
    """That a report is one of several of its kind at its place: how many within so many days, up to it."""

    number: int
    reports: int
    days: int


def how_many(person: Person, *, department_id: int | None = None) -> dict[Standing, int]:
    """Count the problems this official sees, by how far they have come; of one department or all."""
    now = clock.now()
    counts = [func.count().filter(_stands(standing, now)) for standing in Standing]
    query = select(*counts).select_from(RecurringProblem).where(*_seen(person, department_id))
    return dict(zip(Standing, db.session.execute(query).one(), strict=True))


def standing(
    person: Person, which: Standing, *, department_id: int | None = None, most: int, skipped: int = 0
) -> Sequence[RecurringProblem]:
    """Return the problems this official sees that have come so far: what is owed first, of those done the latest."""
    is_done = which in (Standing.DONE, Standing.DISMISSED)
    order = (
        (RecurringProblem.done_at.desc(), RecurringProblem.id.desc())
        if is_done
        else (RecurringProblem.owed_by, RecurringProblem.id)
    )
    query = (
        select(RecurringProblem)
        .where(_stands(which, clock.now()), *_seen(person, department_id))
        .options(joinedload(RecurringProblem.owner))
        .order_by(*order)
        .offset(skipped)
        .limit(most)
    )
    return db.session.scalars(query).all()


def counted(problems: Sequence[RecurringProblem]) -> Mapping[int, Counts]:
    """Count the reports of these problems, by problem."""
    since_done = Complaint.received_at > RecurringProblem.done_at
    query = (
        select(
            RecurringReport.problem_id,
            func.count(),
            func.count().filter(since_done),
            func.min(Complaint.received_at),
            func.max(Complaint.received_at),
        )
        .join(Complaint, Complaint.id == RecurringReport.complaint_id)
        .join(RecurringProblem, RecurringProblem.id == RecurringReport.problem_id)
        .where(RecurringReport.problem_id.in_([one.id for one in problems]), IS_COUNTING_AGAIN)
        .where(Complaint.category_id == RecurringProblem.category_id)
        .group_by(RecurringReport.problem_id)
    )
    found = {row[0]: Counts(*row[1:]) for row in db.session.execute(query)}
    return {one.id: found.get(one.id, _NONE) for one in problems}


def landmarks(problems: Sequence[RecurringProblem], person: Person) -> Mapping[int, str]:
    """Return what was written last about the place of each problem, in a report this official may read."""
    query = (
        select(RecurringReport.problem_id, Complaint.landmark)
        .join(Complaint, Complaint.id == RecurringReport.complaint_id)
        .where(
            RecurringReport.problem_id.in_([one.id for one in problems]),
            Complaint.landmark != "",
            visibility.for_official(person).condition,
        )
        .ext(distinct_on(RecurringReport.problem_id))
        .order_by(RecurringReport.problem_id, Complaint.received_at.desc(), Complaint.id.desc())
    )
    return dict(db.session.execute(query).all())


def of(problem: RecurringProblem, person: Person) -> Sequence[Kept]:
    """Return the latest reports of a problem that this official may read, the oldest first, with what each came to."""
    query = (
        _of(problem)
        .where(IS_COUNTING_AGAIN, visibility.for_official(person).condition)
        .order_by(Complaint.received_at.desc(), Complaint.id.desc())
        .limit(MOST)
    )
    return [_kept(row) for row in reversed(db.session.execute(query).all())]


def again(complaint: Complaint, person: Person) -> Again | None:
    """Say which report of its kind at its place a report is; None where there is no problem that this official sees."""
    days = in_force().profile.asks.recurring.days
    other = aliased(Complaint)
    belongs, others = aliased(RecurringReport), aliased(RecurringReport)
    query = (
        select(RecurringProblem.id, func.count(other.id))
        .join(belongs, belongs.problem_id == RecurringProblem.id)
        .join(others, others.problem_id == RecurringProblem.id)
        .join(other, other.id == others.complaint_id)
        .where(
            belongs.complaint_id == complaint.id,
            visible_to(person),
            other.received_at > complaint.received_at - timedelta(days=days),
            other.received_at <= complaint.received_at,
            other.status.not_in((Status.WITHDRAWN, Status.MERGED)),
            other.category_id == RecurringProblem.category_id,
        )
        .group_by(RecurringProblem.id)
    )
    found = db.session.execute(query).one_or_none()
    return Again(found[0], found[1], days) if found is not None and found[1] > 1 else None


def _of(problem: RecurringProblem) -> Select[Any]:
    answered = (
        select(Event.note)
        .where(
            Event.complaint_id == Complaint.id,
            Event.kind.in_((EventKind.RESOLVED, EventKind.DECLINED)),
            IS_COUNTED,
        )
        .order_by(Event.position.desc())
        .limit(1)
        .correlate(Complaint)
        .scalar_subquery()
    )
    return (
        select(Complaint, answered.label("result"))
        .join(RecurringReport, RecurringReport.complaint_id == Complaint.id)
        .where(RecurringReport.problem_id == problem.id, Complaint.category_id == problem.category_id)
    )


def _kept(row: Row[Any]) -> Kept:
    complaint: Complaint = row[0]
    is_answered = complaint.status in (Status.RESOLVED, Status.DECLINED)
    return Kept(
        reference=complaint.reference,
        status=complaint.status,
        received_at=complaint.received_at,
        closed_at=complaint.closed_at,
        landmark=complaint.landmark,
        words=complaint.words,
        language=complaint.language,
        result=(row.result or "") if is_answered else "",
    )


def _stands(which: Standing, now: datetime) -> Any:
    if which is Standing.PLANNED:
        return and_(_IS_STANDING[which], RecurringProblem.owed_by >= now)
    if which is Standing.LATE:
        return and_(_IS_STANDING[which], RecurringProblem.owed_by < now)
    return _IS_STANDING[which]


def _seen(person: Person, department_id: int | None) -> list[Any]:
    narrowed = [] if department_id is None else [RecurringProblem.department_id == department_id]
    return [visible_to(person), *narrowed]
