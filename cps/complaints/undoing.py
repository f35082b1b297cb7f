"""Taking an act back: for a moment its official can, and the report stands again exactly as it stood before.

History is not rewritten: an event says which other one no longer counts. Only who did it can, only while nothing else
happened to the report, and only what changed nothing but the report's own row. Nobody was told of it yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any, Final

from sqlalchemy import delete, select

from cps.complaints import history, window
from cps.complaints.attached import Undoable
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Handover, Status
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.kernel.text import _
from cps.people.models import Person

_WORDS: Final = (
    *(
        "department_id",
        "assignee_id",
        "promise",
        "priority",
        "acknowledge",
        "came_from_id",
        "hops",
        "bounces",
    ),
    *("pause_cause", "set_aside", "is_public", "category_id"),
)
_MOMENTS: Final = (
    *("due_at", "acknowledge_by", "acknowledged_at", "seen_at", "accept_by", "waiting_since", "paused_since"),
    *("closed_at", "flagged_at"),
)
_DAYS: Final = ("planned_from", "planned_until")
_ALONG: Final = "along"  # beside how a report stood: the event that is taken back with this one
_TOO_LATE = _("This cannot be undone any more.")


@dataclass(frozen=True, slots=True)
class Before:
    """How a report stood before an act, and at which version."""

    version: int
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that can be taken back: on which report, at which version, and until when."""

    reference: str
    version: int
    until: datetime

    @property
    def seconds(self) -> int:
        """So many are left."""
        return ceil((self.until - clock.now()).total_seconds())


def before(complaint: Complaint) -> Before:
    """Write down how a report stands, for an act that follows."""
    moments = {name: getattr(complaint, name) for name in (*_MOMENTS, *_DAYS)}
    row = {
        "status": complaint.status.value,
        "handover": complaint.handover.value,
        **{name: getattr(complaint, name) for name in _WORDS},
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }
    return Before(complaint.version, row)


def keep(
    complaint: Complaint,
    stood: Before,
    *,
    by: Person,
    event: Event | None = None,
    along: Event | None = None,
) -> None:
    """Let the act be taken back, if it is one event that changed nothing but the report itself.

    `event`: the one it was, where that is known. `along`: the one before it of the same act, kept already, which is taken
    back with it.
    """
    if not window.length() or (event.position if event else complaint.version) != stood.version + 1:
        return
    if event is None:
        last = Event.complaint_id == complaint.id, Event.position == complaint.version, Event.by_id == by.id
        event = db.session.scalar(select(Event).where(*last))
    if event is None or event.kind not in window.KINDS:
        return
    until, row = clock.now() + window.length(), dict(stood.row)
    if along is not None:
        until, row[_ALONG] = db.session.get_one(Undoable, along.id).until, along.id
    db.session.add(Undoable(event_id=event.id, before=row, until=until))


def offers(references: Sequence[str], *, by: Person) -> list[Offer]:
    """Return what this official can take back of these reports now."""
    query = (
        select(Complaint.reference, Complaint.version, Undoable.until)
        .join(Event, (Event.complaint_id == Complaint.id) & (Event.position == Complaint.version))
        .join(Undoable, Undoable.event_id == Event.id)
        .where(Complaint.reference.in_(references), Event.by_id == by.id, Undoable.until > clock.now())
    )
    return [Offer(*row) for row in db.session.execute(query)] if window.length() else []


def undo(complaint: Complaint, *, by: Person) -> Event:
    """Take back what this official just did to it, both events where it was two; the report must be locked.

    Returns the last event that says so.
    """
    found = db.session.execute(
        select(Event, Undoable)
        .join(Undoable, Undoable.event_id == Event.id)
        .where(Event.complaint_id == complaint.id, Event.position == complaint.version, Event.by_id == by.id)
    ).one_or_none()
    if found is None or found.Undoable.until <= clock.now():
        raise Refused(_TOO_LATE)
    undone = _take_back(complaint, found.Event, found.Undoable, by)
    if along := found.Undoable.before.get(_ALONG):
        undone = _take_back(
            complaint, db.session.get_one(Event, along), db.session.get_one(Undoable, along), by
        )
    return undone


@jobs.app.periodic(cron="17 * * * *")
@jobs.app.task(name="forget_undoable", queueing_lock="forget_undoable", pass_context=False)
def forget_undoable(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Forget how reports stood before what can no longer be taken back."""
    db.session.execute(delete(Undoable).where(Undoable.until < clock.now()))


def _take_back(complaint: Complaint, event: Event, undoable: Undoable, by: Person) -> Event:
    """Let the report stand as before this event, and its history say so."""
    old = complaint.due_at
    _restore(complaint, undoable.before)
    details = {
        "event": event.id,
        "kind": event.kind.value,
        "old": old.isoformat(),
        "new": complaint.due_at.isoformat(),
    }
    return history.record(
        complaint, EventKind.UNDONE, by=by, at=clock.now(), is_internal=True, details=details
    )


def _restore(complaint: Complaint, row: Mapping[str, Any]) -> None:
    complaint.status, complaint.handover = Status(row["status"]), Handover(row["handover"])
    for name in _WORDS:
        if name in row:  # not what an older version kept
            setattr(complaint, name, row[name])
    for name in _MOMENTS:
        if name in row:
            setattr(complaint, name, datetime.fromisoformat(row[name]) if row[name] else None)
    for name in _DAYS:
        setattr(complaint, name, date.fromisoformat(row[name]) if row.get(name) else None)
    db.session.flush()
    db.session.expire(complaint, ["department", "assignee", "category"])
