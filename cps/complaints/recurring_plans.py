"""What is done about a problem that comes back: a cause, an owner and a date; then what was done. By hand of the department."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from cps.city.models import Department
from cps.city.queries import in_force
from cps.complaints import escalation
from cps.complaints.recurring import (
    Happening,
    RecurringEvent,
    RecurringProblem,
    Standing,
    may_pass_on,
    may_write,
    record,
)
from cps.complaints.recurring_finding import plan_owed_by
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.kernel.text import Text, _
from cps.people import queries as people
from cps.people.models import Person
from cps.sla import hours

LONGEST: Final = 4000
FARTHEST: Final = timedelta(days=3 * 366)
_REMINDED_AT_ONCE: Final = 50


class Changed(Refused):
    """Somebody else changed it since this person looked."""

    def __init__(self) -> None:
        super().__init__(_("Somebody changed this while you had it open. Nothing of yours is saved yet."))


def expect_version(problem: RecurringProblem, version: int) -> None:
    """Refuse to go on from an older state than the present one."""
    if problem.version != version:
        raise Changed


def plan(
    problem: RecurringProblem, *, cause: str, owner: str, due_on: str, by: Person
) -> RecurringEvent | None:
    """Say why it comes back, who sees to it and by when; None if that is what is said already.

    Raises Invalid, by field, for what is missing or cannot be.
    """
    _expect_writer(by, problem)
    _expect_open(problem)
    person, day = _colleague(owner, problem), _day(due_on)
    faults = _faults_of_plan(problem, cause, person, day)
    if faults or person is None or day is None:
        raise Invalid(faults)
    if (problem.cause, problem.owner_id, problem.due_on) == (cause.strip(), person.id, day):
        return None
    is_new_owner = problem.owner_id != person.id
    problem.cause, problem.owner, problem.due_on = cause.strip(), person, day
    problem.owed_by = hours.last_minute(day, in_force().profile.calendar)
    problem.reminded_at = None
    told = [person.id] if is_new_owner and person.id != by.id else []
    return record(
        problem,
        Happening.PLANNED,
        by=by,
        cause=problem.cause,
        owner=person.name,
        due_on=day.isoformat(),
        people=told,
    )


def finish(problem: RecurringProblem, *, measure: str, by: Person) -> RecurringEvent | None:
    """Say what was done; None if that was said already. What is reported from now on tells whether it helped."""
    _expect_writer(by, problem)
    if fault := _fault_of(measure, _("Write what was done.")):
        raise Invalid({"measure": fault})
    if problem.standing is Standing.DONE and problem.measure == measure.strip():
        return None
    _expect_open(problem)
    problem.measure, problem.done_at, problem.done_by = measure.strip(), clock.now(), by
    return record(problem, Happening.DONE, by=by, measure=problem.measure)


def pass_on(problem: RecurringProblem, *, to: Department, by: Person) -> RecurringEvent:
    """Give it to another department, which plans anew; what is known of the cause goes with it."""
    if not may_pass_on(by, problem):
        raise NotFound
    _expect_open(problem)
    if to.id == problem.department_id:
        raise Refused(_("This department has it already."))
    before = problem.department_id
    problem.department, problem.owner, problem.due_on = to, None, None
    problem.owed_by, problem.reminded_at = plan_owed_by(clock.now(), in_force()), None
    told = escalation.heads_of(to).as_details()
    return record(problem, Happening.PASSED_ON, by=by, old=before, new=to.id, **told)


def dismiss(problem: RecurringProblem, *, reason: str, by: Person) -> RecurringEvent | None:
    """Say why it is not one problem, and ask for no plan any more; None if that was said already.

    As many reports from now on ask anew.
    """
    if not may_pass_on(by, problem):
        raise NotFound
    if fault := _fault_of(reason, _("Write why it is not one problem.")):
        raise Invalid({"reason": fault})
    if problem.standing is Standing.DISMISSED and problem.measure == reason.strip():
        return None
    _expect_open(problem)
    problem.measure, problem.done_at, problem.done_by = reason.strip(), clock.now(), by
    problem.is_dismissed = True
    return record(problem, Happening.DISMISSED, by=by, reason=problem.measure)


def department(number: int) -> Department:
    """Return the department with this id."""
    return db.session.get_one(Department, number)


def remind() -> bool:
    """Tell coordinators and whose it is of what is overdue, once for each date; return whether there may be more."""
    now = clock.now()
    query = (
        select(RecurringProblem)
        .where(
            RecurringProblem.done_at.is_(None),
            RecurringProblem.reminded_at.is_(None),
            RecurringProblem.owed_by < now,
        )
        .order_by(RecurringProblem.owed_by, RecurringProblem.id)
        .limit(_REMINDED_AT_ONCE)
        .with_for_update(skip_locked=True, of=RecurringProblem)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(query).all()
    for problem in found:
        problem.reminded_at = now
        record(problem, Happening.REMINDED, by=None, is_planned=problem.has_plan, **_who_is_told(problem))
    return len(found) == _REMINDED_AT_ONCE


def move(heirs: Mapping[int, int]) -> None:
    """Give the problems of departments that end to their successors, by old and new id; who sees to them stays."""
    for before, after in sorted(heirs.items()):
        db.session.execute(
            update(RecurringProblem)
            .where(RecurringProblem.department_id == before)
            .values(department_id=after)
        )


def _who_is_told(problem: RecurringProblem) -> dict[str, Any]:
    """Name the coordinators and the owner, or the heads where there is no plan."""
    coordinators = escalation.coordinators()
    theirs = escalation.of_officials([problem.owner], problem.department).without([coordinators])
    return escalation.Listeners((*coordinators.people, *theirs.people), theirs.addresses).as_details()


def _expect_open(problem: RecurringProblem) -> None:
    if problem.standing is Standing.DISMISSED:
        raise Refused(_("Somebody has said that this is not one problem."))
    if problem.done_at is not None:
        raise Refused(_("The measure is done already."))


def _expect_writer(person: Person, problem: RecurringProblem) -> None:
    if not may_write(person, problem):
        raise Refused(_("Only the heads of its department, coordinators and who sees to it can change this."))


def _colleague(number: str, problem: RecurringProblem) -> Person | None:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return people.colleague(int(number), department_id=problem.department_id)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _faults_of_plan(
    problem: RecurringProblem, cause: str, person: Person | None, day: date | None
) -> dict[str, Text]:
    today = hours.local_date(clock.now(), in_force().profile.calendar)
    faults: dict[str, Text] = {}
    if fault := _fault_of(cause, _("Write why it comes back, as far as is known.")):
        faults["cause"] = fault
    if person is None:
        faults["owner"] = _("Choose who sees to it.")
    if day is None:
        faults["due_on"] = _("Choose a day.")
    elif day < today and day != problem.due_on:
        faults["due_on"] = _("This day is over. Choose a later one.")
    elif day > today + FARTHEST:
        faults["due_on"] = _("This is too far away: choose a day within three years.")
    return faults


def _fault_of(text: str, missing: Text) -> Text | None:
    if not text.strip():
        return missing
    if len(text) > LONGEST:
        return _("This is too long: at most %(most)s letters.", most=LONGEST)
    return None
