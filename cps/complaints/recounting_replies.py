"""Reply dates after a change of the calendar: every open question to a department is counted anew, in batches.

It comes after the deadlines of the reports themselves: a reply stays due within the deadline it was asked
for. Counting again is idempotent: what comes out the same is left alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cps.city import queries as city
from cps.complaints import history, reply_dates
from cps.complaints.attached import IS_ASKED, Subtask
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel import clock, jobs
from cps.kernel.db import db

_BATCH = 200
_DATED = (EventKind.CONTRIBUTION_ASKED, EventKind.CONTRIBUTION_EXTENDED)

Names = Mapping[str, str]


@jobs.app.task(name=jobs.RECOUNT_REPLIES, retry=jobs.PERSISTENTLY)
def recount_replies(after: int, why: dict[str, str]) -> None:
    """Count a batch of reply dates anew and ask for the next one."""
    last = recount_batch(after=after, why=why)
    if last is not None:
        jobs.defer(jobs.RECOUNT_REPLIES, after=last, why=why)


def recount_batch(*, after: int, why: Names) -> int | None:
    """Count the open questions behind number `after` anew, at most a batch; return the last, or None at the end.

    A reply is owed whether or not the clock of the report stands.
    """
    found = db.session.execute(
        select(Subtask.id, Subtask.complaint_id)
        .where(IS_ASKED, Subtask.id > after)
        .order_by(Subtask.id)
        .limit(_BATCH)
    ).all()
    if not found:
        return None
    complaints = _locked({row.complaint_id for row in found})
    events = _events(list(complaints))
    for subtask in _still_open([row.id for row in found]):
        _recount(subtask, complaints[subtask.complaint_id], events[subtask.complaint_id], why)
    return int(found[-1].id)


def _locked(numbers: Iterable[int]) -> Mapping[int, Complaint]:
    """Return these complaints by number, locked in the order in which every worker locks them."""
    found = db.session.scalars(
        select(Complaint)
        .where(Complaint.id.in_(numbers))
        .order_by(Complaint.id)
        .with_for_update(of=Complaint)
        .execution_options(populate_existing=True)
    )
    return {complaint.id: complaint for complaint in found}


def _still_open(numbers: Iterable[int]) -> Sequence[Subtask]:
    """Return those of the questions that nobody answered while we waited for the lock."""
    return db.session.scalars(
        select(Subtask)
        .where(Subtask.id.in_(numbers), IS_ASKED)
        .order_by(Subtask.id)
        .execution_options(populate_existing=True)
    ).all()


def _events(numbers: Sequence[int]) -> Mapping[int, list[Event]]:
    """Return what says by when replies are due, by complaint, oldest first."""
    events: dict[int, list[Event]] = defaultdict(list)
    for event in db.session.scalars(
        select(Event)
        .where(Event.complaint_id.in_(numbers), Event.kind.in_(_DATED))
        .order_by(Event.complaint_id, Event.position)
    ):
        events[event.complaint_id].append(event)
    return events


def _recount(subtask: Subtask, complaint: Complaint, events: Sequence[Event], why: Names) -> None:
    own = [event for event in events if event.details["department"] == subtask.department_id]
    began = max(place for place, event in enumerate(own) if event.kind is EventKind.CONTRIBUTION_ASKED)
    new = _counted(subtask, complaint, [(event.kind, event.details) for event in own[began:]])
    if new == subtask.reply_by:
        return
    details: dict[str, Any] = {
        "department": subtask.department_id,
        "old": subtask.reply_by.isoformat(),
        "new": new.isoformat(),
        "why": dict(why),
    }
    subtask.reply_by = new
    history.record(
        complaint, EventKind.REPLY_RECOUNTED, by=None, at=clock.now(), is_internal=True, details=details
    )


def _counted(
    subtask: Subtask, complaint: Complaint, turns: Sequence[tuple[EventKind, dict[str, Any]]]
) -> datetime:
    """Count a reply date anew; where it was to lie within the deadline of the report, it still does.

    What a deadline that is over, or stands still, will be is not known: it sets no limit.
    """
    counted = reply_dates.counted_again(subtask.asked_at, turns, city.in_force().profile.calendar)
    _kind, details = turns[-1]
    has_limit = details.get("is_within", True) and complaint.standing_since is None
    return min(counted, complaint.due_at) if has_limit and clock.now() < complaint.due_at else counted
