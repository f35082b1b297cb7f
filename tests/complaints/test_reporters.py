"""What came from the same contact is asked by the contact first, whatever plan the database keeps for the question."""

from datetime import timedelta

import pytest
from sqlalchemy import event, true

from cps.complaints import reporters
from cps.complaints.reporters import Contact
from cps.kernel.db import db
from tests.makers import MONDAY, a_complaint

EMAIL, PHONE = Contact(email="ana@citizen.example"), Contact(phone="0912345678")


def asked(question):
    """Return the plans of what a question asks the database."""
    seen = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        question()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    return ["\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {s}", p)) for s, p in seen]


@pytest.mark.parametrize("contact", [EMAIL, PHONE])
def test_theirs_are_looked_up_before_anybody_elses_reports(city, contact):
    complaint = a_complaint(contact=contact)

    plans = [
        *asked(lambda: reporters.lately(contact, since=MONDAY - timedelta(days=30))),
        *asked(lambda: reporters.others_of_same(complaint, among=true(), most=5))[-1:],
    ]

    assert len(plans) == 2
    assert all("CTE theirs" in plan for plan in plans), plans
