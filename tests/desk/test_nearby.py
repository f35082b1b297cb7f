"""What is near a report, as the desk shows it: on a page of its own, which the report leads to."""

import pytest

from cps.complaints.status import Status
from cps.people.models import Role
from tests.complaints.test_surroundings import north
from tests.makers import DRAINAGE, a_complaint, an_official
from tests.pageclient import text_of


@pytest.fixture
def browser(city, signed_in):
    return signed_in(an_official())


def address(complaint):
    return f"/desk/complaints/{complaint.reference}/nearby"


def test_each_says_number_kind_status_distance_age_and_first_words(browser):
    bo = an_official()
    a_complaint(Status.RESOLVED, by=bo, point=north(60), words="The lamp <flickers>.")
    near = a_complaint(category="drains", point=north(20), words="Water.")

    page = browser.page(address(a_complaint()))

    first, second = page.select(".near li")
    assert first.a["href"] == f"/desk/complaints/{near.reference}"
    assert (
        text_of(first)
        == f"{near.reference} · Drains, flooding 20 m away · Received · in the last 24 hours Water."
    )
    assert "60 m away · Resolved" in text_of(second)
    assert "The lamp <flickers>." in text_of(second)
    assert second.select_one(".chip-closed")
    assert not first.select_one(".chip-closed")


def test_where_there_are_more_than_ten_it_says_how_many(browser):
    for _ in range(12):
        a_complaint()

    page = browser.page(address(a_complaint()))

    assert len(page.select(".near li")) == 10
    assert "and 2 more" in text_of(page.select_one("[data-part]"))


def test_where_nothing_is_it_says_so(browser):
    page = browser.page(address(a_complaint()))

    assert "Nothing else was reported within 250 m in the last 30 days." in text_of(page)


def test_a_report_leads_to_it_where_its_place_is_known(browser):
    known, unknown = a_complaint(), a_complaint(point=None, landmark="ở hồ")

    link = browser.page(f"/desk/complaints/{known.reference}").select_one("#nearby a")

    assert link["href"] == address(known)
    assert browser.page(f"/desk/complaints/{unknown.reference}").select_one("#nearby") is None
    assert "Nobody knows where" in text_of(browser.page(address(unknown)))


def test_it_is_for_who_may_read_the_report_itself(city, signed_in):
    private = a_complaint(category="staff-conduct")
    dee = an_official("Dee", role=Role.COORDINATOR)

    assert signed_in(an_official("Chi", department=DRAINAGE)).get(address(private)).status_code == 404
    assert signed_in(dee).get(address(private)).status_code == 200
