"""What an official has typed and not sent: it is there when the page is opened again, and for nobody else."""

from datetime import timedelta

import pytest

from cps.complaints import unsent
from cps.complaints.attached import Draft
from cps.kernel import clock
from cps.kernel.db import db
from tests.desk.reports import screen_of
from tests.makers import MONDAY, a_complaint, an_official
from tests.pageclient import text_of

HEADERS = {"Sec-Fetch-Site": "same-origin"}


def keep(browser, complaint, version="1", **fields):
    page = browser.page(screen_of(complaint))
    token = page.select_one("input[name=csrf_token]")["value"]
    return browser.post(
        f"{screen_of(complaint)}/drafts",
        data={"csrf_token": token, "version": version, **fields},
        headers=HEADERS,
    )


def typed(page, field):
    return page.select_one(f"#{field}").get_text().strip()


@pytest.fixture
def begun(city, signed_in):
    """Bo has begun a resolution and closed the tab."""
    complaint, browser = a_complaint(), signed_in(an_official())
    answer = keep(browser, complaint, action="resolutions", result="We changed the la")
    assert answer.status_code == 204
    return complaint, browser


def test_it_stands_in_its_form_when_the_page_is_opened_again(begun):
    complaint, browser = begun

    page = browser.page(screen_of(complaint))

    assert typed(page, "resolutions-result") == "We changed the la"
    assert page.select_one("#resolutions").has_attr("open")
    assert "is not sent yet" in text_of(page.select_one(".kept"))
    assert typed(page, "notes-note") == ""


def test_nobody_else_reads_it(begun, signed_in):
    complaint, _browser = begun

    page = signed_in(an_official("Eve")).page(screen_of(complaint))

    assert "We changed the la" not in text_of(page)


def test_sent_is_sent(begun):
    complaint, browser = begun
    page = browser.page(screen_of(complaint))

    browser.submit(page, "/resolutions", result="We changed the lamp.")

    assert browser.page(screen_of(complaint)).select_one(".kept") is None
    assert db.session.query(Draft).count() == 0


def test_what_arrives_behind_its_own_form_is_not_kept_again(begun):
    complaint, browser = begun
    browser.submit(browser.page(screen_of(complaint)), "/notes", note="The ladder is away.")

    keep(browser, complaint, action="notes", note="The ladder is aw")

    assert typed(browser.page(screen_of(complaint)), "notes-note") == ""


def test_what_was_refused_is_kept(begun):
    complaint, browser = begun
    page = browser.page(screen_of(complaint))

    browser.submit(page, "/resolutions", result="We changed the lamp.", version="0")

    assert typed(browser.page(screen_of(complaint)), "resolutions-result") == "We changed the la"


def test_it_can_be_thrown_away(begun):
    complaint, browser = begun

    browser.submit(browser.page(screen_of(complaint)), "/drafts/end")

    assert typed(browser.page(screen_of(complaint)), "resolutions-result") == ""


def test_an_emptied_form_is_kept_no_more(begun):
    complaint, browser = begun

    keep(browser, complaint, action="resolutions", result="  ")

    assert db.session.query(Draft).count() == 0


def test_drafts_of_two_forms_stand_beside_each_other(begun):
    complaint, browser = begun
    keep(browser, complaint, action="notes", note="Ladder!")

    page = browser.page(screen_of(complaint))

    assert typed(page, "notes-note") == "Ladder!"
    assert typed(page, "resolutions-result") == "We changed the la"


def test_a_book_is_not_kept(begun):
    complaint, browser = begun

    answer = keep(browser, complaint, action="notes", note="x" * 60_000)

    assert answer.status_code == 422


def test_after_thirty_days_it_is_forgotten(begun):
    with clock.standing_at(MONDAY + timedelta(days=29)):
        unsent.forget_unsent(0)
    kept = db.session.query(Draft).count()
    with clock.standing_at(MONDAY + timedelta(days=31)):
        unsent.forget_unsent(0)

    assert (kept, db.session.query(Draft).count()) == (1, 0)
