"""A complaint says why it is with its department: the rule that sent it, or the colleague who did."""

import pytest

from cps.city.queries import in_force
from cps.complaints import handovers, history, whose
from cps.complaints.kinds import EventKind
from cps.complaints.models import Event
from tests.makers import DRAINAGE, a_complaint, a_department, an_official

pytestmark = pytest.mark.usefixtures("city")


def said(complaint, language="en"):
    return whose.explained(complaint, history.of(complaint), language=language)


def test_the_rule_that_sent_it_is_kept_with_its_first_event():
    complaint = a_complaint()

    (received,) = history.of(complaint)
    assert received.details == {
        "rule": {"category": "street-light", "department": "hapulico"},
        "version": in_force().version,
    }
    assert said(complaint) == "reports about “Street light” go to this department"
    assert said(complaint, "vi").startswith("phản ánh về")


def test_after_a_transfer_the_colleagues_reason_counts():
    complaint = a_complaint()

    handovers.transfer(complaint, to=a_department(DRAINAGE), by=an_official(), reason="It is a drain.")

    assert said(complaint) == "handed over by Hanoi Street Lighting (Hapulico): It is a drain"


def test_a_complaint_of_before_there_were_reasons_says_none():
    complaint = a_complaint()
    received = Event(kind=EventKind.RECEIVED, details={}, note="")

    assert whose.explained(complaint, [received], language="en") == ""
