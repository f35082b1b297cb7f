"""Mails to officials: who gets one, in which language, with what in it, and never anything about the reporter."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from cps.city.queries import in_force
from cps.complaints import escalation, history, lifecycle, reminding, seeing, subtasks
from cps.complaints.kinds import EventKind
from cps.complaints.models import Event
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.dates import OtherCalendar
from cps.kernel.db import db
from cps.notify import officials, tasks
from cps.notify.models import Message
from cps.people import preferences
from cps.people.models import Role
from tests.makers import DRAINAGE, a_complaint, a_department, a_subtask, an_official
from tests.rounds import AUDITOR, at, go_round

SECRETS = ("ana@citizen.example", "Đèn đường không sáng", "Ana")


def mails():
    """Write every letter that is asked for, and return those to officials by address."""
    tasks.write(db.session.scalars(select(Event.id)).all())
    tasks.write(db.session.scalars(select(Event.id)).all())  # a second announcement writes nothing
    db.session.commit()
    found = db.session.scalars(select(Message).join(Event).where(Event.is_internal).order_by(Message.id))
    return {message.address: message for message in found}


def an_opened_complaint():
    """File a report and let an official of its department look at it: of what nobody opens there are mails too."""
    complaint = a_complaint()
    seeing.see(complaint, by=an_official())
    db.session.commit()
    return complaint


def test_a_head_is_told_once_what_where_and_by_when_with_a_link(city, clocks):
    head = an_official("Head", role=Role.HEAD)
    head.language = "en"
    complaint = an_opened_complaint()

    go_round(at(10, 17))

    mail = mails()[head.email]
    assert mail.subject == f"Report {complaint.reference} is overdue"
    assert mail.language == "en"
    for fact in (
        "The deadline is over.",
        "Category: Street light",
        "cạnh tháp bút",
        "Handler: nobody yet",
        "Deadline: 10 January 2030, 5:00 pm",
        f"http://localhost/desk/complaints/{complaint.reference}",
    ):
        assert fact in mail.body


def test_who_wants_no_digest_is_told_of_a_late_report_all_the_same(city, clocks):
    head = an_official("Head", role=Role.HEAD)
    preferences.want_digest(head, wanted=False)
    a_complaint()

    go_round(at(10, 17))

    assert head.email in mails()


def test_before_the_deadline_the_mail_says_that_it_is_near(city, clocks):
    bo = an_official()
    bo.language = "en"
    complaint = a_complaint(Status.ASSIGNED, by=bo)

    go_round(at(10, 10))

    mail = mails()[bo.email]
    assert mail.subject == f"Report {complaint.reference} is due soon"
    assert "80 % of the time is used." in mail.body
    assert "Handler: Bo" in mail.body


def test_a_step_that_was_caught_up_with_after_the_deadline_says_that_it_is_over(city, clocks):
    bo = an_official()
    bo.language = "en"
    a_complaint(Status.ASSIGNED, by=bo)

    go_round(at(14, 8))

    assert mails()[bo.email].body.startswith("The deadline is over.")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Overdue by 1 working day or more."),
        ("vi", "Quá hạn từ 1 ngày làm việc trở lên."),
        ("ko", "처리 기한이 지났습니다: 근무일 1일 이상."),
        ("fil", "Lampas sa takdang petsa nang 1 araw ng trabaho o higit pa."),
        ("ne", "म्याद नाघेको १ कार्यदिन वा बढी भयो।"),
    ],
)
def test_each_official_reads_their_own_language(city, clocks, language, words):
    dee = an_official("Dee", role=Role.COORDINATOR, department="pcc")
    dee.language = language
    clocks(emails={})
    an_opened_complaint()

    go_round(at(14, 8))

    assert words in mails()[dee.email].body
    assert "%(" not in mails()[dee.email].body


def test_an_address_without_account_is_written_to_in_the_citys_first_language(city, clocks):
    a_complaint()

    go_round(at(14, 8))

    assert "Quá hạn" in mails()[AUDITOR].body


@pytest.mark.parametrize("category", ["street-light", "staff-conduct"])
def test_nothing_about_the_reporter_stands_in_a_mail(city, clocks, category):
    an_official("Head", role=Role.HEAD)
    complaint = a_complaint(category=category, contact=Contact(email="ana@citizen.example"))

    go_round(complaint.due_at + timedelta(days=4))

    found = mails()
    assert AUDITOR in found
    assert not [s for mail in found.values() for s in SECRETS if s in mail.subject + mail.body]


def test_what_is_not_public_does_not_say_where_in_its_own_words(city, clocks):
    complaint = a_complaint(category="staff-conduct", landmark="bàn của chị Ana")

    go_round(complaint.due_at + timedelta(days=4))

    assert "bàn của chị Ana" not in mails()[AUDITOR].body
    assert complaint.area.names["vi"] in mails()[AUDITOR].body


def test_an_official_whose_account_is_closed_meanwhile_gets_nothing(city, clocks):
    head = an_official("Head", role=Role.HEAD)
    a_complaint()
    go_round(at(10, 17))

    head.is_active = False
    db.session.commit()

    assert head.email not in mails()


def test_the_citizen_hears_nothing_of_reminders_but_of_progress(city, clocks):
    complaint = a_complaint(language="en")
    with clock.standing_at(at(14, 8)):
        reminding.go_round()
        event = reminding.tell_progress(complaint, periods=1)
    tasks.write(db.session.scalars(select(Event.id).where(Event.kind != EventKind.RECEIVED)).all())

    to_ana = db.session.scalars(select(Message).where(Message.address == "ana@citizen.example")).all()

    assert [letter.event_id for letter in to_ana] == [event.id]
    assert "Status: Received" in to_ana[0].body
    assert "Promised date: 10 January 2030" in to_ana[0].body
    assert "We are sorry" in to_ana[0].body


def test_a_form_that_was_open_while_a_reminder_went_out_is_still_good(city, clocks):
    bo, complaint = an_official(), a_complaint()
    seen = complaint.version
    go_round(at(14, 8))
    db.session.refresh(complaint)

    lifecycle.expect_version(complaint, seen)
    lifecycle.note(complaint, by=bo, words="Called.")

    with pytest.raises(lifecycle.Stale):
        lifecycle.expect_version(complaint, seen)


def test_a_question_why_it_is_late_goes_to_head_and_auditor(city, clocks):
    head = an_official("Head", role=Role.HEAD)
    complaint = a_complaint()

    with clock.standing_at(at(14, 8)):
        event = escalation.demand(complaint)
    tasks.write([event.id])

    found = db.session.scalars(select(Message).where(Message.event_id == event.id)).all()
    assert {message.address for message in found} == {head.email, AUDITOR}
    assert all("người dân hỏi vì sao chậm" in message.subject for message in found)
    assert history.of(complaint)[-1].is_internal is False


def test_a_mail_writes_its_days_in_the_calendars_of_the_city(city):
    complaint = a_complaint()
    there = in_force()
    changed = replace(there, profile=replace(there.profile, dates=(OtherCalendar.BIKRAM_SAMBAT,)))

    line = officials.in_a_line(complaint, changed, "en")

    assert line.endswith("26 Poush 2086 (10 January 2030), 5:00 pm")


def told_in(event):
    """Write the mails of an event, twice, and return them by address."""
    for _announcement in range(2):
        tasks.write([event.id])
    db.session.commit()
    found = db.session.scalars(select(Message).where(Message.event_id == event.id)).all()
    assert len({message.address for message in found}) == len(found)
    return {message.address: message for message in found}


def test_a_department_that_is_asked_reads_who_asks_and_by_when_and_not_what(city):
    bo = an_official()
    head = an_official("Head", role=Role.HEAD, department=DRAINAGE)
    head.language = "en"
    complaint = a_complaint(language="en")
    a_subtask(complaint, by=bo, question="Ana says the cable is in your duct. Is it?")

    found = told_in(history.of(complaint)[-1])

    assert set(found) == {head.email}
    mail = found[head.email]
    assert mail.subject == f"Report {complaint.reference}: question to Hanoi Drainage (HSDC)"
    assert "Reply by: 8 January 2030, 5:00 pm" in mail.body
    assert f"http://localhost/desk/complaints/{complaint.reference}" in mail.body
    assert "Ana" not in mail.body


def test_a_department_without_a_head_is_told_at_its_own_address(city):
    complaint = a_complaint()
    a_subtask(complaint, by=an_official())

    assert set(told_in(history.of(complaint)[-1])) == {a_department(DRAINAGE).email}


def test_who_asked_and_who_handles_it_are_told_of_the_reply(city):
    bo, eve = an_official(), an_official("Eve")
    bo.language = "en"
    complaint = a_complaint(Status.ASSIGNED, by=eve)
    subtask = a_subtask(complaint, by=bo)

    event = subtasks.reply(
        complaint, subtask, by=an_official("Chi", department=DRAINAGE), words="It is ours."
    )
    found = told_in(event)

    assert set(found) == {bo.email, eve.email}
    assert found[bo.email].body.startswith("Hanoi Drainage (HSDC) has replied.")
    assert "It is ours." not in found[bo.email].body


def test_a_reply_to_officials_who_left_is_told_to_the_head(city):
    bo, head = an_official(), an_official("Head", role=Role.HEAD)
    complaint = a_complaint()
    subtask = a_subtask(complaint, by=bo)
    bo.is_active = False

    event = subtasks.reply(
        complaint, subtask, by=an_official("Chi", department=DRAINAGE), words="It is ours."
    )

    assert set(told_in(event)) == {head.email}


def test_nobody_is_told_of_what_they_did_themselves(city):
    dee = an_official("Dee", role=Role.COORDINATOR)
    complaint = a_complaint()
    subtask = a_subtask(complaint, by=dee)

    event = subtasks.reply(complaint, subtask, by=dee, words="They told me on the phone.")

    assert told_in(event) == {}


def test_an_event_from_before_officials_were_told_is_told_to_nobody(city):
    complaint = a_complaint()
    event = history.record(
        complaint,
        EventKind.CONTRIBUTION_ASKED,
        by=an_official(),
        at=clock.now(),
        details={"department": a_department(DRAINAGE).id, "reply_by": at(8, 17).isoformat()},
    )

    assert told_in(event) == {}
