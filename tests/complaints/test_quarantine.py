"""Set aside: kept from everybody, worked on by nobody, judged by somebody else, and never lost."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cps.complaints import (
    handovers,
    history,
    lifecycle,
    merging,
    nearby,
    pausing,
    priorities,
    published,
    quarantine,
    queries,
    queue_counts,
    reopening,
    subtasks,
    visibility,
    workload,
)
from cps.complaints.kinds import EventKind
from cps.complaints.published import Wanted
from cps.complaints.reply_dates import ReplyDate
from cps.complaints.status import Status
from cps.complaints.views import Day, View
from cps.evaluate import queries as figures
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.notify import digests
from cps.people.models import Role
from tests.makers import DRAINAGE, MONDAY, a_complaint, a_department, a_subtask, an_official, later


@pytest.fixture
def eve(city):
    return an_official("Eve", role=Role.HEAD)


@pytest.fixture
def dee(city):
    return an_official("Dee", role=Role.COORDINATOR)


def aside(complaint, by, cause="spam"):
    event = quarantine.set_aside(complaint, by=by, cause=cause, reason="Only letters.")
    db.session.commit()
    return event


def declined(complaint, by):
    event = lifecycle.decline(complaint, by=by, reason="No place.", remedy="Write again.")
    db.session.commit()
    return event


def seen_by(person, view):
    day = Day(clock.now(), later(hours=15))
    return [row.reference for row in queries.queue(person, view, day=day).rows]


def test_it_is_no_longer_public_and_keeps_department_and_deadline(bo):
    complaint = a_complaint()
    owed = (complaint.department_id, complaint.due_at, complaint.status)

    event = aside(complaint, bo)

    assert (complaint.set_aside, complaint.is_public) == ("spam", False)
    assert (complaint.department_id, complaint.due_at, complaint.status) == owed
    assert (event.kind, event.is_internal, event.note) == (EventKind.SET_ASIDE, True, "Only letters.")
    with pytest.raises(NotFound):
        visibility.for_public().one(complaint.reference)
    assert published.latest(Wanted()) == []


@pytest.mark.rows_by_hand
def test_the_database_itself_keeps_it_from_the_public(bo):
    complaint = a_complaint()
    aside(complaint, bo)

    with pytest.raises(IntegrityError, match="aside_is_not_public"):
        db.session.execute(text("UPDATE complaint SET is_public = true"))
    db.session.rollback()


@pytest.mark.parametrize(
    ("cause", "reason", "wrong"),
    [
        ("", "Why.", {"cause"}),
        ("dull", "Why.", {"cause"}),
        ("spam", "  ", {"reason"}),
        ("", "", {"cause", "reason"}),
    ],
)
def test_it_needs_a_cause_and_a_reason(bo, cause, reason, wrong):
    complaint = a_complaint()

    with pytest.raises(Invalid) as refused:
        quarantine.set_aside(complaint, by=bo, cause=cause, reason=reason)

    assert set(refused.value.faults) == wrong
    assert complaint.is_public


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.DECLINED, Status.WITHDRAWN])
def test_only_what_is_open_is_set_aside_and_only_once(bo, status):
    closed, twice = a_complaint(status, by=bo), a_complaint()
    aside(twice, bo)

    for complaint in (closed, twice):
        with pytest.raises(Refused, match="Only an open report"):
            quarantine.set_aside(complaint, by=bo, cause="spam", reason="Again.")


def test_it_leaves_every_view_but_its_own_and_comes_back(bo, dee):
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    complaint.alarm, complaint.seen_at = "words", None
    db.session.commit()
    before = {view for view in View if complaint.reference in seen_by(bo, view)}
    aside(complaint, bo)
    during = {view for view in View if complaint.reference in seen_by(bo, view)}
    counted = queue_counts.counted(bo, day=Day(clock.now(), later(hours=15))).of
    quarantine.let_in(complaint, by=dee)
    db.session.commit()

    assert before == {View.OPEN, View.MINE, View.UNSEEN, View.ALARM}
    assert during == {View.ASIDE}
    assert {view: number for view, number in counted.items() if number} == {View.ASIDE: 1}
    assert {view for view in View if complaint.reference in seen_by(bo, view)} == before


@pytest.mark.parametrize("view", [View.NEW, View.OVERDUE, View.TODAY])
def test_it_leaves_the_views_of_what_is_new_and_due(bo, view):
    complaint = a_complaint()
    with clock.standing_at({View.NEW: MONDAY, View.OVERDUE: later(days=60)}.get(view, later(days=1))):
        complaint.due_at = clock.now() if view is View.TODAY else complaint.due_at
        db.session.commit()
        day = Day(clock.now(), later(days=90))
        assert queries.queue(bo, view, day=day).rows
        aside(complaint, bo)

        assert not queries.queue(bo, view, day=day).rows


def test_it_comes_back_as_public_as_it_was(bo, dee):
    open_to_all, private = a_complaint(), a_complaint(category="staff-conduct")
    clerk = an_official("Fay", department=private.department.code)
    aside(open_to_all, bo)
    aside(private, clerk)

    for complaint in (open_to_all, private):
        quarantine.let_in(complaint, by=dee)
    db.session.commit()

    assert (open_to_all.set_aside, open_to_all.is_public) == (None, True)
    assert (private.set_aside, private.is_public) == (None, False)


def test_what_is_not_set_aside_cannot_be_let_in(dee):
    with pytest.raises(Refused, match="is not set aside"):
        quarantine.let_in(a_complaint(), by=dee)


@pytest.mark.parametrize(
    ("setter", "judge", "may"),
    [
        ("bo", "bo", False),
        ("dee", "bo", False),
        ("bo", "eve", True),
        ("bo", "dee", True),
        ("eve", "eve", False),
        ("dee", "dee", False),
        ("eve", "dee", True),
        ("bo", "chi", False),
    ],
)
@pytest.mark.parametrize("judge_by", [lambda c, by: quarantine.let_in(c, by=by), declined])
def test_a_head_or_coordinator_judges_and_not_who_set_it_aside(bo, eve, dee, setter, judge, may, judge_by):
    people = {
        "bo": bo,
        "eve": eve,
        "dee": dee,
        "chi": an_official("Chi", role=Role.HEAD, department=DRAINAGE),
    }
    complaint = a_complaint()
    aside(complaint, people[setter])

    if may:
        judge_by(complaint, people[judge])
    else:
        with pytest.raises(Refused, match="judge"):
            judge_by(complaint, people[judge])
    assert (complaint.set_aside is None or complaint.status is Status.DECLINED) is may
    db.session.rollback()


WORK = {
    "assign": lambda c, by: lifecycle.assign(c, to=by, by=by),
    "start": lambda c, by: lifecycle.start(c, by=by),
    "ask": lambda c, by: lifecycle.ask(c, by=by, question="Which?"),
    "resolve": lambda c, by: lifecycle.resolve(c, by=by, result="Done."),
    "transfer": lambda c, by: handovers.transfer(c, to=a_department(DRAINAGE), by=by, reason="Theirs."),
    "prioritise": lambda c, by: priorities.prioritise(c, to="urgent", by=by, reason="A school."),
    "contribution": lambda c, by: subtasks.ask(
        c, to=a_department(DRAINAGE), by=by, question="Yours?", reply_by=ReplyDate(later(days=1))
    ),
}


@pytest.mark.parametrize("work", WORK)
def test_nobody_works_on_it(bo, work):
    complaint = a_complaint()
    aside(complaint, bo)

    with pytest.raises(Refused, match="is set aside"):
        WORK[work](complaint, bo)
    db.session.rollback()


def test_it_can_be_noted_answered_by_others_and_taken_back_by_its_reporter(bo, dee):
    complaint = a_complaint()
    subtask = a_subtask(complaint, by=bo)
    aside(complaint, bo)

    lifecycle.note(complaint, by=bo, words="Looks like a test.")
    subtasks.reply(complaint, subtask, by=an_official("Chi", department=DRAINAGE), words="Not ours.")
    lifecycle.withdraw(complaint)
    db.session.commit()

    assert complaint.status is Status.WITHDRAWN
    assert not complaint.is_public


def test_the_clock_of_a_question_goes_on(bo, dee):
    complaint = a_complaint(Status.WAITING, by=bo)
    aside(complaint, bo)

    lifecycle.answer(complaint, words="The third lamp.")
    db.session.commit()

    assert complaint.status is Status.IN_PROGRESS
    assert complaint.set_aside == "spam"


def test_who_objects_to_the_refusal_is_judged_by_yet_another_one(bo, eve, dee):
    complaint = a_complaint()
    aside(complaint, bo)
    declined(complaint, eve)
    assert seen_by(bo, View.CLOSED) == [complaint.reference]

    reopening.reopen(complaint, words="It is a real lamp.")
    db.session.commit()

    assert (complaint.set_aside, complaint.is_public, complaint.status) == ("spam", False, Status.RECEIVED)
    assert seen_by(bo, View.ASIDE) == [complaint.reference]
    with pytest.raises(Refused, match="Eve set this report aside or declined it"):
        quarantine.let_in(complaint, by=eve)
    quarantine.let_in(complaint, by=dee)
    db.session.commit()
    assert complaint.is_public


def test_who_let_it_in_can_set_it_aside_again_and_is_then_not_its_judge(bo, eve, dee):
    complaint = a_complaint()
    aside(complaint, bo)
    quarantine.let_in(complaint, by=eve)
    aside(complaint, eve, cause="abuse")

    with pytest.raises(Refused, match="Somebody else"):
        quarantine.let_in(complaint, by=eve)
    quarantine.let_in(complaint, by=dee)
    aside(complaint, bo)
    quarantine.let_in(complaint, by=eve)  # what was before is judged
    db.session.commit()
    assert complaint.is_public


def test_it_is_offered_to_nobody_and_merged_with_nothing(bo, dee):
    complaint, other = a_complaint(), a_complaint()
    aside(complaint, bo)

    assert nearby.similar(other) == []
    with pytest.raises(Refused):
        merging.merge(other, into=complaint, by=bo)
    db.session.rollback()


def test_it_counts_in_no_figures_until_it_is_judged(bo, dee):
    complaint = a_complaint()
    period = (later(days=-1), later(days=1))
    assert figures.counted(*period).total.received == 1

    aside(complaint, bo)
    during = figures.counted(*period).total
    declined(complaint, dee)

    assert (during.received, during.open) == (0, 0)
    assert figures.counted(*period).total.received == 1


def test_the_morning_mail_reminds_heads_and_coordinators_alone(bo, eve, dee, clocks):
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    complaint.due_at = later(days=1)
    db.session.commit()
    aside(complaint, bo)
    with clock.standing_at(later(days=1, hours=-1)):
        until = workload.horizon(clock.now(), digests.in_force().profile.calendar)
        mails = {
            one.name: digests.written(one, until, digests.in_force(), language="en") for one in (bo, eve, dee)
        }

    assert mails["Bo"] is None
    assert "Set aside, to be judged: 1" in mails["Eve"].body
    assert "Set aside, to be judged: 1" in mails["Dee"].body
    assert "Due today" not in mails["Eve"].body


def test_what_is_paused_goes_on_by_itself_but_not_by_hand(bo):
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    pausing.pause(complaint, by=bo, cause="inspection", reason="We look.")
    aside(complaint, bo)

    with pytest.raises(Refused, match="is set aside"):
        pausing.go_on(complaint, by=bo)
    db.session.rollback()
    assert history.of(complaint)[-1].kind is EventKind.SET_ASIDE
