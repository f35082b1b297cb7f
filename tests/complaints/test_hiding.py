"""Hidden: off every page for everybody, with the work going on, and public again by who leads."""

import pytest

from cps.complaints import categorising, hiding, history, joining, lifecycle, quarantine, reopening
from cps.complaints.kinds import EventKind
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.kernel.errors import Forbidden, Invalid, Refused
from cps.people.models import Role
from tests.makers import DRAINAGE, a_complaint, a_key, an_official
from tests.pageclient import text_of


@pytest.fixture
def head(city):
    return an_official("Hue", role=Role.HEAD)


@pytest.fixture
def lamp(bo):
    return a_complaint(Status.ASSIGNED, by=bo)


def hide(complaint, by, reason="A neighbour is named."):
    event = hiding.hide(complaint, by=by, reason=reason)
    db.session.commit()
    return event


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS, Status.RESOLVED, Status.DECLINED])
def test_it_is_on_no_page_and_its_work_stands_as_before(bo, client, status):
    complaint = a_complaint(status, by=bo)
    stood = complaint.status, complaint.due_at, complaint.assignee_id, complaint.closed_at

    event = hide(complaint, bo)

    assert (complaint.status, complaint.due_at, complaint.assignee_id, complaint.closed_at) == stood
    assert (event.kind, event.is_internal, event.note) == (EventKind.HIDDEN, True, "A neighbour is named.")
    assert client.get(f"/complaints/{complaint.reference}").status_code == 404
    assert complaint.reference not in text_of(client.page("/reports"))


def test_the_work_goes_on(bo, lamp):
    hide(lamp, bo)

    lifecycle.resolve(lamp, by=bo, result="Changed.")

    assert lamp.status is Status.RESOLVED
    assert not lamp.is_public


def test_it_needs_a_reason(bo, lamp):
    with pytest.raises(Invalid) as refused:
        hiding.hide(lamp, by=bo, reason=" ")

    assert set(refused.value.faults) == {"reason"}
    assert lamp.is_public


def test_what_is_not_public_is_not_hidden(bo, lamp):
    hide(lamp, bo)

    with pytest.raises(Refused, match="not public"):
        hiding.hide(lamp, by=bo, reason="Again.")


def test_who_leads_shows_it_again_and_nobody_else(bo, head, lamp, client):
    hide(lamp, bo)
    with pytest.raises(Forbidden, match="A head of the department"):
        hiding.show(lamp, by=bo)
    with pytest.raises(Forbidden):
        hiding.show(lamp, by=an_official("Chi", department=DRAINAGE, role=Role.HEAD))

    event = hiding.show(lamp, by=head)
    db.session.commit()

    assert event.is_internal
    assert client.get(f"/complaints/{lamp.reference}").status_code == 200


def test_what_nobody_hid_is_not_shown(head):
    private = a_complaint()
    private.is_public = False

    with pytest.raises(Refused, match="Nobody has hidden"):
        hiding.show(private, by=head)


def test_once_shown_it_is_not_shown_again(bo, head, lamp):
    hide(lamp, bo)
    hiding.show(lamp, by=head)
    lamp.is_public = False  # for another reason

    with pytest.raises(Refused, match="Nobody has hidden"):
        hiding.show(lamp, by=head)


def test_a_category_that_is_private_keeps_it_from_everybody(bo, head, lamp):
    hide(lamp, bo)
    categorising.categorise(lamp, to="staff-conduct", by=bo)

    with pytest.raises(Refused, match="Nobody has hidden"):
        hiding.show(lamp, by=head)


def test_what_is_set_aside_too_is_judged_first_and_stays_hidden(bo, head, lamp):
    hide(lamp, bo)
    quarantine.set_aside(lamp, by=bo, cause="spam", reason="Only letters.")
    with pytest.raises(Refused, match="Nobody has hidden"):
        hiding.show(lamp, by=head)

    quarantine.let_in(lamp, by=head)
    assert not lamp.is_public
    hiding.show(lamp, by=head)

    assert lamp.is_public


def test_reopened_it_stays_hidden(bo):
    complaint = a_complaint(Status.RESOLVED, by=bo)
    hide(complaint, bo)

    reopening.reopen(complaint, words="Still dark.")

    assert not complaint.is_public


def test_who_has_the_report_open_is_not_stopped_by_it(bo, lamp):
    seen = lamp.version
    hide(lamp, bo)

    lifecycle.expect_version(lamp, seen)


def test_the_reporter_reads_nothing_of_it_and_sees_the_report(bo, lamp):
    hide(lamp, bo)

    assert EventKind.HIDDEN not in {event.kind for event in history.told_to_citizens(lamp)}


def test_who_joined_hears_how_it_goes_and_reads_no_longer_what_was_written(bo, lamp, client):
    lamp.words = "Mister Tan of number 5 broke it."
    key = a_key()
    joining.join(lamp, key=key, contact=Contact(email="eve@citizen.example"), language="en")
    db.session.commit()
    page = client.get(f"/joined/{joining.secret_for(key)}", follow_redirects=True)
    assert "Mister Tan" in page.text
    hide(lamp, bo)

    page = client.get(f"/my/{lamp.reference}/joining")

    assert page.status_code == 200
    assert "Mister Tan" not in page.text
    assert "Assigned" in page.text
