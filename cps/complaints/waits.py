"""Waits for citizens end by themselves when the clock has stood as long as it may.

What was missed while no worker ran is caught up with the next look, and nothing happens twice.
"""

from sqlalchemy import select

from cps.city.queries import in_force
from cps.complaints import deadlines, history, lifecycle
from cps.complaints.models import Complaint, EventKind
from cps.complaints.status import Status
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.sla.promise import Pause, pause_end


@jobs.app.periodic(cron="*/5 * * * *")
@jobs.app.task(name="end_waits", queueing_lock="end_waits", pass_context=False)
def end_waits(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Let every clock run again that has stood long enough."""
    waiting = db.session.scalars(
        select(Complaint.id).where(Complaint.status == Status.WAITING).order_by(Complaint.waiting_since)
    ).all()
    for number in waiting:
        complaint = db.session.scalar(
            select(Complaint).where(Complaint.id == number).with_for_update(skip_locked=True, of=Complaint)
        )
        if complaint is not None and is_over(complaint):
            lifecycle.resume(complaint)


def is_over(complaint: Complaint) -> bool:
    """Whether the complaint waits, and has waited as long as its clock may stand."""
    if complaint.status is not Status.WAITING or complaint.waiting_since is None:
        return False
    asked = [turn for turn in history.turns(complaint) if turn.kind is EventKind.ASKED]
    city = in_force().profile
    cap = (deadlines.cap_of(asked[-1]) if asked else None) or city.clocks.pauses["citizen"]
    return pause_end(Pause(complaint.waiting_since, cap=cap), city.calendar) <= clock.now()
