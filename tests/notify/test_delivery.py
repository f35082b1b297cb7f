"""Telling people: each letter is written once and delivered until it is out, by a real SMTP conversation."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, text

from cps.complaints.models import Event
from cps.kernel.db import db
from cps.notify import letters, tasks
from cps.notify.models import Message, MessageState
from tests.mailserver import Inbox, sending_by, taking_mail
from tests.makers import a_complaint


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with taking_mail() as inbox:
        yield inbox


def test_the_receipt_arrives_by_mail_in_the_citizens_language(city, inbox):
    complaint = a_complaint(language="vi")

    _announce_and_deliver()

    [mail] = inbox.mails
    assert mail["To"] == "ana@citizen.example"
    assert complaint.reference in mail.get_content()
    assert "phản ánh" in mail.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_letter_announced_twice_is_written_once_and_sent_once(city, inbox):
    a_complaint()

    _announce_and_deliver()
    _announce_and_deliver()

    [message] = db.session.scalars(select(Message)).all()
    assert message.state is MessageState.SENT
    assert len(inbox.mails) == 1
    assert str(message.id) in inbox.mails[0]["Message-ID"]


def test_a_report_without_contact_gets_no_letter(city, inbox):
    a_complaint(contact=None)

    _announce_and_deliver()

    assert db.session.scalars(select(Message)).all() == []


def test_a_dead_server_puts_the_letter_off_and_loses_nothing(city):
    a_complaint()
    with sending_by("smtp://127.0.0.1:9"):
        _announce_and_deliver()

    [message] = db.session.scalars(select(Message)).all()
    assert (message.state, message.attempts) == (MessageState.WAITING, 0)
    assert message.last_error
    assert _deferred_deliveries() == 2  # the first attempt and the one put off


def test_a_server_that_refuses_for_now_is_asked_again(city, inbox):
    a_complaint()
    inbox.answer = "451 try later"
    _announce_and_deliver()

    inbox.answer = "250 OK"
    _deliver_all()

    [message] = db.session.scalars(select(Message)).all()
    assert (message.state, message.attempts, len(inbox.mails)) == (MessageState.SENT, 2, 1)


def test_after_five_days_of_being_refused_the_letter_is_given_up_in_the_open(city, inbox):
    a_complaint()
    inbox.answer = "451 try later"
    _announce_and_deliver()
    for _attempt in range(60):
        _deliver_all()

    [message] = db.session.scalars(select(Message)).all()
    assert message.state is MessageState.FAILED
    assert message.attempts == 35


def test_without_a_mail_server_letters_wait(city):
    a_complaint()
    with sending_by(""):
        _announce_and_deliver()

    assert db.session.scalar(select(Message.state)) is MessageState.WAITING


def test_the_demo_keeps_its_letters(city):
    a_complaint()
    with sending_by("outbox:"):
        _announce_and_deliver()

    assert db.session.scalar(select(Message.state)) is MessageState.KEPT


def test_line_breaks_in_a_subject_cannot_add_headers(city, inbox):
    a_complaint()
    tasks.write([_event_id()])
    message = db.session.scalars(select(Message)).one()
    message.subject = "Receipt\r\nBcc: chi@citizen.example"

    tasks.deliver(str(message.id))

    assert inbox.mails == []
    assert message.state is MessageState.FAILED


def _announce_and_deliver() -> None:
    tasks.write([_event_id()])
    _deliver_all()


def _event_id() -> int:
    return db.session.scalars(select(Event.id).order_by(Event.id.desc())).first()


def _deliver_all() -> None:
    for message_id in db.session.scalars(select(Message.id)).all():
        tasks.deliver(str(message_id))
    db.session.commit()


def _deferred_deliveries() -> int:
    return db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver'"))


def _waiting(task: str) -> int:
    return db.session.scalar(
        text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'"),
        {"task": task},
    )


def _tried(times: int) -> SimpleNamespace:
    return SimpleNamespace(job=SimpleNamespace(attempts=times))


def test_letters_that_wait_together_are_written_together(city, inbox):
    for category in ("street-light", "drains", "noise"):  # three of one kind at one place would be urgent
        a_complaint(category=category)
    first = db.session.scalars(select(Event.id).order_by(Event.id)).first()
    db.session.execute(
        text("DELETE FROM procrastinate_jobs WHERE args ->> 'event_id' = :id"), {"id": str(first)}
    )

    tasks.announce(_tried(0), first)

    assert _waiting("announce") == 0
    assert db.session.scalar(select(func.count()).select_from(Message)) == 3


def test_a_job_that_failed_is_tried_again_alone(city, inbox):
    a_complaint()
    a_complaint()

    tasks.announce(_tried(1), _event_id())

    assert _waiting("announce") == 2
    assert db.session.scalar(select(func.count()).select_from(Message)) == 1


def test_jobs_that_were_taken_along_wait_on_if_the_work_fails(city, inbox, monkeypatch):
    a_complaint()
    a_complaint()
    monkeypatch.setattr(letters, "written", lambda *_a, **_k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        tasks.announce(_tried(0), _event_id())
    db.session.rollback()

    assert _waiting("announce") == 2
