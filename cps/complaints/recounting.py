"""Deadlines after a change of the calendar: every open complaint it touches is counted anew, in batches.

Counting again is idempotent: what comes out the same is left alone, so a batch may run twice. Rows are
written many at a time: a closure on the day of a storm may move a hundred thousand deadlines.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from cps.city.calendar import Calendar
from cps.city.profile import Profile
from cps.city.queries import in_force
from cps.complaints import deadlines
from cps.complaints.conditions import IS_COUNTED, IS_OPEN
from cps.complaints.deadlines import Owed
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel import clock, jobs
from cps.kernel.db import db

_BATCH = 500
_TABLE = Complaint.metadata.tables[Complaint.__tablename__]
_MOVE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("number"))
    .values(
        due_at=bindparam("answer"),
        accept_by=bindparam("accepted"),
        acknowledge_by=bindparam("taken"),
        version=bindparam("next"),
    )
)

Names = Mapping[str, str]


def begin(why: Names) -> None:
    """Ask for all open complaints to be counted anew; `why` says in each language what changed."""
    jobs.defer(jobs.RECOUNT, after=0, why=dict(why))


def begin_after(before: Calendar | None, profile: Profile) -> bool:
    """Ask for deadlines to be counted anew if the calendar changed; return whether it did."""
    if before is None or before == profile.calendar:
        return False
    begin(_news(before, profile))
    return True


def _news(before: Calendar, profile: Profile) -> dict[str, str]:
    """Name the closures that are new, in each language; nothing if the calendar changed otherwise."""
    known = {closure.day for closure in before.closures}
    new = [closure for closure in profile.calendar.closures if closure.day not in known]
    return {
        language: ", ".join(dict.fromkeys(closure.names.get(language, "") for closure in new))
        for language in profile.languages
        if new
    }


@jobs.app.task(name=jobs.RECOUNT, retry=jobs.PERSISTENTLY)
def recount(after: int, why: dict[str, str]) -> None:
    """Count a batch of open complaints anew and ask for the next one; after the last, for the replies others owe."""
    last = recount_batch(after=after, why=why)
    if last is not None:
        jobs.defer(jobs.RECOUNT, after=last, why=why)
    else:
        jobs.defer(jobs.RECOUNT_REPLIES, after=0, why=why)


def recount_batch(*, after: int, why: Names) -> int | None:
    """Count the open complaints behind number `after` anew, at most a batch; return the last, or None at the end.

    What waits for its citizen or is paused is counted when its clock runs again.
    """
    found = db.session.execute(
        select(
            Complaint.id,
            Complaint.promise,
            Complaint.acknowledge,
            Complaint.received_at,
            Complaint.due_at,
            Complaint.acknowledge_by,
            Complaint.acknowledged_at,
            Complaint.accept_by,
            Complaint.status,
            Complaint.department_id,
            Complaint.version,
        )
        .where(IS_OPEN, Complaint.status != Status.WAITING, Complaint.paused_since.is_(None))
        .where(Complaint.id > after)
        .order_by(Complaint.id)
        .limit(_BATCH)
        .with_for_update()
    ).all()
    if not found:
        return None
    _write(_moved(found), why)
    return int(found[-1].id)


def _moved(found: Sequence[Any]) -> list[tuple[Any, Owed]]:
    """Return each complaint of which a deadline comes out different, with the new ones."""
    turns = _turns([row.id for row in found])
    now, calendar = clock.now(), in_force().profile.calendar
    counted = ((row, deadlines.owed(row, turns[row.id], now=now, calendar=calendar)) for row in found)
    return [(row, owed) for row, owed in counted if owed != _owed_before(row)]


def _owed_before(row: Any) -> Owed:
    return Owed(row.due_at, row.acknowledge_by, row.accept_by)


def _turns(numbers: list[int]) -> Mapping[int, list[Row[Any]]]:
    turns: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(
        select(Event.complaint_id, Event.kind, Event.at, Event.status, Event.details)
        .where(Event.complaint_id.in_(numbers), IS_COUNTED)
        .order_by(Event.complaint_id, Event.position)
    ):
        turns[row.complaint_id].append(row)
    return turns


def _write(moved: Sequence[tuple[Any, Owed]], why: Names) -> None:
    """Move the deadlines and write one event for each answer that moved; nobody is sent a letter about it.

    The other clocks are the city's own affair and move without an event.
    """
    if not moved:
        return
    db.session.connection().execute(_MOVE, [_values(row, owed) for row, owed in moved])
    events = [_event(row, owed.due_at, why) for row, owed in moved if owed.due_at != row.due_at]
    if events:
        db.session.execute(insert(Event), events)


def _values(row: Any, owed: Owed) -> dict[str, Any]:
    return {
        "number": row.id,
        "answer": owed.due_at,
        "taken": owed.acknowledge_by,
        "accepted": owed.accept_by,
        "next": row.version + (owed.due_at != row.due_at),
    }


def _event(row: Any, due_at: Any, why: Names) -> dict[str, Any]:
    return {
        "complaint_id": row.id,
        "kind": EventKind.RECOUNTED,
        "position": row.version + 1,
        "at": clock.now(),
        "status": row.status,
        "department_id": row.department_id,
        "note": "",
        "is_internal": False,
        "details": {"old": row.due_at.isoformat(), "new": due_at.isoformat(), "why": dict(why)},
    }
