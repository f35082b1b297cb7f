"""A report at the desk: where its screen is, and how it stands."""

from typing import TypeVar

from werkzeug.test import TestResponse

from cps.complaints.models import Complaint
from cps.kernel.db import Base, db
from tests.pageclient import soup_of

Row = TypeVar("Row", bound=Base)


def screen_of(complaint: Complaint) -> str:
    """Return the address of its screen."""
    return f"/desk/complaints/{complaint.reference}"


def as_it_is(row: Row) -> Row:
    """Return a row as others have left it."""
    db.session.rollback()
    db.session.refresh(row)
    return row


def differences(answer: TestResponse) -> dict[str, list[str]]:
    """Return what a screen says is different now: by field, as it was seen, as it is, and the own."""
    rows = soup_of(answer).select(".difference tbody tr")
    return {row.th.text: [cell.text for cell in row.select("td")] for row in rows}
