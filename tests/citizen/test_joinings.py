"""Joining on the pages: what is near is offered after sending, and anybody can join a public report."""

import pytest

from cps.complaints import lifecycle, merging
from cps.complaints.status import Status
from cps.kernel.db import db
from tests.citizen.acts import OWN, a_shown_photo, open_link, reply, send
from tests.makers import a_complaint, an_official
from tests.pageclient import soup_of, text_of
from tests.publishing import waiting_photos


def _join(browser, lead, **fields):
    page = browser.page(f"/complaints/{lead.reference}")
    return browser.submit(page, "/joinings", **{"contact": "binh@citizen.example", **fields})


def _merge(browser, own, lead):
    return browser.post(f"/my/{own.reference}/joinings", data={"lead": lead.reference}, headers=OWN)


def test_after_sending_the_same_problem_near_by_is_offered_to_join(city, ana):
    lead = a_complaint()

    page = soup_of(ana.get(send(ana, contact="binh@citizen.example").location, follow_redirects=True))
    answer = ana.submit(page, "/joinings")
    joined = text_of(soup_of(ana.get(answer.location)))

    assert lead.reference in text_of(page.select_one(".near"))
    assert f"Joined to report {lead.reference}" in joined
    assert "2 people report this" in joined


def test_later_and_where_nothing_is_near_nothing_is_offered(city, ana):
    own = a_complaint()
    open_link(ana, own)
    alone = ana.page(f"/my/{own.reference}?new=1")
    a_complaint()
    later = ana.page(f"/my/{own.reference}")

    assert alone.select_one(".near") is None
    assert later.select_one(".near") is None


def test_a_merged_report_shows_the_result_of_the_other_and_can_go_on_by_itself(city, ana):
    lead, own = a_complaint(), a_complaint()
    open_link(ana, own)
    _merge(ana, own, lead)
    lifecycle.resolve(lead, by=an_official(), result="We changed the lamp.")
    db.session.commit()

    page = ana.page(f"/my/{own.reference}")
    answer = ana.submit(page, "/joinings/end")

    assert "We changed the lamp." in text_of(page)
    assert answer.status_code == 303
    assert db.session.get(type(own), own.id, populate_existing=True).status is Status.RECEIVED


def test_joining_what_closed_meanwhile_is_refused_with_the_reason(city, ana):
    own, lead = a_complaint(), a_complaint(Status.RESOLVED)
    open_link(ana, own)

    answer = _merge(ana, own, lead)

    assert answer.status_code == 409
    assert "closed by now" in text_of(answer)


def test_a_private_report_cannot_be_joined_nor_found_out(city, ana):
    own, lead = a_complaint(), a_complaint(category="staff-conduct")
    open_link(ana, own)

    assert _merge(ana, own, lead).status_code == 404
    assert ana.post(f"/complaints/{lead.reference}/joinings", headers=OWN).status_code == 404


def test_anybody_joins_a_public_report_with_a_contact_and_gets_a_private_link(city, ana):
    lead = a_complaint()

    answer = _join(ana, lead)
    opened = ana.get(answer.location)
    page = ana.page(opened.location)

    assert answer.location.startswith("/joined/")
    assert "Path=/my/" in opened.headers["Set-Cookie"]
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert opened.location.startswith(f"/my/{lead.reference}/joining")
    assert f"You joined report {lead.reference}" in text_of(page)
    assert "/joined/" in text_of(page.select_one(".link"))
    assert "2 people report this" in text_of(ana.page(f"/complaints/{lead.reference}"))


def test_the_same_form_sent_twice_joins_once(city, ana):
    lead = a_complaint()
    page = ana.page(f"/complaints/{lead.reference}")

    first = ana.submit(page, "/joinings", contact="binh@citizen.example")
    again = ana.submit(page, "/joinings", contact="binh@citizen.example")

    assert first.location == again.location
    assert db.session.get(type(lead), lead.id, populate_existing=True).joined == 1


@pytest.mark.parametrize(
    ("contact", "sentence"), [("", "Leave an e-mail address"), ("not one", "Enter an e-mail address")]
)
def test_joining_needs_a_contact_and_keeps_what_was_typed(city, ana, contact, sentence):
    answer = _join(ana, a_complaint(), contact=contact)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert sentence in text_of(page.select_one(".summary"))
    assert page.find(id="contact")["value"] == contact


def test_who_joined_can_say_that_it_is_not_fixed(city, ana):
    lead = a_complaint()
    ana.get(_join(ana, lead).location)
    lifecycle.resolve(lead, by=an_official(), result="done")
    db.session.commit()
    page = ana.page(f"/my/{lead.reference}/joining")

    empty = ana.submit(page, "/joining/reopenings", words="")
    answer = ana.submit(page, "/joining/reopenings", words="Still dark.")

    assert (empty.status_code, answer.status_code) == (422, 303)
    assert db.session.get(type(lead), lead.id, populate_existing=True).status is Status.RECEIVED


def test_who_leaves_is_forgotten(city, ana):
    lead = a_complaint()
    ana.get(_join(ana, lead).location)

    answer = ana.submit(ana.page(f"/my/{lead.reference}/joining"), "/joining/end")

    assert answer.location == f"/complaints/{lead.reference}"
    assert db.session.get(type(lead), lead.id, populate_existing=True).joined == 0
    assert ana.get(f"/my/{lead.reference}/joining").status_code == 404


def test_the_link_of_a_joining_does_not_open_the_report_itself(city, ana):
    lead = a_complaint()

    ana.get(_join(ana, lead).location)

    assert ana.get(f"/my/{lead.reference}").status_code == 404


def test_a_report_that_others_joined_says_why_it_cannot_be_withdrawn(city, ana):
    lead = a_complaint()
    open_link(ana, lead)
    merging.merge(a_complaint(contact=None), into=lead)
    db.session.commit()

    page = ana.page(f"/my/{lead.reference}")
    answer = reply(ana, lead, "withdrawal", "")

    assert "the city goes on with it" in text_of(page)
    assert answer.status_code == 409


def test_who_joined_sees_photos_only_once_everybody_may(city, ana):
    lead = a_complaint()
    photo = a_shown_photo(lead)
    photo.released_at = None
    db.session.commit()
    joined = _join(ana, lead).location

    with waiting_photos():
        waiting = soup_of(ana.get(joined, follow_redirects=True)).select(".photos img")
    at_once = soup_of(ana.get(joined, follow_redirects=True)).select(".photos img")

    assert (len(waiting), len(at_once)) == (0, 1)
