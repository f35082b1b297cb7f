"""Mail while an official is away: what goes to whom, and what stands in the mails of the morning."""

from datetime import date

import pytest
from sqlalchemy import select, text

from cps.complaints import escalation, history, lifecycle, scheduling, subtasks
from cps.complaints.escalation import Listeners
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import covers, digests, officials
from cps.notify.models import Message
from cps.people import leaves, preferences
from cps.people.models import Role
from tests.makers import DRAINAGE, a_complaint, a_subtask, an_official
from tests.rounds import at, go_round

TODAY = date(2030, 1, 7)
FRIDAY = date(2030, 1, 11)


def english(name, **changes):
    person = an_official(name, **changes)
    person.language = "en"
    db.session.commit()
    return person


def away(person, *, cover=None, last=FRIDAY):
    leave = leaves.plan(person, first=TODAY, last=last, cover=cover, by=person)
    db.session.commit()
    return leave


def look(moment):
    with clock.standing_at(moment):
        digests.go_on()
        db.session.commit()


def mails_to(person):
    return db.session.scalars(
        select(Message).where(Message.address == person.email, Message.event_id.is_(None))
    ).all()


def steps_of(complaint):
    db.session.expire_all()
    return [event for event in history.of(complaint) if event.kind is EventKind.ESCALATED]


def told_to_cover(leave):
    covers.tell(leave.id)
    db.session.commit()
    return mails_to(leave.cover)


@pytest.fixture
def lan(city):
    return english("Lan")


@pytest.fixture
def minh(city):
    return english("Minh")


@pytest.fixture
def head(city):
    return english("Head", role=Role.HEAD)


def test_a_step_of_the_ladder_tells_who_stands_in_and_else_the_heads(lan, minh, head, clocks):
    complaint = a_complaint(Status.ASSIGNED, by=lan)

    told = {}
    told["there"] = escalation.listeners(complaint, "handler")
    leave = away(lan)
    told["nobody stands in"] = escalation.listeners(complaint, "handler")
    leaves.end(leave, by=lan)
    away(lan, cover=minh)
    told["stood in for"] = escalation.listeners(complaint, "handler")
    told["head"] = escalation.listeners(complaint, "head")

    assert told == {
        "there": Listeners((lan.id,)),
        "nobody stands in": Listeners((head.id,)),
        "stood in for": Listeners((minh.id,)),
        "head": Listeners((head.id,)),
    }


def test_a_round_of_the_worker_names_who_stands_in(lan, minh, head, clocks):
    complaint = a_complaint(Status.ASSIGNED, by=lan)
    away(lan, cover=minh)

    go_round(at(10, 10))  # four fifths of the time are used

    assert [step.details["people"] for step in steps_of(complaint)] == [[minh.id]]
    [step] = steps_of(complaint)
    assert list(officials.told_of(step)) == [(minh.email, "en")]
    assert (
        "Handler: Lan\nUntil 11 January this official is away.\n"
        in officials.mail_about(step, language="en").body
    )


def test_for_a_head_who_is_away_another_one_hears_or_who_is_next(lan, head, clocks):
    other = english("Other", role=Role.HEAD)
    dee = english("Dee", role=Role.COORDINATOR, department=None)
    complaint = a_complaint()
    complaint.department.email = "lighting@hanoi.example"
    db.session.commit()

    found = [escalation.listeners(complaint, "head")]
    away(head)
    found.append(escalation.listeners(complaint, "head"))
    away(other, cover=lan)
    found.append(escalation.listeners(complaint, "head"))
    away(lan)
    found.append(escalation.listeners(complaint, "head"))
    complaint.department.email = ""
    found.append(escalation.listeners(complaint, "head"))
    away(dee)
    found.append(escalation.listeners(complaint, "head"))

    assert found == [
        Listeners((head.id, other.id)),
        Listeners((other.id,)),
        Listeners((lan.id,)),
        Listeners(addresses=("lighting@hanoi.example",)),
        Listeners((dee.id,)),
        Listeners((dee.id,)),  # somebody has to hear of it
    ]


def test_that_a_planned_day_is_over_is_told_to_who_stands_in(lan, minh):
    complaint = a_complaint(Status.ASSIGNED, by=lan)
    scheduling.plan(complaint, by=lan, first=TODAY, last=TODAY, note="")
    db.session.commit()
    away(lan, cover=minh)

    with clock.standing_at(at(8, 9)):
        event = scheduling.tell_missed(complaint)

    assert event.details["people"] == [minh.id]


def test_the_reply_of_another_department_is_told_to_who_stands_in(lan, minh):
    complaint = a_complaint(Status.IN_PROGRESS, by=lan)
    subtask = a_subtask(complaint, by=lan)
    away(lan, cover=minh)

    event = subtasks.reply(complaint, subtask, by=english("Chi", department=DRAINAGE), words="It is ours.")

    assert event.kind is EventKind.CONTRIBUTED
    assert event.details["people"] == [minh.id]


def test_who_is_away_gets_no_mail_of_the_morning_and_who_stands_in_reads_it(lan, minh):
    theirs = a_complaint(Status.ASSIGNED, by=lan)  # due on Thursday 10 January
    away(lan, cover=minh)

    look(at(10, 8))

    [mail] = mails_to(minh)
    assert mails_to(lan) == []
    told = mail.body.partition("You stand in for Lan until 11 January:\n\n")[2]
    assert told.startswith("Due today: 1\n\nNearest deadlines:\n")
    assert theirs.reference in told
    assert "Assigned to you" not in mail.body


def test_the_own_work_and_that_of_who_is_away_stand_apart(lan, minh):
    a_complaint(Status.ASSIGNED, by=lan)
    answered = a_complaint(Status.WAITING, by=lan)
    lifecycle.answer(answered, words="The one at the gate.")
    own = a_complaint(Status.ASSIGNED, by=minh)
    a_complaint()
    db.session.commit()
    away(lan, cover=minh)

    look(at(10, 8))

    first, _heading, second = mails_to(minh)[0].body.partition("You stand in for Lan until 11 January:")
    assert "Assigned to you\n\nDue today: 1\nNew, without handler: 1\n" in first
    assert own.reference in first
    assert own.reference not in second
    assert "Answered by citizens: 1" in second
    assert "New, without handler" not in second


def test_who_has_nothing_open_is_not_named(lan, minh):
    a_complaint(Status.RESOLVED, by=lan)
    away(lan, cover=minh)

    look(at(10, 8))

    assert mails_to(minh) == []


def test_who_comes_back_reads_the_own_mail_again_and_nobody_else_does(lan, minh):
    a_complaint(Status.ASSIGNED, by=lan)
    leave = away(lan, cover=minh)

    look(at(8, 8))
    with clock.standing_at(at(9, 7)):
        leaves.end(leave, by=lan)
        db.session.commit()
    look(at(9, 8))

    assert len(mails_to(lan)) == 1
    assert all("You stand in" not in mail.body for mail in mails_to(minh)[1:])


def test_who_wants_no_digest_gets_none_for_others_either(lan, minh):
    a_complaint(Status.ASSIGNED, by=lan)
    preferences.want_digest(minh, wanted=False)
    away(lan, cover=minh)

    look(at(10, 8))

    assert mails_to(minh) == []


def test_a_coordinator_who_stands_in_reads_of_it_beside_the_city(city):
    dee, eve = (english(name, role=Role.COORDINATOR) for name in ("Dee", "Eve"))
    complaint = a_complaint()
    lifecycle.assign(complaint, to=dee, by=dee)
    db.session.commit()
    away(dee, cover=eve)

    look(at(10, 8))

    assert "You stand in for Dee until 11 January:\n\nDue today: 1" in mails_to(eve)[0].body


def test_who_stands_in_is_told_when_that_is_entered(lan, minh):
    leave = away(lan, cover=minh)
    wanted = db.session.scalars(
        text("SELECT args FROM procrastinate_jobs WHERE task_name = 'tell_cover'")
    ).all()
    assert wanted == [{"leave_id": leave.id}]

    (mail,) = told_to_cover(leave)

    assert mail.subject == "You stand in for Lan"
    assert mail.body.startswith(
        "Lan is away: Monday, 7 January 2030 – Friday, 11 January 2030. On these days"
    )
    assert "/desk/leaves" in mail.body
    assert told_to_cover(leave) == [mail]  # a task that runs twice


def test_who_stands_in_is_told_when_it_is_over_sooner(lan, minh):
    leave = away(lan, cover=minh)
    told_to_cover(leave)

    leaves.end(leave, by=lan)
    mails = told_to_cover(leave)

    assert {mail.subject for mail in mails} == {"You stand in for Lan", "You no longer stand in for Lan"}
    assert len(told_to_cover(leave)) == 2


def test_of_a_leave_that_was_taken_back_at_once_nobody_hears(lan, minh):
    leave = away(lan, cover=minh)
    leaves.end(leave, by=lan)

    assert told_to_cover(leave) == []


def test_who_entered_it_for_a_colleague_and_stands_in_is_told_nothing(lan):
    head = english("Hue", role=Role.HEAD)
    leaves.plan(lan, first=TODAY, last=FRIDAY, cover=head, by=head)

    asked = db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tell_cover'"))
    assert asked == 0


def test_who_works_here_no_longer_is_told_nothing(lan, minh):
    leave = away(lan, cover=minh)
    minh.is_active = False

    assert told_to_cover(leave) == []
