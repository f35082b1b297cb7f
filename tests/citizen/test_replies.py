"""What reporters may do with their own report: answer, withdraw, have it looked at again."""

from datetime import timedelta

import pytest

from cps.complaints import handovers, history, reminding
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from tests.citizen.acts import open_link, reply
from tests.makers import DRAINAGE, a_complaint, a_department, an_official
from tests.pageclient import soup_of, text_of


def now(complaint):
    db.session.rollback()
    db.session.refresh(complaint)
    return complaint


def last_event(complaint):
    return history.of(now(complaint))[-1]


def test_an_answer_sets_the_work_going_again(city, ana):
    complaint = a_complaint(Status.WAITING)
    open_link(ana, complaint)
    page = ana.page(f"/my/{complaint.reference}")

    answer = ana.submit(page, "/answers", words="Số 14.")

    assert "Which lamp is it?" in text_of(page.select_one(".question"))
    assert answer.status_code == 303
    assert now(complaint).status is Status.IN_PROGRESS
    assert (last_event(complaint).kind, last_event(complaint).note) == (EventKind.ANSWERED, "Số 14.")


def test_a_report_can_be_withdrawn_with_or_without_a_reason(city, ana):
    complaint = a_complaint()
    open_link(ana, complaint)

    answer = ana.submit(ana.page(f"/my/{complaint.reference}"), "/withdrawal", words="")

    assert answer.status_code == 303
    assert now(complaint).status is Status.WITHDRAWN


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.DECLINED])
def test_a_closed_report_can_be_sent_back_with_words(city, ana, status):
    complaint = a_complaint(status)
    open_link(ana, complaint)

    answer = ana.submit(ana.page(f"/my/{complaint.reference}"), "/reopenings", words="Vẫn tối.")

    assert answer.status_code == 303
    assert now(complaint).status is Status.RECEIVED
    assert last_event(complaint).note == "Vẫn tối."
    assert "looks at this report again" in text_of(ana.page(f"/my/{complaint.reference}"))


@pytest.mark.parametrize(
    ("status", "noun", "told"),
    [
        (Status.WAITING, "answers", "Write your answer."),
        (Status.RESOLVED, "reopenings", "Write what is still wrong."),
    ],
)
def test_words_are_asked_for_where_they_are_needed(city, ana, status, noun, told):
    complaint = a_complaint(status)
    open_link(ana, complaint)

    answer = reply(ana, complaint, noun, " \u202e ")

    page = soup_of(answer)
    assert answer.status_code == 422
    assert text_of(page.select_one(f"#{noun}-fault")) == told
    assert page.select_one(".summary a")["href"] == f"#{noun}"
    assert now(complaint).status is status


def test_too_long_an_answer_is_kept_on_the_page(city, ana):
    complaint = a_complaint(Status.WAITING)
    open_link(ana, complaint)

    answer = reply(ana, complaint, "answers", "ố" * 2001)

    assert answer.status_code == 422
    assert soup_of(answer).select_one("#answers").text.strip() == "ố" * 2001
    assert now(complaint).status is Status.WAITING


def test_an_answer_to_a_question_that_is_gone_is_refused_and_shown_to_copy(city, ana):
    complaint = a_complaint(Status.RESOLVED)
    open_link(ana, complaint)

    answer = reply(ana, complaint, "answers", "Số 14.")

    page = soup_of(answer)
    assert answer.status_code == 409
    assert "Resolved" in text_of(page.select_one(".summary h2"))
    assert "Số 14." in text_of(page.select_one(".summary"))
    assert now(complaint).status is Status.RESOLVED


def test_after_thirty_days_there_is_nothing_to_reopen(city, ana):
    complaint = a_complaint(Status.RESOLVED)
    open_link(ana, complaint)

    with clock.standing_at(complaint.closed_at + timedelta(days=30, seconds=1)):
        page = ana.page(f"/my/{complaint.reference}")
        answer = reply(ana, complaint, "reopenings", "Vẫn tối.")

    assert not page.select("#reopenings")
    assert answer.status_code == 409
    assert "send a new report" in text_of(answer)
    assert "Vẫn tối." in text_of(answer)


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.RESOLVED])
def test_what_is_closed_cannot_be_withdrawn(city, ana, status):
    complaint = a_complaint(status)
    open_link(ana, complaint)

    answer = reply(ana, complaint, "withdrawal", "")

    assert answer.status_code == 409
    assert now(complaint).status is status


@pytest.mark.parametrize("noun", ["answers", "withdrawal", "reopenings"])
def test_nobody_replies_without_the_private_link(city, ana, noun):
    complaint = a_complaint(Status.WAITING)

    answer = reply(ana, complaint, noun, "Số 14.")

    assert answer.status_code == 404
    assert now(complaint).status is Status.WAITING


@pytest.mark.parametrize("noun", ["answers", "withdrawal", "reopenings"])
def test_no_other_site_replies_for_the_reporter(city, ana, noun):
    complaint = a_complaint(Status.WAITING)
    open_link(ana, complaint)

    answer = ana.post(
        f"/my/{complaint.reference}/{noun}", data={"words": "x"}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert now(complaint).status is Status.WAITING


def test_the_reporter_of_what_is_late_can_ask_why_once(city, ana):
    complaint = a_complaint()
    open_link(ana, complaint)
    in_time = ana.page(f"/my/{complaint.reference}")

    with clock.standing_at(complaint.due_at + timedelta(minutes=1)):
        late = ana.page(f"/my/{complaint.reference}")
        answer = ana.submit(late, "/demands")
        asked = ana.page(f"/my/{complaint.reference}")
        again = reply(ana, complaint, "demands", "")

    assert "Ask why it is late" not in text_of(in_time)
    assert "Ask why it is late" in text_of(late)
    assert answer.status_code == 303
    assert "Ask why it is late" not in text_of(asked)
    assert "You asked why it is late." in text_of(asked)
    assert again.status_code == 409
    assert [event.kind for event in history.of(now(complaint))] == [EventKind.RECEIVED, EventKind.DEMANDED]


def test_a_new_deadline_that_is_missed_too_can_be_asked_about_again(city, ana):
    complaint = a_complaint()
    open_link(ana, complaint)
    with clock.standing_at(complaint.due_at + timedelta(minutes=1)):
        reply(ana, complaint, "demands", "")

    now(complaint).due_at += timedelta(days=3)
    db.session.commit()
    with clock.standing_at(complaint.due_at + timedelta(minutes=1)):
        answer = reply(ana, complaint, "demands", "")

    assert answer.status_code == 303


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.WAITING, Status.RESOLVED])
def test_what_is_not_late_waits_or_is_done_cannot_be_asked_about(city, ana, status):
    complaint = a_complaint(status)
    open_link(ana, complaint)
    moment = complaint.due_at - timedelta(minutes=1) if status is Status.RECEIVED else complaint.due_at

    with clock.standing_at(moment + timedelta(seconds=1)):
        answer = reply(ana, complaint, "demands", "")

    assert answer.status_code == 409
    assert "This report is not late." in answer.get_data(as_text=True)


def test_what_is_said_beside_the_work_does_not_hide_the_reason_of_a_transfer(city, ana):
    complaint = a_complaint()
    open_link(ana, complaint)
    handovers.transfer(complaint, to=a_department(DRAINAGE), by=an_official(), reason="It is a drain.")
    reminding.tell_progress(complaint, periods=1)
    db.session.commit()

    page = ana.page(f"/my/{complaint.reference}")

    assert "It is a drain." in text_of(page.select_one(".standing"))
    assert "Not finished yet." in text_of(page.select_one(".timeline"))
