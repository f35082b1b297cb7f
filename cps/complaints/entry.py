"""Entering a new complaint: its row, its reporter and its first event, written by one statement.

Whatever happens to a complaint later goes through its mapped class; this does not, because three
statements with the bookkeeping of three objects were a third of what filing costs the server.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, Table, bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from cps.complaints import history
from cps.complaints.contacts import Reporter
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.reporters import Contact
from cps.complaints.status import Handover, Status
from cps.kernel.db import Base, db

# What is decided for each complaint; everything else is the same for all new ones, or empty.
_DECIDED = [
    "id",
    "reference",
    "submission_key",
    "tracking_hash",
    "category_id",
    "department_id",
    "area_id",
    "latitude",
    "longitude",
    "landmark",
    "words",
    "answers",
    "language",
    "is_public",
    "set_aside",
    "promise",
    "received_at",
    "due_at",
    "acknowledge",
    "acknowledge_by",
]
_OF_REPORTER = ("email", "phone", "name", "language", "confirmed_at")
_ALIKE = {
    "version": 1,
    "status": Status.RECEIVED,
    "is_demo": False,
    "handover": Handover.SETTLED,
    "hops": 0,
    "bounces": 0,
}


def enter(
    complaint: Mapping[str, Any], *, contact: Contact | None, details: dict[str, Any], by: int | None = None
) -> None:
    """Write a complaint (values of the columns in `_DECIDED`), its reporter and its receipt, and announce it; `by`: which official wrote it down."""
    values = {**complaint, "details": details, "by_id": by}
    if contact is not None:
        values |= {"email": contact.email, "phone": contact.phone, "name": contact.name}
        values |= {"confirmed_at": contact.confirmed_at}
    given = {f"new_{name}": value for name, value in values.items()}
    statement = _ANONYMOUS if contact is None else _REACHABLE
    (event_id,) = db.session.connection().execute(statement, given).one()
    history.announce(event_id)


def _table(mapped: type[Base]) -> Table:
    return mapped.metadata.tables[mapped.__tablename__]


def _new(name: str) -> BindParameter[Any]:
    # Not under the column's own name: SQLAlchemy keeps that for itself.
    return bindparam(f"new_{name}")


def _entry(*, has_reporter: bool) -> ReturningInsert[int]:
    """Write the statement; what it returns is the number of the event."""
    complaint, event, reporter = _table(Complaint), _table(Event), _table(Reporter)
    receipt = (
        insert(event)
        .values(
            complaint_id=_new("id"),
            position=_ALIKE["version"],
            kind=EventKind.RECEIVED,
            at=_new("received_at"),
            status=_ALIKE["status"],
            by_id=_new("by_id"),
            department_id=_new("department_id"),
            note="",
            is_internal=False,
            details=_new("details"),
        )
        .add_cte(insert(complaint).values(_ALIKE | {name: _new(name) for name in _DECIDED}).cte("entered"))
    )
    if has_reporter:
        reached: dict[str, Any] = {name: _new(name) for name in _OF_REPORTER}
        receipt = receipt.add_cte(insert(reporter).values(complaint_id=_new("id"), **reached).cte("reached"))
    return receipt.returning(event.c.id)


_ANONYMOUS = _entry(has_reporter=False)
_REACHABLE = _entry(has_reporter=True)
