"""Finding problems that come back: every report is looked at once, some minutes after it came in.

It joins the problem at whose place it is, or makes one with those around it that belong to none: so no two
problems of one kind have one place or one report, however often one looks. What is withdrawn, merged into another or
set aside does not count.
"""

import math
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from cps.city.asking import Recurring
from cps.city.queries import CityInForce, in_force
from cps.complaints import escalation
from cps.complaints.circles import METRES_OF_A_DEGREE
from cps.complaints.conditions import IS_COUNTING_AGAIN
from cps.complaints.models import Complaint
from cps.complaints.recurring import (
    Happening,
    RecurringProblem,
    RecurringReport,
    RecurringRound,
    record,
)
from cps.kernel import clock
from cps.kernel.db import db
from cps.sla import hours

AT_ONCE: Final = 500
MOST_METRES: Final = 1000  # as far as a city may let a problem reach
# A report is seen once its transaction has ended: what is younger is left for the next round.
SETTLED_AFTER: Final = timedelta(minutes=5)
# A city that begins with it is not drowned in mail about the past: what is older is found without.
_WORTH_A_MAIL: Final = timedelta(days=7)
_MIDDLE: Final = 111_200.0

_BEGIN = insert(RecurringRound).values(id=1, number=0).on_conflict_do_nothing()
_LOOKED_AT = (
    Complaint.id,
    Complaint.category_id,
    Complaint.department_id,
    Complaint.area_id,
    Complaint.latitude,
    Complaint.longitude,
    Complaint.received_at,
)


def look() -> bool:
    """Look at the next reports; return whether there may be more. Only one worker looks at a time."""
    rule, now = in_force().profile.asks.recurring, clock.now()
    if not rule.times:
        return False
    db.session.execute(_BEGIN)
    reached = db.session.scalar(select(RecurringRound).with_for_update(skip_locked=True))
    if reached is None:
        return False
    # What came in while nobody looked, or the rule was off, counts as far back as the rule does.
    earliest = now - timedelta(days=rule.days)
    if reached.received_at is None or reached.received_at < earliest:
        reached.received_at, reached.number = earliest, 0
    found = db.session.execute(_next(reached, rule, until=now - SETTLED_AFTER)).all()
    made: list[RecurringProblem] = []
    for row in found:
        # Most reports lie alone, which one question says of all of them; what was made just now it does not know.
        if row.is_worth_a_look or (row.latitude is not None and any(_reaches(one, row) for one in made)):
            made += _look_at(row, rule)
    if found:
        reached.received_at, reached.number = found[-1].received_at, found[-1].id
    return len(found) == AT_ONCE


def plan_owed_by(start: datetime, city: CityInForce) -> datetime:
    """Return until when there must be a plan for what is found, or comes back, at this moment."""
    calendar = city.profile.calendar
    first = hours.local_date(start, calendar)
    return hours.closing(
        hours.working_day_after(first, city.profile.asks.recurring.plan_days, calendar), calendar
    )


def _next(reached: RecurringRound, rule: Recurring, *, until: datetime) -> Any:
    """Ask for the next reports, and of each whether there may be enough around it, or a problem at its place."""
    key = (Complaint.received_at, Complaint.id)
    other = aliased(Complaint)
    enough = (
        select(func.count())
        .select_from(other)
        .where(*_counts_with(other, Complaint, rule))
        .correlate(Complaint)
        .scalar_subquery()
    )
    there = select(RecurringProblem.id).where(*_is_at(Complaint)).correlate(Complaint).exists()
    return (
        select(*_LOOKED_AT, or_(enough >= rule.times, there).label("is_worth_a_look"))
        .where(
            Complaint.received_at >= reached.received_at,
            tuple_(*key) > (reached.received_at, reached.number),
            Complaint.received_at <= until,
        )
        .order_by(*key)
        .limit(AT_ONCE)
    )


def _look_at(row: Row[Any], rule: Recurring) -> list[RecurringProblem]:
    """Let a report join the problem at its place, or make one with those around it, and return what was made."""
    city = in_force()
    if row.latitude is None or city.category_codes.get(row.category_id) in rule.without:
        return []
    problem = db.session.scalar(_at_its_place(row))
    if problem is not None:
        if _claim(problem, _around(row, rule).where(Complaint.id == row.id)):
            _may_return(problem, row, rule)
        return []
    query = _around(row, rule)
    numbers = db.session.scalars(query).all()
    if len(numbers) >= rule.times and row.id in numbers:
        return [_make(row, query, len(numbers), rule, city)]
    return []


def _make(
    row: Row[Any], query: Select[Any], reports: int, rule: Recurring, city: CityInForce
) -> RecurringProblem:
    now = clock.now()
    problem = RecurringProblem(
        version=0,
        category_id=row.category_id,
        department_id=row.department_id,
        area_id=row.area_id,
        latitude=row.latitude,
        longitude=row.longitude,
        metres=rule.metres,
        found_at=now,
        owed_by=plan_owed_by(now, city),
        cause="",
        measure="",
        returns=0,
    )
    db.session.add(problem)
    db.session.flush()
    _claim(problem, query)
    record(problem, Happening.FOUND, by=None, reports=reports, days=rule.days, **_told(problem, row))
    return problem


def _may_return(problem: RecurringProblem, row: Row[Any], rule: Recurring) -> None:
    """Open a problem again that the rule finds anew, counting only what came in since its measure was done."""
    if problem.done_at is None:
        return
    since = max(problem.done_at, row.received_at - timedelta(days=rule.days))
    query = (
        select(func.count())
        .select_from(RecurringReport)
        .join(Complaint, Complaint.id == RecurringReport.complaint_id)
        .where(
            RecurringReport.problem_id == problem.id,
            Complaint.received_at > since,
            Complaint.received_at <= row.received_at,
            Complaint.category_id == problem.category_id,
            IS_COUNTING_AGAIN,
            Complaint.set_aside.is_(None),
        )
    )
    reports = db.session.scalars(query).one()
    if reports < rule.times:
        return
    told, was_dismissed = _told(problem, row), problem.is_dismissed
    problem.done_at = problem.done_by_id = problem.owner_id = problem.due_on = problem.reminded_at = None
    problem.owed_by = plan_owed_by(clock.now(), in_force())
    if was_dismissed:
        problem.is_dismissed, problem.measure = False, ""
    else:
        problem.returns += 1
    details = {"reports": reports, "days": rule.days, "was_dismissed": was_dismissed, **told}
    record(problem, Happening.RETURNED, by=None, **details)


def _told(problem: RecurringProblem, row: Row[Any]) -> dict[str, Any]:
    """Name the heads of the department and who saw to it, unless it is long past."""
    if clock.now() - row.received_at > _WORTH_A_MAIL:
        return escalation.Listeners().as_details()
    heads = escalation.heads_of(problem.department)
    owner = escalation.of_officials([problem.owner], problem.department).without([heads])
    return escalation.Listeners((*heads.people, *owner.people), heads.addresses).as_details()


def _claim(problem: RecurringProblem, numbers: Select[Any]) -> bool:
    """Let the reports that a question finds belong to the problem; return whether there were any."""
    found = numbers.add_columns(text(":problem").bindparams(problem=problem.id))
    adding = insert(RecurringReport).from_select(["complaint_id", "problem_id"], found)
    made = adding.on_conflict_do_nothing().returning(RecurringReport.complaint_id)
    return bool(db.session.scalars(made).all())


def _at_its_place(row: Row[Any]) -> Select[Any]:
    """Ask for the nearest problem of its kind that reaches as far as this report, locked: who plans it waits."""
    return (
        select(RecurringProblem)
        .where(*_is_at(row))
        .order_by(_apart(RecurringProblem, row), RecurringProblem.id)
        .limit(1)
        .with_for_update(of=RecurringProblem)
        .execution_options(populate_existing=True)
    )


def _around(row: Row[Any], rule: Recurring) -> Select[Any]:
    """Ask for the reports of its kind around it, itself among them, that count and belong to no problem yet."""
    belongs = select(RecurringReport.complaint_id).where(RecurringReport.complaint_id == Complaint.id)
    return select(Complaint.id).where(*_counts_with(Complaint, row, rule), ~belongs.exists())


def _is_at(report: Any) -> tuple[Any, ...]:
    """Say that a problem is at the place of a report, a row or the table of them."""
    return (
        RecurringProblem.category_id == report.category_id,
        *_square(RecurringProblem, report, MOST_METRES),
        _apart(RecurringProblem, report) <= RecurringProblem.metres * RecurringProblem.metres,
    )


def _counts_with(other: Any, report: Any, rule: Recurring) -> tuple[Any, ...]:
    """Say that another report counts with a report, a row or the table of them."""
    return (
        other.latitude.is_not(None),
        # Written out: bound values would hide the partial index.
        other.status.op("NOT IN", is_comparison=True)(text("('withdrawn', 'merged')")),
        other.set_aside.is_(None),
        other.category_id == report.category_id,
        *_square(other, report, rule.metres),
        other.received_at > report.received_at - timedelta(days=rule.days),
        other.received_at <= report.received_at,
        _apart(other, report) <= rule.metres * rule.metres,
    )


def _square(of: Any, report: Any, metres: float) -> tuple[Any, Any]:
    """Say that something lies in the square around the circle, which an index finds."""
    up = metres / METRES_OF_A_DEGREE
    aside = up / _narrowing(report)
    return (
        of.latitude.between(report.latitude - up, report.latitude + up),
        of.longitude.between(report.longitude - aside, report.longitude + aside),
    )


def _reaches(problem: RecurringProblem, row: Row[Any]) -> bool:
    """Whether a problem that was made just now is at the place of a report."""
    is_near = bool(_apart(problem, row) <= problem.metres * problem.metres)
    return problem.category_id == row.category_id and is_near


def _apart(of: Any, report: Any) -> Any:
    """Return the square of the distance in metres, as on a plane: exact enough for a street corner."""
    north = (of.latitude - report.latitude) * _MIDDLE
    east = (of.longitude - report.longitude) * (_MIDDLE * _narrowing(report))
    return north * north + east * east


def _narrowing(report: Any) -> Any:
    """Return how much shorter a degree of longitude is there; as an expression where the report is a table."""
    if isinstance(report.latitude, float):
        return max(math.cos(math.radians(report.latitude)), 0.01)
    return func.greatest(func.cos(func.radians(report.latitude)), 0.01)
