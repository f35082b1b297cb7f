"""The round of the clock: every five minutes, what time alone brings to complaints happens.

A look at a complaint reads its history under its lock, so two workers, a restart or a week without a
worker let nothing happen twice; what was missed is caught up with the next round.
"""

from sqlalchemy import select

from cps.complaints import agenda, escalation, history, scheduling, seeing
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel import clock, jobs
from cps.kernel.db import db

# At once, so that no transaction is long and no desk waits for it; the rest has a turn of its own.
_PLANNED_AT_ONCE, _LOOKED_AT_AT_ONCE = 1000, 100


@jobs.app.periodic(cron="*/5 * * * *")
@jobs.app.task(name="begin_reminding", queueing_lock="begin_reminding", pass_context=False)
def begin_reminding(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Begin a round."""
    go_round()


@jobs.app.task(name=jobs.REMIND, retry=jobs.PATIENTLY)
def go_round() -> None:
    """Do as much as fits into one transaction, and ask for another turn if there is more."""
    planned = agenda.plan(most=_PLANNED_AT_ONCE)
    # What somebody holds at this moment is looked at in the next round.
    looked_at = [number for number in agenda.numbers_due(most=_LOOKED_AT_AT_ONCE) if look_at(number)]
    if planned == _PLANNED_AT_ONCE or len(looked_at) == _LOOKED_AT_AT_ONCE:
        jobs.defer(jobs.REMIND)


def look_at(number: int) -> bool:
    """Do what is due for a complaint and plan it anew; return whether nobody else held it."""
    complaint = db.session.scalar(
        select(Complaint)
        .where(Complaint.id == number)
        .with_for_update(skip_locked=True, of=Complaint)
        .execution_options(populate_existing=True)
    )
    if complaint is None:
        return False
    turns = history.turns(complaint)
    course = agenda.current_course(complaint, turns)
    if course is not None:
        now = clock.now()
        escalation.climb(complaint, course.due_steps(now))
        if periods := course.periods_over(now):
            tell_progress(complaint, periods=periods)
    if scheduling.is_missed(complaint, turns):
        scheduling.tell_missed(complaint)
    if seeing.is_overlooked(complaint, turns):
        seeing.tell_overlooked(complaint, turns)
    agenda.note_next(complaint)
    return True


def tell_progress(complaint: Complaint, *, periods: int) -> Event:
    """Let the citizen know that it is not finished after so many of the city's periods, and that we are sorry.

    Source: Korea's Civil Petitions Treatment Act, Enforcement Decree, Article 23.
    """
    return history.record(complaint, EventKind.PROGRESS, by=None, at=clock.now(), details={"period": periods})
