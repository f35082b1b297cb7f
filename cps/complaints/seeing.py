"""Who has looked: a report that nobody of its department has opened yet is unseen, and stands out until somebody does.

Looking is no change of a report: it has no event, and whoever is writing to it meanwhile does not notice.
What nobody has opened for more than a working day is an event, and the head of the department hears of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, or_, select, update

from cps.city import queries as city
from cps.city.calendar import Calendar
from cps.city.promise import Promise
from cps.complaints import escalation, history
from cps.complaints.conditions import IS_OVERLOOKING
from cps.complaints.deadlines import Turn
from cps.complaints.escalation import Listeners
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Handover
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person
from cps.sla import hours, promise

TO_LOOK: Final = Promise(1, "working_days")
_WORTH_A_MAIL = timedelta(
    days=7
)  # what an outage or an old database left behind stands in the morning's mail
# With these a report comes to a department where nobody has looked yet.
_ARRIVALS = frozenset(
    {
        *(EventKind.RECEIVED, EventKind.REOPENED, EventKind.PARTED),
        *(EventKind.TRANSFERRED, EventKind.RETURNED, EventKind.DECIDED),
    }
)


def see(complaint: Complaint, *, by: Person) -> None:
    """Note that an official of its department looks at it, if nobody did before."""
    if complaint.seen_at is not None or by.department_id != complaint.department_id:
        return
    db.session.execute(
        update(Complaint)
        .where(Complaint.id == complaint.id, Complaint.seen_at.is_(None))
        .values(seen_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def overlooked_at(received_at: datetime, turns: Sequence[Turn], calendar: Calendar) -> datetime | None:
    """Return when an unseen report will have lain for a working day where it is; None once that was told.

    `turns`: its history, oldest first; empty is a report to which nothing has happened since it was received.
    """
    came_at = received_at
    for turn in reversed(turns):
        if turn.kind is EventKind.OVERLOOKED:
            return None
        if turn.kind in _ARRIVALS:
            came_at = turn.at
            break
    return promise.due(TO_LOOK, came_at, calendar)


def is_overlooked(complaint: Complaint, turns: Sequence[Turn]) -> bool:
    """Whether it is to be told now that nobody has opened it; `turns` is its history, oldest first."""
    if not complaint.status.is_open or complaint.seen_at is not None:
        return False
    moment = overlooked_at(complaint.received_at, turns, city.in_force().profile.calendar)
    return moment is not None and moment <= clock.now()


def tell_overlooked(complaint: Complaint, turns: Sequence[Turn]) -> Event:
    """Let its head hear that nobody has opened it: by mail of the first of a day, of the others in the morning's mail."""
    moment = overlooked_at(complaint.received_at, turns, city.in_force().profile.calendar)
    assert moment is not None
    is_news = clock.now() - moment <= _WORTH_A_MAIL and not _was_told_today(complaint.department_id)
    told = _listeners(complaint) if is_news else Listeners()
    return history.record(
        complaint,
        EventKind.OVERLOOKED,
        by=None,
        at=clock.now(),
        is_internal=True,
        details={"since": moment.isoformat(), **told.as_details()},
    )


def _listeners(complaint: Complaint) -> Listeners:
    """Return who sees to it that somebody looks: where departments disagree, that is for coordinators."""
    if complaint.handover is Handover.DISPUTED:
        return escalation.coordinators()
    return escalation.heads_of(complaint.department)


def _was_told_today(department_id: int) -> bool:
    today = hours.local_date(clock.now(), city.in_force().profile.calendar)
    midnight = datetime.combine(today, datetime.min.time(), tzinfo=city.in_force().profile.calendar.zone)
    told = select(Event.id).where(
        IS_OVERLOOKING,
        Event.department_id == department_id,
        Event.at >= midnight,
        or_(*(Event.details[whom] != [] for whom in ("people", "addresses"))),
    )
    return bool(db.session.scalar(select(exists(told))))
