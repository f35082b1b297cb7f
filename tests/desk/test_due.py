"""How near a deadline is, in the words of the chip."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.desk import due
from cps.desk.due import Due, Nearness

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2030, 1, 7, 9, 0, tzinfo=HANOI)


def a_complaint_due(moment: datetime, status: Status = Status.RECEIVED) -> Complaint:
    return Complaint(status=status, received_at=NOW - timedelta(days=6), due_at=moment)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOW + timedelta(days=30), Due(Nearness.CALM, 30)),
        (NOW + timedelta(days=2), Due(Nearness.SOON, 2)),
        (NOW + timedelta(hours=8), Due(Nearness.TODAY, 0)),
        (NOW, Due(Nearness.TODAY, 0)),
        (NOW - timedelta(seconds=1), Due(Nearness.LATE, 0)),
        (NOW - timedelta(days=3), Due(Nearness.LATE, 3)),
    ],
)
def test_days_left_and_late_are_told_apart(moment, expected):
    complaint = a_complaint_due(moment)

    found = due.of(complaint, now=NOW, zone=HANOI)

    assert found == expected


def test_days_are_days_of_the_city_and_not_of_greenwich():
    complaint = a_complaint_due(datetime(2030, 1, 7, 23, 59, tzinfo=HANOI))

    found = due.of(complaint, now=datetime(2030, 1, 6, 17, 30, tzinfo=UTC), zone=HANOI)

    assert found.nearness is Nearness.TODAY


def test_a_waiting_report_is_never_late():
    complaint = a_complaint_due(NOW - timedelta(days=9), Status.WAITING)

    assert due.of(complaint, now=NOW, zone=HANOI).nearness is Nearness.WAITING


def test_a_paused_report_is_never_late():
    complaint = a_complaint_due(NOW - timedelta(days=9), Status.IN_PROGRESS)
    complaint.paused_since = NOW - timedelta(days=10)

    found = due.of(complaint, now=NOW, zone=HANOI)

    assert (found.nearness, str(due.words(found, complaint.status))) == (Nearness.PAUSED, "paused")


def test_a_closed_report_has_no_deadline_any_more():
    complaint = a_complaint_due(NOW - timedelta(days=9), Status.RESOLVED)

    assert due.of(complaint, now=NOW, zone=HANOI).nearness is Nearness.CLOSED
