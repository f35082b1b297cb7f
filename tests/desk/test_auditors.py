"""Auditors: they read everything, decide where a citizen objected again, and see who looked at reporters."""

import pytest

from cps.complaints import escalation, lifecycle, reopening, reporters
from cps.complaints.reporters import Contact
from cps.complaints.status import Handover, Status
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import screen_of
from tests.makers import DRAINAGE, a_complaint, a_department, an_official
from tests.pageclient import text_of


@pytest.fixture
def aud(city):
    return an_official("Aud", department=None, role=Role.AUDITOR)


@pytest.fixture
def browser(aud, signed_in):
    return signed_in(aud)


@pytest.fixture
def again(city):
    """A report that Bo resolved twice and Ana reopened twice."""
    bo = an_official()
    complaint = a_complaint(Status.RESOLVED, by=bo)
    reopening.reopen(complaint, words="Still dark.")
    lifecycle.resolve(complaint, by=bo, result="Done again.")
    reopening.reopen(complaint, words="Still dark!")
    db.session.commit()
    return complaint


def looked_at(complaint, *, by, reason="To call."):
    reporters.note_reveal(complaint.id, by=by, reason=reason)
    db.session.commit()


def nouns(page):
    return {form["action"].rsplit("/", 1)[1] for form in page.select("main form")}


def test_the_queue_begins_with_what_waits_for_a_second_opinion(browser, again):
    a_complaint()

    page = browser.page("/desk")

    assert [link["href"] for link in page.select(".q-link")] == [screen_of(again)]
    assert page.select_one("nav [aria-current]").get_text(strip=True).startswith("Second opinion")
    assert "To decide" not in text_of(page)  # where departments disagree the coordinator decides
    assert page.select("input[name=report]") == []


def test_what_departments_disagree_about_is_no_second_opinion(browser, signed_in, city):
    complaint = a_complaint()
    complaint.handover = Handover.DISPUTED
    db.session.commit()

    assert browser.page("/desk").select(".q-link") == []
    assert nouns(browser.page(screen_of(complaint))) == set()


def test_who_audits_reads_everything_and_changes_nothing(browser, city):
    private = a_complaint(Status.IN_PROGRESS, category="staff-conduct")

    page = browser.page(screen_of(private))

    assert nouns(page) == set()
    assert "You read this report. You decide on it when its citizen has objected again." in text_of(page)
    assert len(browser.page("/desk?view=open").select(".q-link")) == 1


def test_who_audits_says_who_looks_at_it_now(browser, again):
    page = browser.page(screen_of(again))

    answer = browser.submit(
        page, "/transfers", department=DRAINAGE, reason="The cable belongs to the drains."
    )

    db.session.rollback()
    assert nouns(page) == {"transfers", "notes", "reveals"}
    assert answer.status_code == 303
    assert (again.department_id, again.handover) == (a_department(DRAINAGE).id, Handover.DECIDED)
    assert nouns(browser.page(screen_of(again))) == set()


def test_an_auditor_with_an_account_is_told_of_second_opinions_where_the_city_names_no_address(
    city, clocks, aud
):
    clocks(emails={})
    assert escalation.listeners(a_complaint(), "auditor").people == (aud.id,)


def test_who_looked_at_reporters_is_listed_with_the_reason_latest_first(browser, city):
    bo, chi = an_official(), an_official("Chi", department=DRAINAGE)
    handled, other = a_complaint(Status.ASSIGNED, by=bo), a_complaint(contact=Contact(phone="0912345678"))
    looked_at(handled, by=bo, reason="The place is <unclear>.")
    looked_at(other, by=bo)
    looked_at(other, by=chi)

    page = browser.page("/desk/reveals")
    of_bo = browser.page(f"/desk/reveals?official={bo.id}")

    told = [text_of(item) for item in page.select(".looks li")]
    assert [line.split(" · ")[0] for line in told] == ["Chi", "Bo", "Bo"]
    assert "The place is <unclear>." in told[2]
    assert handled.reference in told[2]
    assert "handles it" in told[2]
    assert "handles it" not in told[1]
    assert [text_of(row) for row in page.select("table tbody tr")] == ["Bo 2", "Chi 1"]
    assert len(of_bo.select(".looks li")) == 2
    assert "0912" not in text_of(page)


def test_a_search_for_a_phone_number_is_listed_in_the_language_of_the_page(browser, signed_in, city):
    a_complaint(contact=Contact(phone="0912345678"))
    signed_in(an_official()).page("/desk?q=0912345678")

    page = browser.page("/desk/reveals?language=vi")

    assert "Đã tìm theo số điện thoại của người phản ánh." in text_of(page.select_one(".looks"))


def test_a_long_list_goes_on(browser, city):
    bo, complaint = an_official(), a_complaint()
    for number in range(52):
        looked_at(complaint, by=bo, reason=f"Look {number}.")

    page = browser.page(f"/desk/reveals?official={bo.id}")
    onward = browser.page(page.select_one("a.button-quiet")["href"])

    assert "Look 51." in text_of(page)
    assert len(page.select(".looks li")) == 50
    assert [text_of(item.select("p")[1]) for item in onward.select(".looks li")] == ["Look 1.", "Look 0."]
    assert onward.select("main a.button-quiet") == []


@pytest.mark.parametrize("address", ["?official=999999", "?official=x", "?before=-1", "?before=" + "9" * 30])
def test_what_there_is_not_is_not_found(browser, address):
    assert browser.get(f"/desk/reveals{address}").status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD])
def test_nobody_else_is_shown_who_looked(city, signed_in, role):
    browser = signed_in(an_official(role=role))

    assert browser.get("/desk/reveals").status_code == 404
    assert "Looks at reporters" not in text_of(browser.page("/desk"))
    assert "Second opinion" not in text_of(browser.page("/desk?view=review"))
