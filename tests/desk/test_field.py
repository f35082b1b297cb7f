"""The list of who goes out: whose reports, in which order, and what the page says of each."""

import pytest

from cps.complaints import handovers, lifecycle
from cps.complaints.status import Status
from cps.desk import field
from cps.geo.point import Point
from cps.kernel.db import db
from cps.people.models import Role
from tests.makers import DRAINAGE, HOAN_KIEM, a_complaint, a_department, an_official
from tests.pageclient import text_of

_STEP = 0.001  # about a hundred metres


def a_stop(by, steps=0.0, **changes):
    """Make a report of this official's, so many hundred metres east of the lake."""
    place = Point(HOAN_KIEM.latitude, HOAN_KIEM.longitude + steps * _STEP)
    return a_complaint(Status.ASSIGNED, by=by, **{"point": place, **changes})


def numbers(page):
    return [stop["data-reference"] for stop in page.select(".stop")]


def at(point):
    return f"{point.latitude}, {point.longitude}"


def test_the_own_open_reports_come_in_walking_order_from_the_place_in_the_address(city, signed_in):
    bo = an_official()
    far, near, middle = (a_stop(bo, steps).reference for steps in (5, 1, 3))

    page = signed_in(bo).page("/desk/field", query_string={"from": at(HOAN_KIEM)})

    assert numbers(page) == [near, middle, far]
    assert [text_of(one) for one in page.select(".stop-number")] == ["1", "2", "3"]


def test_without_a_place_the_walk_begins_at_what_is_due_first(city, signed_in):
    bo = an_official()
    late, other, between = (a_stop(bo, steps) for steps in (5, 1, 3))
    late.due_at = late.received_at
    db.session.commit()

    page = signed_in(bo).page("/desk/field")

    assert numbers(page) == [late.reference, between.reference, other.reference]
    assert page.select_one(".stop-way").get_text() == ""


def test_each_says_how_far_it_is_and_where_and_opens_in_the_phones_own_map(city, signed_in):
    bo = an_official()
    a_stop(bo, 2)
    a_stop(bo, 30)

    page = signed_in(bo).page("/desk/field", query_string={"from": at(HOAN_KIEM)})

    assert [text_of(one) for one in page.select(".stop-way")] == ["208 m to the east", "3 km to the east"]
    links = [link["href"] for link in page.select(".stop-ways a")]
    assert links[0].startswith("geo:21.0287,105.854")
    assert all(link.startswith("geo:") for link in links)


def test_it_says_what_there_is_to_do_in_words(city, signed_in):
    bo = an_official()
    one = a_stop(bo)

    stop = text_of(signed_in(bo).page("/desk/field").select_one(".stop"))

    for words in (one.reference, "Street light", "cạnh tháp bút", "Đèn đường", "day", "Done", "Not found"):
        assert words in stop


def test_a_report_without_a_point_comes_last_and_has_no_map(city, signed_in):
    bo = an_official()
    nowhere = a_stop(bo)
    nowhere.latitude = nowhere.longitude = None
    db.session.commit()
    somewhere = a_stop(bo, 1)

    page = signed_in(bo).page("/desk/field", query_string={"from": at(HOAN_KIEM)})

    assert numbers(page) == [somewhere.reference, nowhere.reference]
    assert len(page.select(".stop-ways a")) == 1


def test_neither_reports_of_colleagues_nor_closed_ones_are_on_the_list(city, signed_in):
    bo, eve = an_official(), an_official("Eve")
    a_stop(eve)
    a_complaint(Status.RESOLVED, by=bo)
    gone = a_stop(bo)
    handovers.transfer(gone, to=a_department(DRAINAGE), by=bo, reason="A drain.")
    db.session.commit()

    page = signed_in(bo).page("/desk/field")

    assert numbers(page) == []
    assert "You have no open reports." in text_of(page)


def test_who_has_nothing_is_offered_what_nobody_in_the_department_handles(city, signed_in):
    bo = an_official()
    unhandled = a_complaint()
    a_complaint(category="staff-conduct")
    a_stop(an_official("Eve"))
    browser = signed_in(bo)

    [link] = browser.page("/desk/field").select(".nothing-ways a")

    assert numbers(browser.page(link["href"])) == [unhandled.reference]


def test_a_coordinator_is_offered_the_own_department_only(city, signed_in):
    dee = an_official("Dee", role=Role.COORDINATOR, department=DRAINAGE)
    a_complaint()

    page = signed_in(dee).page("/desk/field?unassigned=yes")

    assert numbers(page) == []


@pytest.mark.parametrize("typed", ["the corner", "105.8, 21.0", "999, 999"])
def test_a_place_that_is_none_is_said_and_kept_and_the_list_comes_all_the_same(city, signed_in, typed):
    bo = an_official()
    one = a_stop(bo)

    page = signed_in(bo).page("/desk/field", query_string={"from": typed})

    assert numbers(page) == [one.reference]
    assert page.select_one("#from")["value"] == typed
    assert text_of(page.select_one("#from-fault"))


def test_of_many_those_that_are_due_first_are_walked_to(city, signed_in, monkeypatch):
    monkeypatch.setattr(field, "MOST", 2)
    bo = an_official()
    first, second, _third = (a_stop(bo, steps) for steps in (3, 2, 1))

    page = signed_in(bo).page("/desk/field")

    assert set(numbers(page)) == {first.reference, second.reference}
    assert "These are the 2 that are due first; there are more." in text_of(page)


def test_what_waits_for_its_citizen_is_on_the_list_and_says_so(city, signed_in):
    bo = an_official()
    one = a_stop(bo)
    lifecycle.ask(one, by=bo, question="Which lamp?")
    db.session.commit()

    assert "waiting for citizen" in text_of(signed_in(bo).page("/desk/field").select_one(".stop"))


def test_what_a_phone_keeps_of_the_page_has_nothing_of_anybody(city, signed_in):
    bo = an_official("Bartholomew")
    one = a_stop(bo)

    answer = signed_in(bo).get("/desk/field/offline")

    html = answer.get_data(as_text=True)
    for secret in (one.reference, bo.name, bo.email, "csrf_token", field.whose(bo)):
        assert secret not in html


def test_a_phone_is_told_who_is_signed_in_as_a_mark_of_each(city, signed_in):
    bo, eve = an_official(), an_official("Eve")

    ours, theirs = (signed_in(one).get("/desk/field/session").get_json() for one in (bo, eve))

    assert ours["whose"] != theirs["whose"]
    assert ours["token"]
