"""The pane beside the queue: what it shows, to whom, at what cost, and that fetching is not seeing."""

import json

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from cps.complaints import lifecycle
from cps.complaints.status import Status
from cps.kernel.db import db
from tests.makers import DRAINAGE, a_complaint, an_official
from tests.pageclient import text_of


def preview_of(browser, complaint):
    answer = browser.get(f"/desk/complaints/{complaint.reference}/preview")
    assert answer.status_code == 200
    return BeautifulSoup(answer.json["html"], "html5lib"), answer.json["version"]


def look_at(browser, complaint):
    token = browser.page("/desk").select_one("input[name=csrf_token]")["value"]
    return browser.post(
        f"/desk/complaints/{complaint.reference}/looks",
        data={"csrf_token": token},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def is_unseen(complaint):
    db.session.refresh(complaint)
    return complaint.seen_at is None


@pytest.fixture
def statements(app):
    """Count what is asked of the database, but for the city, which is looked up once a second."""
    seen = []

    def count(_conn, _cursor, statement, *_rest):
        if "FROM city" not in statement:
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    yield seen
    event.remove(engine, "before_cursor_execute", count)


def test_it_shows_what_it_is_about_and_the_ways_into_it(city, signed_in):
    bo = an_official()
    complaint = a_complaint(Status.ASSIGNED, by=bo)

    shown, version = preview_of(signed_in(bo), complaint)

    assert version == complaint.version
    assert complaint.reference in text_of(shown.h2)
    assert "Đèn đường không sáng ba đêm nay." in text_of(shown.select_one(".words"))
    assert "cạnh tháp bút" in text_of(shown)
    address = f"/desk/complaints/{complaint.reference}"
    assert shown.select_one(".ready a")["href"] == f"{address}#assignments"
    assert len(shown.select(".ready a")) == 5


def test_only_what_happened_last_is_shown(city, signed_in):
    bo = an_official()
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    for words in ("One.", "Two.", "Three."):
        lifecycle.note(complaint, by=bo, words=words)
    db.session.commit()

    shown, _version = preview_of(signed_in(bo), complaint)

    assert [text_of(one) for one in shown.select(".event-words")] == ["Three.", "Two.", "One."]


def test_what_is_typed_is_text_and_nothing_else(city, signed_in):
    complaint = a_complaint(words="<script>alert(1)</script>", landmark='"><img src=x>')

    shown, _version = preview_of(signed_in(an_official()), complaint)

    assert shown.select("script, img") == []


def test_who_may_not_read_a_report_gets_no_preview_and_cannot_look(city, signed_in):
    complaint = a_complaint(category="staff-conduct")
    browser = signed_in(an_official("Chi", department=DRAINAGE))

    assert browser.get(f"/desk/complaints/{complaint.reference}/preview").status_code == 404
    assert look_at(browser, complaint).status_code == 404


def test_who_may_only_read_is_offered_nothing_to_do(city, signed_in):
    complaint = a_complaint()

    shown, _version = preview_of(signed_in(an_official("Chi", department=DRAINAGE)), complaint)

    assert shown.select(".ready") == []


def test_fetching_is_not_seeing_but_looking_is(city, signed_in):
    complaint, browser = a_complaint(), signed_in(an_official())

    preview_of(browser, complaint)
    before = is_unseen(complaint)
    answer = look_at(browser, complaint)

    assert (before, answer.status_code, is_unseen(complaint)) == (True, 204, False)


def test_it_costs_few_statements(city, signed_in, statements):
    bo = an_official()
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    browser = signed_in(bo)
    preview_of(browser, complaint)
    statements.clear()

    preview_of(browser, complaint)

    assert len(statements) <= 6, json.dumps(statements, indent=1)


def test_the_page_has_a_pane_that_only_scripts_open(city, signed_in):
    a_complaint()

    page = signed_in(an_official()).page("/desk")

    assert page.select_one(".pane").has_attr("hidden")
    assert page.select_one("[data-pane]").has_attr("hidden")
