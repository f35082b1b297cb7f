"""Waits and pauses end by themselves when the clock has stood as long as it may.

What was missed while no worker ran is caught up with the next look, and nothing happens twice.
"""

from sqlalchemy import or_, select

from cps.complaints import history, lifecycle, pausing
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.kernel import clock, jobs
from cps.kernel.db import db


@jobs.app.periodic(cron="*/5 * * * *")
@jobs.app.task(name="end_waits", queueing_lock="end_waits", pass_context=False)
def end_waits(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Let every clock run again that has stood long enough."""
    standing = db.session.scalars(
        select(Complaint.id)
        .where(or_(Complaint.status == Status.WAITING, Complaint.paused_since.is_not(None)))
        .order_by(Complaint.id)
    ).all()
    for number in standing:
        complaint = db.session.scalar(
            select(Complaint).where(Complaint.id == number).with_for_update(skip_locked=True, of=Complaint)
        )
        if complaint is not None and is_over(complaint):
            _end(complaint)


def is_over(complaint: Complaint) -> bool:
    """Whether the clock stands, and has stood as long as it may."""
    until = pausing.runs_again_at(complaint, history.turns(complaint))
    return until is not None and until <= clock.now()


def _end(complaint: Complaint) -> None:
    if complaint.paused_since is None:
        lifecycle.resume(complaint)
    else:
        pausing.go_on(complaint, by=None)
