"""Asking another department at the desk: who is offered what, and what becomes of what is typed."""

import pytest

from cps.complaints import history, lifecycle, queries, subtasks
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import as_it_is, screen_of
from tests.makers import (
    DRAINAGE,
    LIGHTING,
    MONDAY,
    a_complaint,
    a_department,
    a_subtask,
    an_official,
    later,
)
from tests.pageclient import soup_of, text_of

QUESTION = "Is the cable in your duct?"
ELSEWHERE = "thanh-tra"


def nouns(page):
    actions = [str(form["action"]) for form in page.select("main form")]
    return {
        action.split("/complaints/")[1].split("/", 1)[1] for action in actions if "/complaints/" in action
    }


def references(page):
    return [link.get_text() for link in page.select("td.q-ref a")]


def chi_of(department=DRAINAGE):
    return an_official("Chi", department=department)


@pytest.mark.parametrize(
    ("typed", "reply_by"),
    [
        ({"days": "1"}, later(days=1, hours=8)),
        ({"days": "3"}, later(days=3, hours=8)),
        ({"date": "2030-01-09"}, later(days=2, hours=8)),
        ({"days": "1", "date": "2030-01-09"}, later(days=2, hours=8)),
    ],
)
def test_the_lead_asks_by_working_days_or_by_a_date(city, signed_in, typed, reply_by):
    bo, complaint = an_official(), a_complaint()
    browser = signed_in(bo)

    answer = browser.submit(
        browser.page(screen_of(complaint)), "/subtasks", department=DRAINAGE, question=QUESTION, **typed
    )

    assert (answer.status_code, answer.location) == (303, screen_of(complaint))
    subtask = subtasks.open_one(as_it_is(complaint), DRAINAGE)
    assert (subtask.question, subtask.asked_by_id, subtask.reply_by) == (QUESTION, bo.id, reply_by)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"department": ""}, "department", "Choose a department from the list."),
        ({"department": LIGHTING}, "department", "The report is already with this department."),
        ({"question": " "}, "question", "Write what the department is asked for."),
        ({"days": ""}, "reply_by", "Write how many working days, or choose a date."),
        ({"days": "²"}, "reply_by", "Write how many working days, or choose a date."),
        ({"days": "4"}, "reply_by", "The reply must be due before the report itself is."),
        ({"date": "tomorrow"}, "reply_by", "We could not read this date."),
        ({"date": "2030-01-06"}, "reply_by", "The reply cannot be due in the past."),
        ({"date": "9999-12-31"}, "reply_by", "The reply must be due before the report itself is."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(city, signed_in, typed, field, words):
    complaint = a_complaint()
    browser = signed_in(an_official())
    fields = {"department": DRAINAGE, "question": QUESTION, "days": "1"} | typed

    answer = browser.submit(browser.page(screen_of(complaint)), "/subtasks", **fields)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert text_of(page.select_one(f"#subtasks-{field}-fault")) == words
    assert page.select_one(f'.attempt a[href="#subtasks-{field}"]')
    assert page.select_one(f"#subtasks-{field}")
    assert page.select_one("#subtasks-question").get_text() == fields["question"].strip()
    assert page.select_one("#subtasks-days")["value"] == fields["days"]
    assert page.select_one("#subtasks-date")["value"] == fields.get("date", "")
    assert subtasks.of_complaint(as_it_is(complaint)) == []


def test_a_stale_question_is_not_asked_and_kept(city, signed_in):
    complaint = a_complaint()
    browser = signed_in(an_official())
    page = browser.page(screen_of(complaint))
    lifecycle.note(complaint, by=an_official("Eve"), words="I am on my way there.")
    db.session.commit()

    stale = browser.submit(page, "/subtasks", department=DRAINAGE, question=QUESTION, days="1")

    shown = soup_of(stale)
    assert stale.status_code == 409
    assert "I am on my way there." in text_of(shown.select_one(".attempt"))
    assert subtasks.of_complaint(as_it_is(complaint)) == []
    assert browser.submit(shown, "/subtasks").status_code == 303
    assert subtasks.open_one(as_it_is(complaint), DRAINAGE).question == QUESTION


def test_a_department_is_asked_about_an_overdue_report_and_the_form_says_until_when(city, signed_in):
    complaint = a_complaint()
    complaint.due_at = later(hours=-1)
    db.session.commit()
    browser = signed_in(an_official())

    page = browser.page(screen_of(complaint))
    answer = browser.submit(page, "/subtasks", department=DRAINAGE, question=QUESTION, days="10")

    hint = text_of(page.select_one("#subtasks-reply_by-hint"))
    assert hint == (
        "This report is overdue, so its own deadline sets no limit. The reply can be due until 21 January 2030."
    )
    assert page.select_one("#subtasks-days")["max"] == "10"
    assert answer.status_code == 303
    assert subtasks.open_one(as_it_is(complaint), DRAINAGE).reply_by == later(days=14, hours=8)


def test_the_form_says_that_a_deadline_which_stands_still_sets_no_limit(city, signed_in):
    complaint = a_complaint(Status.WAITING)
    complaint.due_at = later(hours=-1)
    db.session.commit()

    page = signed_in(an_official()).page(screen_of(complaint))

    hint = text_of(page.select_one("#subtasks-reply_by-hint"))
    assert hint.startswith("The deadline of this report stands still and sets no limit.")


def test_a_reply_about_an_overdue_report_is_not_put_off_for_ever(city, signed_in):
    complaint = a_complaint()
    complaint.due_at = later(hours=-1)
    db.session.commit()
    browser = signed_in(an_official())
    fields = {"department": DRAINAGE, "question": QUESTION, "days": "11"}

    answer = browser.submit(browser.page(screen_of(complaint)), "/subtasks", **fields)

    assert answer.status_code == 422
    fault = text_of(soup_of(answer).select_one("#subtasks-reply_by-fault"))
    assert fault == "The reply must be due within 10 working days."


def test_each_is_offered_its_own_part(city, signed_in):
    bo, chi, complaint = an_official(), chi_of(), a_complaint()
    a_subtask(complaint, by=bo)
    own = f"subtasks/{DRAINAGE}/"

    lead = nouns(signed_in(bo).page(screen_of(complaint)))
    asked = nouns(signed_in(chi).page(screen_of(complaint)))
    other = nouns(signed_in(an_official("Eve", department=ELSEWHERE)).page(screen_of(complaint)))
    coordinator = nouns(signed_in(an_official("Dee", role=Role.COORDINATOR)).page(screen_of(complaint)))

    assert {noun for noun in lead if noun.startswith(own)} == {f"{own}withdrawals"}
    assert "subtasks" in lead
    assert asked == {f"{own}replies", f"{own}extensions"}
    assert other == set()
    assert coordinator >= {f"{own}withdrawals", f"{own}replies", f"{own}extensions", "subtasks"}


def test_the_question_and_how_near_its_reply_is_stand_on_the_screen(city, signed_in):
    bo, complaint = an_official(), a_complaint()
    a_subtask(complaint, by=bo)

    page = signed_in(bo).page(screen_of(complaint))

    shown = text_of(page.select_one(".subtask"))
    assert QUESTION in shown
    assert "1 day left" in shown
    assert "Bo asked on 7 January 2030" in shown
    assert "asked to contribute by 8 January 2030" in text_of(page.select_one(".history"))


def test_who_was_asked_replies_and_the_lead_reads_it(city, signed_in):
    bo, chi, complaint = an_official(), chi_of(), a_complaint(Status.IN_PROGRESS)
    complaint.is_public = False
    a_subtask(complaint, by=bo)
    browser = signed_in(chi)

    answer = browser.submit(browser.page(screen_of(complaint)), "/replies", reply="It is ours.")

    assert answer.status_code == 303
    page = signed_in(bo).page(screen_of(complaint))
    assert "It is ours." in text_of(page.select_one(".subtask"))
    assert "answered" in text_of(page.select_one(".subtask .chip"))
    complaint = as_it_is(complaint)
    assert (complaint.status, complaint.department_id) == (Status.IN_PROGRESS, a_department(LIGHTING).id)


def test_who_was_asked_puts_its_reply_off(city, signed_in):
    complaint = a_complaint()
    a_subtask(complaint, by=an_official())
    browser = signed_in(chi_of())
    page = browser.page(screen_of(complaint))

    answer = browser.submit(page, "/extensions", days="2", reason="The duct is under water.")

    assert answer.status_code == 303
    assert subtasks.open_one(as_it_is(complaint), DRAINAGE).reply_by == later(days=3, hours=8)
    again = browser.page(screen_of(complaint))
    assert "The duct is under water." in text_of(again.select_one(".subtask"))
    assert f"subtasks/{DRAINAGE}/extensions" not in nouns(again)


@pytest.mark.parametrize(
    ("noun", "typed", "field"),
    [
        ("replies", {"reply": " "}, f"replies-{DRAINAGE}-reply"),
        ("extensions", {"days": "2", "reason": ""}, f"later-{DRAINAGE}-reason"),
        ("extensions", {"days": "3", "reason": "Water."}, f"later-{DRAINAGE}-reply_by"),
    ],
)
def test_what_is_missing_in_an_answer_is_said_beside_its_field(city, signed_in, noun, typed, field):
    complaint = a_complaint()
    a_subtask(complaint, by=an_official())
    browser = signed_in(chi_of())

    answer = browser.submit(browser.page(screen_of(complaint)), f"/{noun}", **typed)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert page.select_one(f"#{field}")
    assert page.select_one(f'.attempt a[href="#{field}"]')
    assert page.select_one(f"#{field}-fault")


def test_the_lead_withdraws_its_question(city, signed_in):
    complaint = a_complaint()
    a_subtask(complaint, by=an_official())
    browser = signed_in(an_official("Eve"))

    answer = browser.submit(browser.page(screen_of(complaint)), "/withdrawals", reason="We found the plan.")

    assert answer.status_code == 303
    assert [subtask.is_open for subtask in subtasks.of_complaint(as_it_is(complaint))] == [False]


def test_a_reply_to_a_question_that_was_withdrawn_meanwhile_is_shown_again(city, signed_in):
    bo, complaint = an_official(), a_complaint()
    complaint.is_public = False
    subtask = a_subtask(complaint, by=bo)
    browser = signed_in(chi_of())
    page = browser.page(screen_of(complaint))
    subtasks.withdraw(complaint, subtask, by=bo, reason="We found the plan.")
    db.session.commit()

    answer = browser.submit(page, "/replies", reply="It is ours.")

    assert answer.status_code == 409
    told = text_of(soup_of(answer).select_one(".attempt"))
    assert "Somebody changed this report while you had it open." in told
    assert "We found the plan." in told
    assert "It is ours." in told
    assert subtasks.of_complaint(as_it_is(complaint))[0].reply == ""


@pytest.mark.parametrize("noun", ["replies", "extensions", "withdrawals"])
def test_a_department_does_not_answer_for_another_that_was_asked_too(city, signed_in, noun):
    complaint = a_complaint()
    a_subtask(complaint, by=an_official())
    a_subtask(complaint, by=an_official(), to=ELSEWHERE)
    browser = signed_in(an_official("Eve", department=ELSEWHERE))
    token = browser.page("/desk").select_one("input[name=csrf_token]")["value"]
    form = {"csrf_token": token, "version": complaint.version, "reply": "No.", "reason": "No.", "days": "1"}

    answer = browser.post(f"{screen_of(complaint)}/subtasks/{DRAINAGE}/{noun}", data=form)

    assert answer.status_code == 409
    assert history.of(as_it_is(complaint))[-1].kind is EventKind.CONTRIBUTION_ASKED


def test_who_was_asked_changes_nothing_else(city, signed_in):
    complaint = a_complaint()
    a_subtask(complaint, by=an_official())
    browser = signed_in(chi_of())
    token = browser.page("/desk").select_one("input[name=csrf_token]")["value"]
    form = {
        "csrf_token": token,
        "version": complaint.version,
        "result": "Done.",
        "question": "?",
        "note": "!",
    }

    for noun in ("resolutions", "questions", "notes", "starts", "subtasks"):
        assert browser.post(f"{screen_of(complaint)}/{noun}", data=form).status_code == 409

    assert history.of(as_it_is(complaint))[-1].kind is EventKind.CONTRIBUTION_ASKED


def test_the_queue_shows_what_is_asked_of_a_department_by_reply_date(city, signed_in):
    bo, late, soon, answered = an_official(), a_complaint(Status.WAITING), a_complaint(), a_complaint()
    a_subtask(soon, by=bo, reply_by=later(days=2))
    a_subtask(late, by=bo, reply_by=later(hours=1), question="Where is your drain?")
    done = a_subtask(answered, by=bo)
    subtasks.reply(answered, done, by=chi_of(), words="It is ours.")
    db.session.commit()

    with clock.standing_at(later(hours=2)):
        asked = signed_in(chi_of()).page("/desk?view=asked")
        lead = signed_in(bo).page("/desk?view=asked")
        coordinator = signed_in(an_official("Dee", role=Role.COORDINATOR)).page("/desk?view=asked")

    assert references(asked) == references(coordinator) == [late.reference, soon.reference]
    assert references(lead) == []
    assert "No department waits for your reply." in text_of(lead)
    assert [chip.get_text().strip() for chip in asked.select("td .chip")] == [
        "late since today",
        "2 days left",
    ]
    assert "Where is your drain?" in text_of(asked.table)
    assert references(signed_in(chi_of()).page("/desk")) == []


def test_pages_of_what_is_asked_follow_each_other_without_gap_or_repeat(city, signed_in, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_LENGTH", 2)
    bo = an_official()
    complaints = [a_complaint() for _ in range(5)]
    for complaint in complaints:
        a_subtask(complaint, by=bo, reply_by=later(days=1))
    browser = signed_in(chi_of())

    found, path = [], "/desk?view=asked"
    for _ in range(3):
        page = browser.page(path)
        found += references(page)
        following = page.select_one('a[rel="next"]')
        path = following["href"] if following else ""

    assert path == ""
    assert found == [complaint.reference for complaint in complaints]


def test_the_reporter_reads_who_was_asked_and_not_what(city, client, signed_in):
    complaint = a_complaint()
    a_subtask(complaint, by=an_official())

    page = client.page(f"/complaints/{complaint.reference}?language=en")

    assert "was asked to contribute." in text_of(page)
    assert QUESTION not in text_of(page)
    assert as_it_is(complaint).received_at == MONDAY
