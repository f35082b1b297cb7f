"""Hiding from the public at the desk: who is offered what, and where it is said."""

import pytest

from cps.complaints import hiding, window
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import as_it_is, screen_of
from tests.makers import a_complaint, an_official
from tests.pageclient import soup_of, text_of

SHOW = "form[action$='/hidings/end']"


@pytest.fixture
def head(city):
    return an_official("Hue", role=Role.HEAD)


@pytest.fixture
def lamp(bo):
    return a_complaint(Status.RESOLVED, by=bo)


def test_a_closed_report_is_hidden_with_a_reason_for_colleagues(bo, lamp, signed_in):
    browser = signed_in(bo)

    answer = browser.submit(browser.page(screen_of(lamp)), "/hidings", reason="A neighbour is named.")

    assert answer.status_code == 303
    assert not as_it_is(lamp).is_public
    page = browser.page(screen_of(lamp))
    assert page.find(id="hidings") is None
    told = text_of(page.select_one(".history li"))
    assert "Hidden from the public" in told
    assert "A neighbour is named." in told


def test_without_a_reason_the_form_comes_back_open(bo, lamp, signed_in):
    browser = signed_in(bo)

    answer = browser.submit(browser.page(screen_of(lamp)), "/hidings", reason=" ")

    assert answer.status_code == 422
    assert soup_of(answer).find(id="hidings").has_attr("open")
    assert "Write the reason, for colleagues." in text_of(soup_of(answer).find(id="hidings"))


def test_only_who_leads_is_offered_to_show_it_again(bo, head, lamp, signed_in):
    hiding.hide(lamp, by=bo, reason="A neighbour is named.")
    db.session.commit()
    assert signed_in(bo).page(screen_of(lamp)).select_one(SHOW) is None

    browser = signed_in(head)
    answer = browser.submit(browser.page(screen_of(lamp)), "/hidings/end")

    assert answer.status_code == 303
    assert as_it_is(lamp).is_public
    assert "Public again" in text_of(browser.page(screen_of(lamp)).select_one(".history li"))


def test_it_can_be_undone(bo, lamp, signed_in):
    window.use(30)
    browser = signed_in(bo)
    browser.submit(browser.page(screen_of(lamp)), "/hidings", reason="A neighbour is named.")
    browser.submit(browser.page(screen_of(lamp)), "/undoings")
    window.use(0)

    assert as_it_is(lamp).is_public
    assert signed_in(an_official("Hue", role=Role.HEAD)).page(screen_of(lamp)).select_one(SHOW) is None
