"""A report at the desk: where its screen is, and how it stands."""

from typing import TypeVar

from cps.complaints.models import Complaint
from cps.kernel.db import Base, db

Row = TypeVar("Row", bound=Base)


def screen_of(complaint: Complaint) -> str:
    """Return the address of its screen."""
    return f"/desk/complaints/{complaint.reference}"


def as_it_is(row: Row) -> Row:
    """Return a row as others have left it."""
    db.session.rollback()
    db.session.refresh(row)
    return row
