"""The public list: filters in the address, a search that forgives, pages, and what it says when there is nothing."""

import pytest

from cps.complaints.models import Complaint
from cps.complaints.published import PAGE_LENGTH
from cps.complaints.status import Status
from cps.kernel.db import db
from tests.citizen.acts import a_shown_photo
from tests.makers import a_complaint, an_official
from tests.pageclient import text_of
from tests.publishing import categories, waiting_photos


def _listed(page):
    return [link["href"].rpartition("/")[2] for link in page.select(".report")]


def test_the_list_shows_what_where_how_far_and_since_when(city, ana):
    complaint = a_complaint(Status.RESOLVED)
    photo = a_shown_photo(complaint)

    line = ana.page("/reports").select_one(".report")

    for words in (
        "Street light",
        "Hoan Kiem Ward · cạnh tháp bút",
        complaint.words,
        "Resolved",
        "7 January 2030",
    ):
        assert words in text_of(line)
    assert line["href"] == f"/complaints/{complaint.reference}"
    assert line.img["src"] == f"/photos/{photo.key}/small"


def test_the_form_and_the_tabs_narrow_the_list_down_together(city, ana):
    lamp, hole = a_complaint(Status.RESOLVED), a_complaint(category="pothole")
    both = [hole.reference, lamp.reference]

    everything = ana.page("/reports")
    by_category = ana.page("/reports?category=street-light")
    answered = [tab["href"] for tab in by_category.select(".tabs a")][2]

    assert _listed(everything) == both
    assert _listed(by_category) == [lamp.reference]
    assert text_of(by_category.h1) == "Street light"
    assert answered == "/reports?category=street-light&status=answered"
    assert _listed(ana.page(answered)) == [lamp.reference]
    assert _listed(ana.page("/reports?status=open")) == [hole.reference]
    assert _listed(ana.page("/reports?period=week&q=&category=&area=")) == both


@pytest.mark.parametrize("query", ["category=noise", "category=zz", "area=zz", "status=zz", "period=zz"])
def test_what_the_city_does_not_have_is_not_found(city, ana, query):
    assert ana.get(f"/reports?{query}").status_code == 404
    assert ana.get(f"/reports.atom?{query}").status_code == 404


def test_the_search_keeps_what_was_typed_and_the_other_filters(city, ana):
    complaint = a_complaint(words="Đèn đường <b>tắt</b>")
    a_complaint(words="something else")

    page = ana.page("/reports", query_string={"q": "den DUONG", "status": "open"})

    assert _listed(page) == [complaint.reference]
    assert page.select_one("#q")["value"] == "den DUONG"
    assert page.select_one("input[name=status]")["value"] == "open"
    assert page.select_one(".report b") is None


@pytest.mark.parametrize(
    "typed",
    [
        "%_'\"\\",
        "Z\u0335\u0336\u0337a\u0301lgo\u0334",
        "😀👩‍👩‍👧",
        "\u202eevil\u2069",
        "\x00\x07",
        "' OR 1=1 --",
    ],
)
def test_strange_searches_are_answered_calmly(city, ana, typed):
    a_complaint()

    page = ana.page("/reports", query_string={"q": typed})

    assert _listed(page) == [] or not page.select_one("#q")["value"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "No reports yet"),
        ("?q=zebra", "No report fits"),
        ("?q=😀", "Type at least one letter or digit"),
        ("?status=open", "No report fits"),
    ],
)
def test_an_empty_list_says_why_and_what_to_do(city, ana, query, says):
    page = ana.page(f"/reports{query}")

    assert says in text_of(page.select_one(".nothing"))
    assert page.select_one(".nothing a")["href"] in ("/", "/reports")


def test_pages_go_on_and_back_and_keep_the_filters(city, ana):
    for _turn in range(PAGE_LENGTH + 1):
        a_complaint()

    first = ana.page("/reports?status=open")
    second = ana.page(first.select_one("a[rel=next]")["href"])
    back = ana.page(second.select_one("a[rel=prev]")["href"])

    assert first.select_one("a[rel=prev]") is None
    assert (len(_listed(first)), len(_listed(second))) == (PAGE_LENGTH, 1)
    assert "status=open" in second.select_one("a[rel=prev]")["href"]
    assert _listed(back) == _listed(first)


@pytest.mark.parametrize("place", ["x", "20300107T090000.000000-", "99999999T999999.0-1", "'"])
def test_a_forged_place_is_the_beginning(city, ana, place):
    complaint = a_complaint()

    assert _listed(ana.page("/reports", query_string={"after": place})) == [complaint.reference]
    assert _listed(ana.page("/reports", query_string={"before": place})) == [complaint.reference]


def test_private_categories_are_not_even_offered(city, ana):
    offered = [option["value"] for option in ana.page("/reports").select("#category option")]

    assert "street-light" in offered
    assert "noise" not in offered


def test_what_became_private_is_gone_from_every_public_address(city, ana):
    complaint = a_complaint()
    photo = a_shown_photo(complaint)

    with categories("street-light", is_public=False):
        answers = [
            ana.get(path).status_code
            for path in (
                f"/complaints/{complaint.reference}",
                f"/photos/{photo.key}/small",
                f"/alerts?near={complaint.reference}",
            )
        ]
        listed, fed = ana.get("/reports").text, ana.get("/reports.atom").text

    assert answers == [404, 404, 404]
    assert complaint.reference not in listed + fed


def test_a_place_that_may_be_a_home_is_told_roughly_everywhere(city, ana):
    complaint = a_complaint(landmark="số 5 ngõ 12")

    with categories("street-light", is_rounded=True):
        pages = [
            ana.get(path).text for path in ("/reports", "/reports.atom", f"/complaints/{complaint.reference}")
        ]

    assert all(complaint.reference in page and "ngõ 12" not in page for page in pages)
    assert "21.02870 105.85230" not in pages[1]


def test_where_photos_wait_nobody_else_sees_them_before_an_official(city, ana):
    complaint = a_complaint()
    photo = a_shown_photo(complaint)
    photo.released_at = None
    db.session.commit()

    with waiting_photos():
        pages = [ana.page(path) for path in ("/reports", f"/complaints/{complaint.reference}")]
        itself = ana.get(f"/photos/{photo.key}/small").status_code

    assert [page.select("main img") for page in pages] == [[], []]
    assert itself == 404


def test_an_official_who_has_looked_lets_everybody_see_the_photos(city, ana, signed_in):
    bo, photo = an_official(), a_shown_photo(a_complaint())
    photo.released_at = None
    db.session.commit()
    reference = db.session.get_one(Complaint, photo.complaint_id).reference

    with waiting_photos():
        desk = signed_in(bo)
        answer = desk.submit(desk.page(f"/desk/complaints/{reference}"), "/photo-releases")
        itself = ana.get(f"/photos/{photo.key}/small").status_code

    db.session.refresh(photo)
    assert (answer.status_code, itself) == (303, 200)
    assert photo.released_by_id == bo.id


def test_the_list_stays_below_thirty_kilobytes(city, ana):
    for _turn in range(PAGE_LENGTH):
        a_complaint(words="Đèn đường không sáng ba đêm nay. " * 6)

    assert len(ana.get("/reports").data) <= 30_000


def test_every_citizens_page_leads_to_the_list(city, ana):
    for path in ("/", "/alerts", "/reports?q=x"):
        assert ana.page(path).select_one("header a[href='/reports']") is not None
