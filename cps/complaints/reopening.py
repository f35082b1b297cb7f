"""Reopening: the citizen sends what was closed back, within the days that the city gives for it."""

from datetime import timedelta

from cps.city import queries as city
from cps.complaints import history, lifecycle, rehoming, reviews, rounds
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.rounds import Round
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.errors import Refused
from cps.kernel.text import _


def reopen(complaint: Complaint, *, words: str) -> Event:
    """Send a closed complaint back to its department because it is not put right, or not rightly declined.

    It is promised an answer anew: nobody is late the moment they hear that something is to be done again.
    """
    lifecycle.require("words", words, _("Write what is still wrong."))
    if not may_be_reopened(complaint):
        raise Refused(_("The time to reopen this report is over. Please send a new report."))
    rehoming.bring_home(complaint)  # a reorganisation left what was closed where it was
    begun = _new_round(complaint)
    complaint.promise, complaint.due_at = str(begun.promise), begun.due_at
    complaint.reopened_at = clock.now()
    complaint.closed_at = complaint.seen_at = None
    complaint.planned_from = complaint.planned_until = None
    complaint.assignee = None
    event = lifecycle.move(
        complaint, Status.RECEIVED, EventKind.REOPENED, by=None, note=words, details=begun.details
    )
    reviews.ask_if_again(complaint)
    return event


def may_be_reopened(complaint: Complaint) -> bool:
    """Whether the citizen may still send the closed complaint back."""
    if complaint.status not in (Status.RESOLVED, Status.DECLINED) or complaint.closed_at is None:
        return False
    days = city.in_force().profile.limits.reopen_days
    return clock.now() <= complaint.closed_at + timedelta(days=days)


def _new_round(complaint: Complaint) -> Round:
    in_force = city.in_force()
    category = in_force.category(in_force.category_codes[complaint.category_id])
    return rounds.begun_at(
        complaint,
        history.turns(complaint),
        promise=category.promise if category else None,
        severe=in_force.profile.clocks.priority(complaint.priority),
        at=clock.now(),
        calendar=in_force.profile.calendar,
    )
