"""Setting aside and judging on the pages of the desk: forms, what stands against them, the view, and taking it back."""

import pytest

from cps.complaints import history, quarantine, window
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.catalogues import speaker
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import screen_of
from tests.makers import DRAINAGE, a_complaint, an_official, later
from tests.pageclient import soup_of, text_of

SPAM = {"cause": "spam", "reason": "Letters without sense."}


@pytest.fixture
def eve(city):
    return an_official("Eve", role=Role.HEAD)


def now(complaint):
    db.session.rollback()
    return db.session.get(Complaint, complaint.id, populate_existing=True)


def set_aside(browser, complaint, **fields):
    return browser.submit(browser.page(screen_of(complaint)), "/quarantines", **{**SPAM, **fields})


def aside(complaint, by):
    quarantine.set_aside(complaint, by=by, **SPAM)
    db.session.commit()


def actions(page):
    return {
        form["action"].split(f"{page.h1.text.split()[0]}/")[-1]
        for form in page.select(".complaint-actions form")
    }


def test_an_official_sets_a_report_aside_and_the_screen_says_so(bo, signed_in):
    complaint, browser = a_complaint(), signed_in(bo)

    answer = set_aside(browser, complaint)
    page = browser.page(answer.location)

    assert answer.status_code == 303
    assert now(complaint).set_aside == "spam"
    assert "Set aside: Spam or a test" in text_of(page.select_one(".quarantine"))
    assert "A head of the department or a coordinator judges it" in text_of(page.select_one(".quarantine"))
    assert "Set aside: Spam or a test" in text_of(page.select_one(".history"))
    assert "Letters without sense." in text_of(page.select_one(".history"))
    assert "Only officials see this" in text_of(page.select_one(".event-set_aside"))
    assert actions(page) == {"notes", "flags"}  # who leads may look at the reporter


def test_a_head_lets_it_in_again_or_declines_it(bo, eve, signed_in):
    one, other, browser = a_complaint(), a_complaint(), signed_in(eve)
    aside(one, bo)
    aside(other, bo)
    page = browser.page(screen_of(one))

    assert actions(page) == {"notes", "reveals", "flags", "quarantines/end", "refusals"}
    assert "Judge it" in text_of(page.select_one(".quarantine"))
    assert browser.submit(page, "/quarantines/end").status_code == 303
    assert now(one).is_public
    assert "Judged: let in again" in text_of(browser.page(screen_of(one)).select_one(".history"))

    refused = browser.submit(
        browser.page(screen_of(other)), "/refusals", reason="No place.", remedy="Write again."
    )
    assert refused.status_code == 303
    assert now(other).status == "declined"
    assert "Set aside: Spam or a test" in text_of(browser.page(screen_of(other)).select_one(".quarantine"))


@pytest.mark.parametrize(
    "noun", ["quarantines/end", "refusals", "resolutions", "assignments", "starts", "notes"]
)
def test_what_is_posted_anyway_meets_the_verbs(bo, signed_in, noun):
    complaint, browser = a_complaint(), signed_in(bo)
    aside(complaint, bo)
    page = browser.page(screen_of(complaint))
    fields = {
        "csrf_token": page.select_one("input[name=csrf_token]")["value"],
        "version": str(complaint.version),
        "reason": "No.",
        "remedy": "Write.",
        "result": "Done.",
        "handler": str(bo.id),
        "note": "Hm.",
    }
    answer = browser.post(
        f"{screen_of(complaint)}/{noun}", data=fields, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code == (303 if noun == "notes" else 409)
    assert now(complaint).set_aside == "spam"
    assert now(complaint).status == "received"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"cause": ""}, "Choose one from the list."),
        ({"cause": "nonsense"}, "Choose one from the list."),
        ({"reason": " "}, "Write what you saw, for whoever judges it."),
        ({"reason": "x" * 20_001}, "Shorten it to 20,000."),
    ],
)
def test_bad_input_is_said_and_what_was_typed_stays(bo, signed_in, fields, said):
    complaint, browser = a_complaint(), signed_in(bo)

    answer = set_aside(browser, complaint, **fields)
    page = soup_of(answer)

    assert answer.status_code == 422
    assert said in text_of(page.select_one("#quarantines"))
    assert page.select_one("#quarantines").has_attr("open")
    if fields.get("reason", "").strip() == "":
        kept = page.select_one("#quarantines-cause option[selected]")
        assert "reason" not in fields or kept["value"] == "spam"
        assert "reason" in fields or page.select_one("#quarantines-reason").text.strip() == SPAM["reason"]
    assert now(complaint).is_public


def test_an_old_page_sets_nothing_aside(bo, eve, signed_in):
    complaint, browser = a_complaint(), signed_in(bo)
    page = browser.page(screen_of(complaint))
    set_aside(signed_in(eve), complaint)

    answer = browser.submit(page, "/quarantines", cause="abuse", reason="Insults.")

    assert answer.status_code == 409
    assert "Insults." in answer.text
    assert now(complaint).set_aside == "spam"


def test_another_department_does_not_see_it_nor_set_anything_aside(bo, signed_in):
    complaint, private = a_complaint(), a_complaint()
    chi = signed_in(an_official("Chi", department=DRAINAGE))
    assert chi.get(screen_of(complaint)).status_code == 200
    aside(private, bo)

    assert chi.get(screen_of(private)).status_code == 404
    page = chi.page(screen_of(complaint))
    assert not page.select("#quarantines")


def test_the_queue_has_a_view_of_its_own_that_says_why(bo, signed_in):
    complaint, other, browser = a_complaint(), a_complaint(), signed_in(bo)
    aside(complaint, bo)
    queue, view = browser.page("/desk"), browser.page("/desk?view=aside")

    assert [line.text for line in queue.select("a.q-link")] == [other.reference]
    assert [line.text for line in view.select("a.q-link")] == [complaint.reference]
    assert text_of(view.select_one(".tag-aside")) == "Spam or a test"
    assert text_of(queue.select_one('[data-view="aside"] .count')) == "1"
    assert "Nothing is set aside." in text_of(
        signed_in(an_official(department=DRAINAGE)).page("/desk?view=aside")
    )


def test_many_cannot_be_worked_on_while_they_are_set_aside(bo, eve, signed_in):
    complaint, browser = a_complaint(), signed_in(bo)
    aside(complaint, bo)
    page = browser.page("/desk?view=aside")
    token = page.select_one("input[name=csrf_token]")["value"]
    pick = page.select_one("input[name=report]")["value"]

    answer = browser.post(
        "/desk/previews",
        data={"csrf_token": token, "report": pick, "action": "assignments", "handler": str(bo.id)},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert "0 reports would change" in text_of(soup_of(answer))
    assert "This report is set aside." in text_of(soup_of(answer))


@pytest.mark.parametrize("what", ["aside", "in"])
def test_it_is_taken_back_within_half_a_minute_exactly(bo, eve, signed_in, what):
    window.use(30)
    complaint, browser = a_complaint(), signed_in(eve)
    if what == "in":
        aside(complaint, bo)
    stood = (complaint.set_aside, complaint.is_public)
    if what == "aside":
        set_aside(browser, complaint)
    else:
        browser.submit(browser.page(screen_of(complaint)), "/quarantines/end")
    changed = (now(complaint).set_aside, now(complaint).is_public)

    page = browser.page(screen_of(complaint))
    with clock.standing_at(later(seconds=20)):
        answer = browser.submit(page, "/undoings")

    assert changed != stood
    assert answer.status_code == 303
    assert (now(complaint).set_aside, now(complaint).is_public) == stood
    assert history.of(complaint)[-1].kind is EventKind.UNDONE


def test_who_took_it_back_can_judge_what_another_set_aside(bo, eve, signed_in):
    window.use(30)
    complaint, browser = a_complaint(), signed_in(eve)
    set_aside(browser, complaint)
    browser.submit(browser.page(screen_of(complaint)), "/undoings")
    aside(now(complaint), bo)

    assert browser.submit(browser.page(screen_of(complaint)), "/quarantines/end").status_code == 303
    assert now(complaint).is_public


@pytest.mark.parametrize("language", ["vi", "ko", "fil", "ne"])
def test_causes_have_a_name_of_their_own_in_every_language(language):
    names = [name.rendered(speaker(language), str) for name in quarantine.CAUSE_NAMES.values()]

    assert len({*names, *(name.msgid for name in quarantine.CAUSE_NAMES.values())}) == 2 * len(names)


def test_the_screen_is_in_the_language_of_who_reads_it(bo, eve, signed_in):
    complaint = a_complaint()
    aside(complaint, bo)

    page = signed_in(eve).page(f"{screen_of(complaint)}?language=vi")

    assert "Tạm giữ: Tin rác hoặc gửi thử" in text_of(page.select_one(".quarantine"))
