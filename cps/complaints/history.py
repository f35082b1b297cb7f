"""The history of a complaint: events written once, in order, never changed.

Recording an event raises the complaint's version and defers the news of it, in one transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import joinedload

from cps.complaints import window
from cps.complaints.conditions import IS_COUNTED
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel import jobs
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.kernel.text import _
from cps.people.models import Person

# What changes nothing that an official decides on.
_REMINDERS = frozenset(
    {
        *(EventKind.ESCALATED, EventKind.PROGRESS, EventKind.PLAN_MISSED, EventKind.OVERLOOKED),
        *(EventKind.JOINED, EventKind.LEFT, EventKind.ABSORBED, EventKind.RELEASED),
        *(EventKind.COVERED, EventKind.UNCOVERED, EventKind.ALARMED, EventKind.CALMED),
        *(EventKind.FLAGGED, EventKind.UNFLAGGED, EventKind.HIDDEN, EventKind.SHOWN),
        EventKind.CATEGORY_KEPT,
    }
)

# What no official does to a report that is set aside: first it is judged.
_WAITS_FOR_JUDGEMENT = frozenset(
    {
        *(EventKind.ASSIGNED, EventKind.STARTED, EventKind.ASKED, EventKind.RESOLVED),
        *(EventKind.TRANSFERRED, EventKind.ACCEPTED, EventKind.RETURNED, EventKind.DECIDED),
        *(EventKind.EXTENDED, EventKind.PAUSED, EventKind.RESUMED, EventKind.PRIORITISED),
        *(EventKind.PLANNED, EventKind.UNPLANNED, EventKind.CONTRIBUTION_ASKED),
        *(EventKind.MERGED, EventKind.PARTED, EventKind.CATEGORISED, EventKind.CATEGORY_KEPT),
    }
)

# Built once: they are asked for every page of a complaint.
_EVENTS = (
    select(Event)
    .where(Event.complaint_id == bindparam("complaint"))
    .options(joinedload(Event.by), joinedload(Event.department))
    .order_by(Event.position)
)
_TOLD = _EVENTS.where(~Event.is_internal, IS_COUNTED)


def record(
    complaint: Complaint,
    kind: EventKind,
    *,
    by: Person | None,
    at: datetime,
    note: str = "",
    is_internal: bool = False,
    details: dict[str, Any] | None = None,
) -> Event:
    """Write down what just happened; `by` is None when the citizen did it.

    Raises Refused for work on what is set aside: here, so that no verb can forget it.
    """
    if by is not None and complaint.set_aside is not None and kind in _WAITS_FOR_JUDGEMENT:
        raise Refused(
            _("This report is set aside. First a head or coordinator lets it in again, or declines it.")
        )
    complaint.version += 1
    event = Event(
        complaint=complaint,
        kind=kind,
        position=complaint.version,
        at=at,
        by_id=by.id if by else None,
        status=complaint.status,
        department_id=complaint.department_id,
        note=note,
        is_internal=is_internal,
        details=details or {},
    )
    db.session.add(event)
    db.session.flush()
    announce(event.id, within=window.wait(kind, is_by_official=by is not None))
    return event


def announce(event_id: int, *, within: timedelta | None = None) -> None:
    """Ask for the news of an event that was just written to be told, at the earliest after `within`."""
    jobs.defer(jobs.ANNOUNCE, within=within, event_id=event_id)


def of(complaint: Complaint) -> Sequence[Event]:
    """Return the whole history, oldest first."""
    return db.session.scalars(_EVENTS, {"complaint": complaint.id}).all()


def told_to_citizens(complaint: Complaint) -> Sequence[Event]:
    """Return what citizens may see of the history, oldest first."""
    return db.session.scalars(_TOLD, {"complaint": complaint.id}).all()


def turns(complaint: Complaint) -> Sequence[Row[Any]]:
    """Return what a deadline is counted from: kind, moment, status and details of each event, oldest first."""
    return db.session.execute(
        select(Event.kind, Event.at, Event.status, Event.details)
        .where(Event.complaint_id == complaint.id, IS_COUNTED)
        .order_by(Event.position)
    ).all()


def counting(events: Sequence[Event]) -> Sequence[Event]:
    """Leave out of a whole history what was taken back, and that it was."""
    undone = {event.details["event"] for event in events if event.kind is EventKind.UNDONE}
    return [event for event in events if event.kind is not EventKind.UNDONE and event.id not in undone]


def since(complaint: Complaint, version: int) -> Sequence[Event]:
    """Return what happened after `version`, oldest first."""
    later = _EVENTS.where(Event.position > version)
    return db.session.scalars(later, {"complaint": complaint.id}).all()


def has_acted(person: Person, complaint: Complaint, *, since: int) -> bool:
    """Whether this official has done something to the complaint after that version."""
    acted = select(Event.id).where(
        Event.complaint_id == complaint.id, Event.position > since, Event.by_id == person.id
    )
    return db.session.scalar(acted.limit(1)) is not None


def is_only_reminders(complaint: Complaint, *, since: int) -> bool:
    """Whether nothing but reminders and notices of progress happened after this version, which was reached."""
    kinds = db.session.scalars(
        select(Event.kind).where(Event.complaint_id == complaint.id, Event.position > since)
    ).all()
    return len(kinds) == complaint.version - since and set(kinds) <= _REMINDERS
