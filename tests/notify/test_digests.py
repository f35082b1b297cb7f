"""Digests: one mail on the morning of a working day to whom there is something to say, however often one looks."""

from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from cps.complaints import lifecycle, subtasks
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import digests
from cps.notify.models import Digest, Message
from cps.people import preferences
from cps.people.models import Role
from tests.makers import DRAINAGE, a_complaint, a_subtask, an_official
from tests.rounds import at


def english(person):
    person.language = "en"
    db.session.commit()
    return person


@pytest.fixture
def bo(city):
    return english(an_official())


def look(moment):
    with clock.standing_at(moment):
        digests.go_on()
        db.session.commit()


def mails_to(person):
    return db.session.scalars(
        select(Message).where(Message.address == person.email, Message.event_id.is_(None))
    ).all()


def test_an_official_reads_what_is_due_and_new_with_the_nearest_first(bo):
    late = a_complaint(Status.ASSIGNED, by=bo)  # due on Thursday 10 January
    with clock.standing_at(at(9, 9)):
        soon = a_complaint(Status.IN_PROGRESS, by=bo)  # due on Monday 14 January
        a_complaint()

    look(at(11, 8))

    [mail] = mails_to(bo)
    assert mail.subject == "Your reports on 11 January 2030"
    assert "Overdue: 1\nDue in the next two working days: 1\nNew, without handler: 1\n" in mail.body
    assert mail.body.index(late.reference) < mail.body.index(soon.reference)
    assert "http://localhost/desk" in mail.body


def test_what_is_due_today_is_said_apart(bo):
    a_complaint(Status.ASSIGNED, by=bo)

    look(at(10, 8))

    assert "Due today: 1" in mails_to(bo)[0].body


def test_an_answer_is_told_until_an_official_does_something(bo):
    complaint = a_complaint(Status.WAITING, by=bo)
    lifecycle.answer(complaint, words="The one at the gate.")
    db.session.commit()

    look(at(8, 8))
    with clock.standing_at(at(8, 9)):
        lifecycle.note(complaint, by=bo, words="Sent a team.")
        db.session.commit()
    look(at(9, 8))

    bodies = [mail.body for mail in sorted(mails_to(bo), key=lambda mail: mail.written_at)]
    assert ["Answered by citizens: 1" in body for body in bodies] == [True, False]


def test_a_head_reads_of_the_whole_department_and_of_no_other(city):
    head = english(an_official("Head", role=Role.HEAD))
    elsewhere = english(an_official("Chi", role=Role.HEAD, department=DRAINAGE))
    a_complaint(Status.ASSIGNED)
    a_complaint(Status.ASSIGNED)

    look(at(11, 8))

    assert "Hapulico" in mails_to(head)[0].body
    assert "Overdue: 2" in mails_to(head)[0].body
    assert mails_to(elsewhere) == []


def test_a_coordinator_reads_counts_by_department(city):
    dee = english(an_official("Dee", role=Role.COORDINATOR, department="pcc"))
    a_complaint()
    a_complaint(category="drains")

    look(at(11, 8))

    lines = mails_to(dee)[0].body.splitlines()
    assert sum(line.endswith(" – Overdue: 1 · New, without handler: 1") for line in lines) == 1
    assert sum(line.endswith("New, without handler: 1") for line in lines) == 2


def test_questions_of_other_departments_are_named_with_their_day(city, bo):
    chi = english(an_official("Chi", department=DRAINAGE))
    late, soon, far, answered = (a_complaint(category="pothole") for _ in range(4))
    for complaint, day in ((soon, at(10, 17)), (late, at(8, 17)), (far, at(14, 17)), (answered, at(10, 17))):
        a_subtask(complaint, by=bo, reply_by=day)
    subtasks.reply(answered, subtasks.open_one(answered, DRAINAGE), by=chi, words="It is ours.")
    db.session.commit()

    look(at(9, 8))

    body = mails_to(chi)[0].body
    assert "Replies due to other departments: 2\n" in body
    asked = body[body.index("Asked of your department, reply by:") :].splitlines()[1:3]
    assert [line.split(" · ")[0] for line in asked] == [late.reference, soon.reference]
    assert asked[0].endswith("8 January 2030, 5:00 pm")


def test_what_is_not_public_is_named_by_its_area_alone(city, bo):
    chi = english(an_official("Chi", department=DRAINAGE))
    a_subtask(a_complaint(category="staff-conduct", landmark="bàn của chị Ana"), by=bo)

    look(at(8, 8))

    assert "Replies due to other departments: 1" in mails_to(chi)[0].body
    assert "Ana" not in mails_to(chi)[0].body


def test_heads_and_coordinators_read_of_the_replies_of_their_departments(city, bo):
    head = english(an_official("Head", role=Role.HEAD, department=DRAINAGE))
    dee = english(an_official("Dee", role=Role.COORDINATOR, department="pcc"))
    complaint = a_complaint(category="pothole")
    a_subtask(complaint, by=bo)

    look(at(8, 8))

    assert "Replies due to other departments: 1" in mails_to(head)[0].body
    assert complaint.reference in mails_to(head)[0].body
    assert " – Replies due to other departments: 1\n" in mails_to(dee)[0].body


def test_who_has_no_work_gets_no_mail_and_is_not_looked_at_again_that_day(bo):
    look(at(11, 8))
    a_complaint(Status.ASSIGNED, by=bo)
    look(at(11, 9))

    assert mails_to(bo) == []
    assert db.session.scalars(select(Digest.day)).all() == [date(2030, 1, 11)]


def test_who_switched_it_off_gets_none_until_it_is_on_again(bo):
    a_complaint(Status.ASSIGNED, by=bo)

    for day, wanted in ((10, False), (11, True)):
        preferences.want_digest(bo, wanted=wanted)
        db.session.commit()
        look(at(day, 8))

    assert [mail.subject for mail in mails_to(bo)] == ["Your reports on 11 January 2030"]


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(at(11, 7, 29), id="before half past seven"),
        pytest.param(at(12, 8), id="on a Saturday"),
        pytest.param(at(4, 8, month=2), id="on a holiday"),
    ],
)
def test_there_is_a_time_for_it(bo, moment):
    a_complaint(Status.ASSIGNED, by=bo)

    look(moment)

    assert mails_to(bo) == []


def test_a_worker_that_was_down_in_the_morning_writes_when_it_is_back(bo):
    a_complaint(Status.ASSIGNED, by=bo)

    look(at(11, 15, 40))

    assert mails_to(bo)[0].subject == "Your reports on 11 January 2030"


def test_a_day_that_was_missed_is_not_made_up_for(bo):
    a_complaint(Status.ASSIGNED, by=bo)

    look(at(10, 8))
    look(at(14, 8))

    assert [mail.subject[-15:] for mail in sorted(mails_to(bo), key=lambda m: m.written_at)] == [
        "10 January 2030",
        "14 January 2030",
    ]


def test_a_day_has_one_mail_however_often_one_looks(bo):
    a_complaint(Status.ASSIGNED, by=bo)

    for minute in range(0, 60, 5):
        look(at(11, 8, minute))

    assert len(mails_to(bo)) == 1


def test_two_workers_at_once_write_one_mail(city, bo):
    a_complaint(Status.ASSIGNED, by=bo)
    together = Barrier(2)

    def work():
        with city.app_context(), clock.standing_at(at(11, 8)):
            together.wait()
            digests.go_on()
            db.session.commit()

    workers = [Thread(target=work) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(mails_to(bo)) == 1


def test_a_mail_that_another_worker_is_writing_is_not_written_again(city, bo):
    a_complaint(Status.ASSIGNED, by=bo)
    address, number = bo.email, bo.id

    with db.engine.connect() as other:
        other.execute(text("INSERT INTO digest VALUES (:person, '2030-01-11')"), {"person": number})
        other.commit()
    with clock.standing_at(at(11, 8)):
        again = db.session.scalar(digests._CLAIM, {"person_id": number, "day": date(2030, 1, 11)})
    look(at(11, 8))

    assert again is None
    assert db.session.scalars(select(Message).where(Message.address == address)).all() == []


def test_many_officials_are_written_to_in_turns(city, monkeypatch):
    monkeypatch.setattr(digests, "_AT_ONCE", 2)
    people = [english(an_official(name)) for name in ("Bo", "Mi", "Vu", "Ly", "An")]
    a_complaint()

    for _turn in range(3):
        look(at(11, 8))

    assert [len(mails_to(person)) for person in people] == [1] * 5
    asked = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'digests'")
    assert db.session.scalar(asked) == 2
