"""Open complaints go where they belong after a reorganisation: in batches, each with one event, without letters.

Each complaint of before is looked at once: how far that has come stands in the reform's row, in the same
transaction as the batch, so it goes on after a kill where it stood. What was filed meanwhile on the old
map, or is reopened later, is found by having an area or a department that ended.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, insert, or_, select, update

from cps.city.models import Area, Department, Reform
from cps.city.queries import in_force
from cps.city.reforms import in_order
from cps.complaints import history
from cps.complaints.conditions import IS_OPEN
from cps.complaints.homes import Home, Homeless, Homes, Past
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.people.models import Person

BATCH = 500
# A process trusts its picture of the city for a second, and no request takes as long as a minute.
_STRAGGLERS = timedelta(minutes=1)
_LOG = logging.getLogger(__name__)
_TABLE = Complaint.metadata.tables[Complaint.__tablename__]
_MOVE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("number"))
    .values(
        area_id=bindparam("new_area"),
        department_id=bindparam("new_department"),
        assignee_id=bindparam("new_assignee"),
        status=bindparam("new_status"),
        version=bindparam("next"),
    )
)


# Where rules sent it last: on receipt, or in a reorganisation that changed its department.
_SENT = (
    select(Event.department_id)
    .where(
        Event.complaint_id == Complaint.id,
        or_(
            Event.kind == EventKind.RECEIVED,
            (Event.kind == EventKind.REHOMED)
            & (Event.details["new_department"] != Event.details["old_department"]),
        ),
    )
    .order_by(Event.position.desc())
    .limit(1)
    .correlate(Complaint)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Batch:
    """What was done with some complaints: how many were looked at and moved, and the last one's number."""

    looked_at: int
    moved: int
    last: int


@dataclass(frozen=True, slots=True)
class _Move:
    row: Any
    home: Home
    assignee_id: int | None
    status: Status
    endings: Sequence[str]


def begin(reform: Reform) -> None:
    """Ask the worker to see to it that nothing is left, should whoever re-homes now be stopped."""
    jobs.defer(jobs.REHOME, within=_STRAGGLERS, reform=reform.id, after=0)


@jobs.app.task(name=jobs.REHOME, retry=jobs.PERSISTENTLY)
def rehome(reform: int, after: int) -> None:
    """Re-home a batch and ask for the next: first what is left of before, then what came in meanwhile."""
    if walk(reform) is not None:
        jobs.defer(jobs.REHOME, reform=reform, after=0)
        return
    swept = sweep(after=after)
    if swept is not None:
        jobs.defer(jobs.REHOME, reform=reform, after=swept.last)


def walk(number: int) -> Batch | None:
    """Re-home the next batch of the complaints there were before reform `number`; None when none is left."""
    query = select(Reform).where(Reform.id == number).with_for_update()
    reform = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if reform.ended_at is not None:
        return None
    found = _locked(open_complaints().where(Complaint.id > reform.seen, Complaint.id <= reform.last))
    if not found:
        reform.ended_at = clock.now()
        db.session.flush()
        return None
    reform.seen = found[-1].id
    return _rehomed(found, since=Past(reform))


def sweep(*, after: int) -> Batch | None:
    """Re-home a batch of open complaints behind number `after` that are where nobody is any more; None at the end."""
    city, reforms = in_force(), in_order()
    areas = {int(number) for reform in reforms for number in reform.areas} - set(city.area_ids.values())
    departments = {int(number) for reform in reforms for number in reform.departments}
    departments -= set(city.department_ids.values())
    stranded = or_(Complaint.area_id.in_(areas), Complaint.department_id.in_(departments))
    return _strays(stranded, after=after)


def follow_endings(*, after: int) -> Batch | None:
    """Re-home a batch of open complaints behind number `after` whose area or department is over by its date."""
    today = clock.now().astimezone(in_force().profile.calendar.zone).date()
    areas = db.session.scalars(select(Area.id).where(Area.last_day < today)).all()
    departments = db.session.scalars(select(Department.id).where(Department.last_day < today)).all()
    if not areas and not departments:
        return None
    return _strays(or_(Complaint.area_id.in_(areas), Complaint.department_id.in_(departments)), after=after)


def _strays(are_strays: ColumnElement[bool], *, after: int) -> Batch | None:
    found = _locked(open_complaints().where(are_strays, Complaint.id > after))
    return _rehomed(found, since=None) if found else None


def bring_home(complaint: Complaint) -> Event | None:
    """Re-home one complaint that comes back after a reorganisation; None if it is at home where it is."""
    homes = Homes(in_force(), in_order())
    row = db.session.execute(_housed().where(Complaint.id == complaint.id)).one()
    try:
        home = homes.of(row)
    except Homeless as reason:
        _LOG.error("report %s was not re-homed: %s", complaint.reference, reason)
        return None
    if (home.area_id, home.department_id) == (complaint.area_id, complaint.department_id):
        return None
    details = _details(row, home, homes.reasons(row))
    complaint.area_id, complaint.department_id = home.area_id, home.department_id
    if complaint.assignee is not None and complaint.assignee.department_id != home.department_id:
        complaint.assignee = None
    db.session.flush()
    db.session.refresh(complaint, ["area", "department"])
    return history.record(complaint, EventKind.REHOMED, by=None, at=clock.now(), details=details)


def open_complaints() -> Select[Any]:
    """Ask for all open complaints as re-homing looks at them, in order."""
    return _housed().where(IS_OPEN).order_by(Complaint.id)


def _housed() -> Select[Any]:
    query = select(
        Complaint.id,
        Complaint.reference,
        Complaint.category_id,
        Complaint.department_id,
        Complaint.area_id,
        Complaint.assignee_id,
        Complaint.latitude,
        Complaint.longitude,
        Complaint.status,
        Complaint.version,
        Person.department_id.label("desk_id"),
        _SENT.label("sent_id"),
    ).outerjoin(Person, Person.id == Complaint.assignee_id)
    return cast("Select[Any]", query)


def _locked(query: Select[Any]) -> Sequence[Any]:
    return db.session.execute(query.limit(BATCH).with_for_update(of=Complaint)).all()


def _rehomed(found: Sequence[Any], *, since: Past | None) -> Batch:
    homes = Homes(in_force(), in_order())
    moves = [move for row in found if (move := _move(row, homes, since)) is not None]
    _write(moves)
    return Batch(looked_at=len(found), moved=len(moves), last=int(found[-1].id))


def _move(row: Any, homes: Homes, since: Past | None) -> _Move | None:
    try:
        home = homes.of(row, since=since)
    except Homeless as reason:
        _LOG.error("report %s was not re-homed: %s", row.reference, reason)
        return None
    if (home.area_id, home.department_id) == (row.area_id, row.department_id):
        return None
    goes_along = row.desk_id == home.department_id
    # Whom nobody handles any more is not assigned; what has begun stays begun.
    is_unassigned = row.status is Status.ASSIGNED and not goes_along
    return _Move(
        row,
        home,
        row.assignee_id if goes_along else None,
        Status.RECEIVED if is_unassigned else row.status,
        [] if since is not None else homes.reasons(row),
    )


def _write(moves: Sequence[_Move]) -> None:
    if not moves:
        return
    db.session.connection().execute(
        _MOVE,
        [
            {
                "number": move.row.id,
                "new_area": move.home.area_id,
                "new_department": move.home.department_id,
                "new_assignee": move.assignee_id,
                "new_status": move.status,
                "next": move.row.version + 1,
            }
            for move in moves
        ],
    )
    db.session.execute(insert(Event), [_event(move) for move in moves])


def _event(move: _Move) -> dict[str, Any]:
    return {
        "complaint_id": move.row.id,
        "kind": EventKind.REHOMED,
        "position": move.row.version + 1,
        "at": clock.now(),
        "status": move.status,
        "department_id": move.home.department_id,
        "note": "",
        "is_internal": False,
        "details": _details(move.row, move.home, move.endings),
    }


def _details(row: Any, home: Home, endings: Sequence[str]) -> dict[str, Any]:
    """Write down from where to where; `ended` says what was over by its own date, without a reorganisation."""
    return {
        **({"ended": list(endings)} if endings else {}),
        "old_area": row.area_id,
        "new_area": home.area_id,
        "old_department": row.department_id,
        "new_department": home.department_id,
        "guessed": home.is_guessed,
    }
