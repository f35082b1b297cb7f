"""Queues kept under a name: whose they are, what they hold now, and which digit leads there."""

import pytest

from cps.complaints import saved_views
from cps.complaints.saved_views import SavedView, Sharing
from cps.complaints.status import Status
from cps.complaints.views import View
from cps.kernel.db import db
from cps.people.models import Role
from tests.makers import DRAINAGE, a_complaint, an_official
from tests.pageclient import soup_of, text_of


def a_saved_view(by, name="Lamps", *, sharing=Sharing.PERSONAL, view=View.OPEN, **filters):
    saved = saved_views.save(name, sharing=sharing, view=view, filters=filters, by=by)
    db.session.commit()
    return saved


def shown(page):
    return {
        text_of(link.span): text_of(link.select_one(".count")) if link.select_one(".count") else None
        for link in page.select(".saved nav a[data-view]")
    }


def save(browser, address, **fields):
    return browser.submit(browser.page(f"/desk/views?{address}"), f"/desk/views?{address}", **fields)


def test_a_queue_is_saved_as_it_is_and_holds_what_it_holds_now(city, signed_in):
    bo = an_official()
    a_complaint(words="The pole is bent.")
    a_complaint()
    browser = signed_in(bo)

    answer = save(browser, "view=open&q=pole", name=" Poles ", sharing="personal")

    assert answer.location == "/desk?view=open&q=pole"
    assert shown(browser.page("/desk")) == {"Poles": "1"}
    a_complaint(words="Another pole.")
    assert shown(browser.page("/desk")) == {"Poles": "2"}
    number = db.session.query(SavedView).one().id
    assert browser.get("/desk/counts").json["views"][f"saved-{number}"] == 2


def test_each_counts_its_own_narrowing(city, signed_in):
    bo = an_official()
    a_complaint(Status.ASSIGNED, by=bo)
    a_complaint()
    a_saved_view(bo, "All")
    a_saved_view(bo, "Me", handler="me")
    a_saved_view(bo, "Nobody", handler="nobody", category="street-light")
    a_saved_view(bo, "Other", category="drains")
    a_saved_view(bo, "Closed", view=View.CLOSED)

    found = shown(signed_in(bo).page("/desk"))

    assert found == {"All": "2", "Me": "1", "Nobody": "1", "Other": "0", "Closed": None}


def test_what_is_shared_is_shown_to_whom_it_is_shared_with(city, signed_in):
    head, dee = an_official("Eve", role=Role.HEAD), an_official("Dee", role=Role.COORDINATOR)
    a_saved_view(head, "Own")
    a_saved_view(head, "Department", sharing=Sharing.DEPARTMENT)
    a_saved_view(dee, "City", sharing=Sharing.CITY)

    ours = shown(signed_in(an_official()).page("/desk"))
    elsewhere = shown(signed_in(an_official("Chi", department=DRAINAGE)).page("/desk"))

    assert list(ours) == ["City", "Department"]
    assert list(elsewhere) == ["City"]


def test_a_shared_view_shows_each_the_own_work(city, signed_in):
    a_complaint()
    a_saved_view(an_official("Dee", role=Role.COORDINATOR), "City", sharing=Sharing.CITY)

    ours = shown(signed_in(an_official()).page("/desk"))
    elsewhere = shown(signed_in(an_official("Chi", department=DRAINAGE)).page("/desk"))

    assert (ours["City"], elsewhere["City"]) == ("1", "0")


@pytest.mark.parametrize("sharing", ["department", "city"])
def test_an_officer_shares_with_nobody(city, signed_in, sharing):
    answer = save(signed_in(an_official()), "view=open", name="Lamps", sharing=sharing)

    assert answer.status_code == 404
    assert db.session.query(SavedView).count() == 0


def test_what_another_shared_can_be_pinned_but_neither_named_nor_removed(city, signed_in):
    saved = a_saved_view(an_official("Dee", role=Role.COORDINATOR), "City", sharing=Sharing.CITY)
    browser = signed_in(an_official())
    page = browser.page("/desk/views")

    browser.submit(page, f"/desk/views/{saved.id}", digit="3", name="Mine")
    removed = browser.post(
        f"/desk/views/{saved.id}/removals",
        data={"csrf_token": page.select_one("input[name=csrf_token]")["value"]},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    link = browser.page("/desk").select_one(".saved [data-pin='3']")
    assert text_of(link.span).startswith("City")
    assert removed.status_code == 404


def test_a_digit_leads_to_one_view(city, signed_in):
    bo = an_official()
    first, second = a_saved_view(bo, "One"), a_saved_view(bo, "Two")
    browser = signed_in(bo)
    for one in (first, second):
        browser.submit(browser.page("/desk/views"), f"/desk/views/{one.id}", digit="1")

    pinned = browser.page("/desk").select(".saved [data-pin]")

    assert [text_of(link.span) for link in pinned] == ["Two g 1"]


def test_it_is_renamed_and_removed(city, signed_in):
    bo = an_official()
    saved = a_saved_view(bo)
    browser = signed_in(bo)
    browser.submit(browser.page("/desk/views"), f"/desk/views/{saved.id}", name="Bulbs", digit="2")
    renamed = list(shown(browser.page("/desk")))

    browser.submit(browser.page("/desk/views"), f"/desk/views/{saved.id}/removals")

    assert renamed == ["Bulbs g 2"]
    assert shown(browser.page("/desk")) == {}


@pytest.mark.parametrize("name", ["  ", "x" * 41])
def test_a_bad_name_is_refused_and_kept_as_it_was_typed(city, signed_in, name):
    browser = signed_in(an_official())

    answer = save(browser, "view=new", name=name, sharing="personal")

    assert answer.status_code == 422
    assert "at most 40 letters" in text_of(soup_of(answer))
    assert soup_of(answer).select_one("#name")["value"] == name.strip()


def test_a_name_is_text_and_nothing_else(city, signed_in):
    bo = an_official()
    a_saved_view(bo, "<img src=x>")

    page = signed_in(bo).page("/desk")

    assert list(shown(page)) == ["<img src=x>"]
    assert page.select(".saved img") == []


def test_there_is_an_end_to_saving(city, signed_in):
    bo = an_official()
    for number in range(saved_views.MOST):
        a_saved_view(bo, f"View {number}")

    answer = save(signed_in(bo), "view=open", name="One more", sharing="personal")

    assert answer.status_code == 409
    assert "Remove one first" in text_of(soup_of(answer))


def test_what_the_city_has_no_more_is_not_beside_the_queue(city, signed_in):
    bo = an_official()
    a_saved_view(bo, category="no-such-thing")

    browser = signed_in(bo)

    assert shown(browser.page("/desk")) == {}
    assert "Lamps" in text_of(browser.page("/desk/views"))
