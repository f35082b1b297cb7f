"""Mails about problems that come back: to whom, what they say and what they do not, and each once."""

import pytest
from sqlalchemy import select, text

from cps.complaints import recurring_plans
from cps.complaints.recurring import Happening, history_of
from cps.complaints.reporters import Contact
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import recurring
from cps.notify.models import Message
from cps.people.models import Role
from tests.makers import DRAINAGE, a_department, an_official, later
from tests.recurring import a_problem, a_report_on, planned, problems


@pytest.fixture
def head(city):
    person = an_official("Abe", role=Role.HEAD)
    person.language = "en"
    db.session.commit()
    return person


def told(problem, kind):
    """Write the mails about the latest event of a kind; whom they went to, and the first of them."""
    event = next(one for one in history_of(problem) if one.kind is kind)
    before = set(db.session.scalars(select(Message.id)))
    recurring.tell(event.id)
    db.session.commit()
    found = [one for one in db.session.scalars(select(Message)) if one.id not in before]
    return sorted(one.address for one in found), found


def reported_again():
    """Let as many reports come in as make a problem, and the worker look."""
    for day in (2, 3, 4):
        a_report_on(day)
    with clock.standing_at(later(days=4, hours=1)):
        recurring.go_on()
        db.session.commit()


def test_a_problem_that_is_found_is_told_to_the_heads(city, head):
    an_official("Bo"), an_official("Chi", role=Role.HEAD, department=DRAINAGE)

    addresses, (mail,) = told(a_problem(), Happening.FOUND)

    assert addresses == [head.email]
    assert mail.subject == "Recurring problem: Street light"
    assert "3 reports of this kind came in at this place within 90 days." in mail.body
    assert f"/desk/recurring/{problems()[0].id}" in mail.body
    assert "Plan by: 14 January 2030" in mail.body


def test_nothing_that_was_reported_stands_in_it(city, head):
    contact = Contact(email="ana@citizen.example")
    problem = a_problem(words="a secret", landmark="secret door", contact=contact)

    _addresses, (mail,) = told(problem, Happening.FOUND)

    assert "secret" not in mail.subject + mail.body
    assert "ana@" not in mail.body


def test_a_task_that_runs_twice_writes_each_mail_once(city, head):
    problem = a_problem()
    told(problem, Happening.FOUND)

    addresses, mails = told(problem, Happening.FOUND)

    assert (addresses, mails) == ([], [])


def test_a_mail_is_asked_for_with_what_happened_and_not_where_nobody_is_told(city, head):
    problem = a_problem()
    asked = _jobs()
    recurring_plans.finish(problem, measure="New cable", by=head)
    db.session.commit()

    assert asked == [history_of(problem)[-1].id]
    assert _jobs() == asked


def _jobs():
    query = text("SELECT args ->> 'event_id' FROM procrastinate_jobs WHERE task_name = 'tell_recurring'")
    return [int(number) for number in db.session.scalars(query)]


def test_who_is_named_by_another_hears_of_it_and_who_names_themselves_does_not(city, head):
    bo = an_official()
    problem = a_problem()
    recurring_plans.plan(problem, cause="x", owner=str(bo.id), due_on="2030-01-21", by=head)

    addresses, _mails = told(problem, Happening.PLANNED)
    planned(problem, head)
    itself = told(problem, Happening.PLANNED)

    assert addresses == [bo.email]
    assert itself == ([], [])


@pytest.mark.parametrize(
    ("is_planned", "words"),
    [
        (True, "The day by which the measure was planned is over"),
        (False, "Nobody has said yet what will be done"),
    ],
)
def test_what_is_overdue_goes_to_coordinators_and_whose_it_is(city, head, is_planned, words):
    dee = an_official("Dee", role=Role.COORDINATOR)
    dee.language = "en"
    problem = a_problem()
    if is_planned:
        planned(problem, head, days=3)
    with clock.standing_at(later(days=8)):
        recurring.go_on()
        db.session.commit()

        addresses, mails = told(problem, Happening.REMINDED)

    assert addresses == sorted([dee.email, head.email])
    assert all(words in mail.body for mail in mails)


def test_another_department_is_told_that_it_has_it_now(city, head):
    chi = an_official("Chi", role=Role.HEAD, department=DRAINAGE)
    problem = a_problem()
    recurring_plans.pass_on(problem, to=a_department(DRAINAGE), by=head)

    addresses, _mails = told(problem, Happening.PASSED_ON)

    assert addresses == [chi.email]


def test_what_comes_back_is_told_to_the_heads_and_who_saw_to_it(city, head):
    bo = an_official()
    problem = a_problem()
    recurring_plans.plan(problem, cause="x", owner=str(bo.id), due_on="2030-01-21", by=head)
    with clock.standing_at(later(days=1)):
        recurring_plans.finish(problem, measure="New cable", by=bo)
        db.session.commit()
    reported_again()

    addresses, mails = told(problem, Happening.RETURNED)

    assert addresses == sorted([head.email, bo.email])
    assert any("The measure was done, and the problem came back." in mail.body for mail in mails)


def test_what_was_not_one_problem_and_is_reported_again_did_not_come_back(city, head):
    problem = a_problem()
    with clock.standing_at(later(days=1)):
        recurring_plans.dismiss(problem, reason="Three masts.", by=head)
        db.session.commit()
    reported_again()

    addresses, mails = told(problem, Happening.RETURNED)

    assert addresses == [head.email]
    assert all("came back" not in mail.subject + mail.body for mail in mails)
    assert any("It needs a cause, an owner and a date." in mail.body for mail in mails)


def test_a_round_asks_for_another_while_there_is_more(city, head, monkeypatch):
    monkeypatch.setattr(recurring.recurring_finding, "AT_ONCE", 2)
    a_report_on(0), a_report_on(0.01), a_report_on(0.02)

    with clock.standing_at(later(days=1)):
        recurring.go_on()
    query = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'recurring'")

    assert db.session.scalar(query) == 1
