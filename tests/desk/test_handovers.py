"""Handovers at the desk: what the receiver, the sender and the coordinator see and can do."""

import pytest

from cps.complaints import handovers, history
from cps.complaints.kinds import EventKind
from cps.complaints.status import Handover
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import as_it_is, screen_of
from tests.makers import DRAINAGE, LIGHTING, a_complaint, a_department, an_official, later
from tests.pageclient import text_of


@pytest.fixture
def handed(city):
    complaint = a_complaint()
    handovers.transfer(complaint, to=a_department(DRAINAGE), by=an_official(), reason="It is a drain.")
    db.session.commit()
    return complaint


@pytest.fixture
def disputed(handed):
    chi, bo = an_official("Chi", department=DRAINAGE), an_official()
    handovers.give_back(handed, by=chi, reason="It is a lamp.")
    handovers.transfer(handed, to=a_department(DRAINAGE), by=bo, reason="A drain.")
    handovers.give_back(handed, by=chi, reason="A lamp.")
    db.session.commit()
    return handed


def test_the_receiver_sees_who_sent_it_and_accepts_with_one_button(handed, signed_in):
    browser = signed_in(an_official("Chi", department=DRAINAGE))
    page = browser.page(screen_of(handed))

    answer = browser.submit(page, "/acceptances")

    assert "From: Hanoi Street Lighting (Hapulico)." in text_of(page)
    assert "Accept by 7 January 2030, 12:00 pm today until 12:00 pm" in text_of(page.select_one(".facts"))
    assert page.select_one("form[action$='/transfers']") is None
    assert (answer.status_code, as_it_is(handed).handover) == (303, Handover.SETTLED)


def test_the_receiver_returns_it_with_a_reason(handed, signed_in):
    browser = signed_in(an_official("Chi", department=DRAINAGE))
    page = browser.page(screen_of(handed))

    without = browser.submit(page, "/returns", reason="")
    answer = browser.submit(page, "/returns", reason="It is a lamp.")

    assert (without.status_code, answer.status_code) == (422, 303)
    assert as_it_is(handed).department_id == a_department(LIGHTING).id
    assert history.of(handed)[-1].note == "It is a lamp."


def test_who_comes_second_reads_what_the_first_one_did_and_keeps_the_reason(handed, signed_in):
    browser = signed_in(an_official("Chi", department=DRAINAGE))
    page = browser.page(screen_of(handed))
    handovers.accept(handed, by=an_official("Eve", department=DRAINAGE))
    db.session.commit()

    answer = browser.submit(page, "/returns", reason="It is a lamp.")

    assert answer.status_code == 409
    assert "Accepted by: Hanoi Drainage (HSDC)" in text_of(answer)
    assert "It is a lamp." in text_of(answer)
    assert as_it_is(handed).handover is Handover.SETTLED


def test_a_transfer_that_nobody_accepts_is_late_at_both_desks(handed, signed_in):
    bo, chi = an_official(), an_official("Chi", department=DRAINAGE)
    with clock.standing_at(later(hours=4)):
        sent, got = (signed_in(who).page("/desk?view=transfers") for who in (bo, chi))
        screen = signed_in(bo).page(screen_of(handed))

    assert (
        text_of(sent.select_one("td .chip")) == text_of(got.select_one("td .chip")) == "late since 12:00 pm"
    )
    assert text_of(sent.select_one("td.q-who")) == "to: Hanoi Drainage (HSDC)"
    assert text_of(got.select_one("td.q-who")) == "from: Hanoi Street Lighting (Hapulico)"
    assert text_of(screen.select_one(".facts .chip-late")) == "late since 12:00 pm"


def test_the_screen_counts_the_hops(disputed, signed_in):
    page = signed_in(an_official()).page(screen_of(disputed))

    assert "Sent on 4 times" in text_of(page.select_one(".facts"))
    assert "The coordinator decides." in text_of(page.select_one(".history"))


def test_departments_wait_for_the_coordinator_but_may_start_work(disputed, signed_in):
    page = signed_in(an_official()).page(screen_of(disputed))

    assert "The coordinator decides who handles it." in text_of(page)
    assert page.select_one("form[action$='/transfers']") is None
    assert page.select_one("form[action$='/starts']") is not None


def test_only_a_coordinator_has_a_view_of_what_is_to_decide(disputed, signed_in):
    dee = signed_in(an_official("Dee", department="pcc", role=Role.COORDINATOR))
    bo = signed_in(an_official("Abe", role=Role.HEAD))

    decisions, other = dee.page("/desk?view=disputed"), bo.page("/desk?view=disputed")

    assert disputed.reference in text_of(decisions.table)
    assert text_of(decisions.select_one('.views a[aria-current="page"]')) == "To decide 1"
    assert "To decide" not in text_of(other)
    assert text_of(other.select_one('.views a[aria-current="page"]')) == "Open 1"


def test_the_coordinator_decides_and_may_leave_it_where_it_is(disputed, signed_in):
    browser = signed_in(an_official("Dee", department="pcc", role=Role.COORDINATOR))
    page = browser.page(screen_of(disputed))
    choices = [option["value"] for option in page.select("#transfers-department option")]

    answer = browser.submit(page, "/transfers", department=LIGHTING, reason="A lamp is a lamp.")

    assert {LIGHTING, DRAINAGE} <= set(choices)
    assert page.select_one("details#transfers").has_attr("open")
    assert (answer.status_code, as_it_is(disputed).handover) == (303, Handover.DECIDED)
    assert history.of(disputed)[-1].kind is EventKind.DECIDED
    decided = text_of(browser.page(screen_of(disputed)).select_one(".history"))
    assert "Decided: Hanoi Street Lighting (Hapulico) handles it" in decided


def test_what_is_decided_is_accepted_and_not_returned(disputed, signed_in):
    dee = an_official("Dee", department="pcc", role=Role.COORDINATOR)
    handovers.transfer(disputed, to=a_department(DRAINAGE), by=dee, reason="The drain first.")
    db.session.commit()

    page = signed_in(an_official("Chi", department=DRAINAGE)).page(screen_of(disputed))

    assert page.select_one("form[action$='/acceptances']") is not None
    assert page.select_one("form[action$='/returns']") is None
    assert page.select_one("form[action$='/transfers']") is None


def test_who_hands_it_on_can_propose_that_all_such_reports_go_there(city, signed_in):
    complaint = a_complaint()
    browser = signed_in(an_official())
    page = browser.page(f"/desk/complaints/{complaint.reference}")
    assert [option.get_text() for option in page.select("#transfers-proposes option")] == [
        "only this report",
        "all about “Street light” in Hoan Kiem Ward",
        "all about “Street light”",
    ]

    browser.submit(page, "/transfers", department=DRAINAGE, reason="It is a drain.", proposes="area")

    db.session.expire_all()
    assert history.of(complaint)[-1].details["proposes"] == "area"


def test_an_area_that_is_not_known_is_not_proposed(city, signed_in):
    complaint = a_complaint(point=None, landmark="by the bridge")
    browser = signed_in(an_official())
    page = browser.page(f"/desk/complaints/{complaint.reference}")

    browser.submit(page, "/transfers", department=DRAINAGE, reason="It is a drain.", proposes="area")

    db.session.expire_all()
    assert "proposes" not in history.of(complaint)[-1].details
