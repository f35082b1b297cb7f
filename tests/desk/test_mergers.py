"""Merging at the desk: what looks alike is offered, both are compared, and an official decides."""

from datetime import timedelta

import pytest

from cps.complaints import merging
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from cps.photos.fingerprint import fingerprint
from cps.photos.models import Photo, State
from tests.desk.reports import as_it_is, screen_of
from tests.makers import HOAN_KIEM, MONDAY, a_complaint, a_photo, an_official
from tests.pageclient import text_of

NEAR = Point(HOAN_KIEM.latitude + 0.0004, HOAN_KIEM.longitude)  # some 44 m
FAR = Point(HOAN_KIEM.latitude + 0.01, HOAN_KIEM.longitude)


def offered(page):
    return [link["href"].rsplit("/", 1)[-1] for link in page.select("#mergers .alike a")]


def with_picture(complaint, data):
    photo = Photo(
        complaint_id=complaint.id,
        original="0" * 64,
        original_size=1,
        state=State.READY,
        fingerprint=fingerprint(data),
    )
    db.session.add(photo)
    db.session.commit()


@pytest.fixture
def pair(city):
    """Two reports of one dark lamp, the first an hour older."""
    with clock.standing_at(MONDAY - timedelta(hours=1)):
        older = a_complaint(point=NEAR, contact=None)
    return older, a_complaint()


def test_what_looks_like_the_same_problem_is_offered_and_nothing_else(pair, signed_in):
    older, own = pair
    others = [
        a_complaint(point=FAR),
        a_complaint(category="noise", words="Tiếng ồn ban đêm.", point=NEAR),
        a_complaint(category="staff-conduct", point=NEAR),
        a_complaint(Status.RESOLVED, point=NEAR),
    ]

    page = signed_in(an_official()).page(screen_of(own))

    assert offered(page) == [older.reference]
    assert not {one.reference for one in others} & set(offered(page))
    assert "44 m away · 1 hour apart" in text_of(page.select_one("#mergers"))


def test_the_same_picture_brings_together_what_words_and_kind_keep_apart(city, signed_in):
    picture = a_photo((320, 240)).getvalue()
    one = a_complaint(category="drains", words="Nước tràn.", point=NEAR)
    other = a_complaint(words="Lamp.", point=HOAN_KIEM)
    before = offered(signed_in(an_official()).page(screen_of(other)))
    with_picture(one, picture)
    with_picture(other, picture)

    page = signed_in(an_official()).page(screen_of(other))

    assert before == []
    assert offered(page) == [one.reference]
    assert "same picture" in text_of(page.select_one("#mergers"))


def test_both_are_compared_side_by_side_and_the_younger_is_merged_first(pair, signed_in):
    older, own = pair
    browser = signed_in(an_official())
    page = browser.page(f"{screen_of(own)}/mergers/{older.reference}")
    buttons = {button.get_text(): button["class"] for button in page.select(".sides button")}

    answer = browser.submit(page, f"{own.reference}/mergers")

    assert list(buttons) == [
        f"Merge {own.reference} into {older.reference}",
        f"Merge {older.reference} into {own.reference}",
    ]
    assert "button-primary" in buttons[f"Merge {own.reference} into {older.reference}"]
    assert answer.status_code == 303
    assert (as_it_is(own).status, own.lead_id) == (Status.MERGED, older.id)


def test_who_merges_another_one_into_the_report_comes_back_to_it(pair, signed_in):
    older, own = pair
    browser = signed_in(an_official())
    page = browser.page(f"{screen_of(older)}/mergers/{own.reference}")

    answer = browser.submit(page, f"{own.reference}/mergers")

    assert answer.location == f"{screen_of(older)}?done={own.reference}"
    assert as_it_is(own).lead_id == older.id


def test_the_screens_of_both_lead_to_each_other_and_it_is_taken_out_with_one_button(pair, signed_in):
    older, own = pair
    merging.merge(own, into=older, by=an_official())
    db.session.commit()
    browser = signed_in(an_official("Eve"))

    lead, page = browser.page(screen_of(older)), browser.page(screen_of(own))
    answer = browser.submit(page, "/partings")

    assert f"Merged into this one {own.reference}" in text_of(lead.select_one(".facts"))
    assert f"Merged into {older.reference}" in text_of(page.select_one(".facts"))
    assert answer.status_code == 303
    assert as_it_is(own).status is Status.RECEIVED


def test_who_may_not_change_a_report_cannot_close_it_but_another_may_lead(pair, signed_in):
    _older, own = pair
    theirs = a_complaint(category="drains")
    browser = signed_in(an_official())
    page = browser.page(f"{screen_of(own)}/mergers/{theirs.reference}")
    fields = {
        "csrf_token": page.select_one("input[name=csrf_token]")["value"],
        "version": str(theirs.version),
        "lead": own.reference,
    }

    refused = browser.post(
        f"{screen_of(theirs)}/mergers", data=fields, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert [form["action"] for form in page.select(".sides form")] == [f"{screen_of(own)}/mergers"]
    assert "Only they can change it." in text_of(page)
    assert refused.status_code == 409
    assert as_it_is(theirs).status is Status.RECEIVED


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "We found no report with this number."),
        ("0000-0000", "We found no report with this number."),
        ("<b>x</b>", "We found no report with this number."),
    ],
)
def test_a_number_that_is_none_is_said_and_kept(pair, signed_in, typed, says):
    _older, own = pair
    browser = signed_in(an_official())

    answer = browser.get(f"{screen_of(own)}/mergers", query_string={"other": typed})

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert own.reference in text_of(answer)


def test_the_own_number_is_not_compared_with_itself(pair, signed_in):
    _older, own = pair

    answer = signed_in(an_official()).get(f"{screen_of(own)}/mergers/{own.reference}")

    assert answer.status_code == 404


def test_a_report_that_was_answered_meanwhile_is_not_merged_and_that_is_said(pair, signed_in):
    older, own = pair
    browser = signed_in(an_official())
    page = browser.page(f"{screen_of(own)}/mergers/{older.reference}")
    merging.merge(older, into=a_complaint(), by=an_official("Eve"))
    db.session.commit()

    answer = browser.submit(page, f"{own.reference}/mergers")

    assert answer.status_code == 409
    assert "The other report is closed by now" in text_of(answer)
    assert as_it_is(own).status is Status.RECEIVED


def test_a_coordinator_merges_across_departments(pair, signed_in):
    older, _own = pair
    theirs = a_complaint(category="drains")
    browser = signed_in(an_official("Dee", role=Role.COORDINATOR))

    merged = browser.submit(
        browser.page(f"{screen_of(theirs)}/mergers/{older.reference}"), f"{theirs.reference}/mergers"
    )

    assert merged.status_code == 303
    assert as_it_is(theirs).lead_id == older.id


def test_the_history_says_what_came_and_went_with_the_new_deadline(pair, signed_in):
    older, own = pair
    bo = an_official()
    merging.merge(older, into=own, by=bo)
    merging.part(older, by=bo)
    db.session.commit()

    page = signed_in(bo).page(screen_of(own))
    words = text_of(page.select_one(".history"))

    assert f"Report {older.reference} was merged into this one" in words
    assert f"Report {older.reference} was taken out again" in words
    assert EventKind.ABSORBED.value not in words
