"""What time alone brings: each step of the ladder once, whatever the workers went through; progress likewise."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from cps.city.clocks import Rung
from cps.city.promise import Promise
from cps.complaints import agenda, escalation, extending, history, lifecycle, reminding, reopening
from cps.complaints.attached import Agenda
from cps.complaints.kinds import EventKind
from cps.complaints.models import Event
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from tests.makers import DRAINAGE, HANOI, a_complaint, an_official, later
from tests.rounds import AUDITOR, LADDER, at, go_round


def every_five_minutes(begin, end):
    moment = begin
    while moment <= end:
        go_round(moment)
        moment += timedelta(minutes=5)


def steps_of(complaint):
    db.session.expire_all()
    return [event for event in history.of(complaint) if event.kind is EventKind.ESCALATED]


def rungs_of(complaint):
    return [event.details["rung"] for event in steps_of(complaint)]


# Due on Thursday 10 January at 17:00: three working days. Thirty-one hours of office time, of which 80 % are
# over on Thursday at 9:48.


def test_each_step_happens_when_it_is_reached_and_never_again(city, clocks):
    complaint = a_complaint()

    every_five_minutes(at(10, 9, 40), at(10, 10))
    early = rungs_of(complaint)
    every_five_minutes(at(10, 16, 50), at(10, 17, 15))
    every_five_minutes(at(11, 16, 50), at(11, 17, 15))

    assert early == ["80 % handler"]
    assert rungs_of(complaint) == ["80 % handler", "100 % head", "1 working day late auditor"]
    assert [event.at for event in steps_of(complaint)] == [at(10, 9, 50), at(10, 17), at(11, 17)]


def test_a_step_is_internal_and_says_who_when_and_how_late(city, clocks):
    head = an_official("Head", role=Role.HEAD)
    complaint = a_complaint()

    go_round(at(10, 17, 20))

    event = steps_of(complaint)[-1]
    assert event.is_internal
    assert event.by is None
    assert event.details["to"] == "head"
    assert event.details["people"] == [head.id]
    assert datetime.fromisoformat(event.details["due"]) == at(10, 17)
    assert event.details["minutes_after_step"] == 20


def test_a_weekend_without_worker_is_caught_up_with_each_step_once(city, clocks):
    an_official("Head", role=Role.HEAD)
    bo = an_official()
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    go_round(at(8, 9))

    every_five_minutes(at(14, 8), at(14, 9))

    assert rungs_of(complaint) == ["80 % handler", "100 % head", "1 working day late auditor"]
    assert [event.at for event in steps_of(complaint)] == [at(14, 8)] * 3


def test_of_steps_caught_up_together_each_person_hears_of_the_highest_alone(city, clocks):
    head = an_official("Head", role=Role.HEAD)
    clocks(ladder=(*LADDER, Rung("auditor", late=Promise.parse("1 hour"))))
    complaint = a_complaint()  # nobody handles it: the handler's step is the head's too

    go_round(at(14, 8))

    told = [(e.details["rung"], e.details["people"], e.details["addresses"]) for e in steps_of(complaint)]
    assert told == [
        ("80 % handler", [], []),
        ("100 % head", [head.id], []),
        ("1 hour late auditor", [], []),
        ("1 working day late auditor", [], [AUDITOR]),
    ]


def test_what_was_reached_more_than_a_week_ago_is_logged_without_mail(city, clocks):
    an_official("Head", role=Role.HEAD)
    complaint = a_complaint()

    go_round(at(18, 16))

    assert [event.details["people"] for event in steps_of(complaint)] == [[], [], []]
    assert [event.details["addresses"] for event in steps_of(complaint)] == [[], [], [AUDITOR]]


def test_two_workers_at_once_let_each_step_happen_once(city, clocks):
    complaint_id = a_complaint().id
    go_round(at(8, 9))
    together = Barrier(2)

    def work():
        with city.app_context(), clock.standing_at(at(14, 8)):
            together.wait()
            reminding.go_round()
            db.session.commit()

    workers = [Thread(target=work) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    kinds = db.session.scalars(select(Event.details["rung"].astext).where(Event.complaint_id == complaint_id))
    assert sorted(filter(None, kinds)) == ["1 working day late auditor", "100 % head", "80 % handler"]


def test_a_second_worker_that_saw_the_same_work_finds_it_done(city, clocks):
    complaint = a_complaint()
    go_round(at(8, 9))
    with clock.standing_at(at(14, 8)):
        seen_by_both = agenda.numbers_due(most=10)

    go_round(at(14, 8))
    with clock.standing_at(at(14, 8)):
        taken = [reminding.look_at(number) for number in seen_by_both]

    assert taken == [True]
    assert len(rungs_of(complaint)) == 3


def test_a_complaint_that_somebody_holds_is_left_for_the_next_round(city, clocks):
    complaint = a_complaint()
    go_round(at(8, 9))

    with db.engine.connect() as desk:
        desk.execute(text("SELECT 1 FROM complaint FOR UPDATE"))
        go_round(at(14, 8))
        meanwhile = rungs_of(complaint)
        desk.rollback()
    go_round(at(14, 8, 5))

    assert meanwhile == []
    assert len(rungs_of(complaint)) == 3


def test_a_deadline_that_moves_moves_the_steps_that_have_not_happened(city, clocks):
    bo, complaint = an_official(), a_complaint()
    go_round(at(10, 10))

    with clock.standing_at(at(10, 11)):
        extending.extend(complaint, by=bo, count=1, reason="A part is ordered.")
        db.session.commit()
    go_round(at(10, 17, 5))
    on_the_old_date = rungs_of(complaint)
    go_round(at(11, 17))

    assert on_the_old_date == ["80 % handler"]
    assert rungs_of(complaint) == ["80 % handler", "100 % head"]


def test_nothing_happens_while_the_city_waits_for_the_citizen(city, clocks):
    bo = an_official()
    complaint = a_complaint(Status.WAITING, by=bo)

    go_round(at(14, 8))
    while_waiting = rungs_of(complaint)
    with clock.standing_at(at(14, 9)):
        lifecycle.answer(complaint, words="The one at the gate.")
        db.session.commit()
    go_round(at(14, 9))
    go_round(at(18, 17))

    assert while_waiting == []
    assert complaint.due_at == at(17, 17)
    assert rungs_of(complaint)[0] == "80 % handler"
    assert steps_of(complaint)[0].at == at(18, 17)


def test_nothing_happens_after_the_end(city, clocks):
    complaint = a_complaint()
    go_round(at(8, 9))
    with clock.standing_at(at(9, 9)):
        lifecycle.resolve(complaint, by=an_official(), result="Changed.")
        db.session.commit()

    go_round(at(21, 9))

    assert rungs_of(complaint) == []
    assert db.session.scalars(select(Agenda.next_at)).all() == [None]


def test_a_complaint_that_is_reopened_climbs_the_ladder_anew(city, clocks):
    complaint = a_complaint()
    go_round(at(14, 8))
    with clock.standing_at(at(14, 9)):
        lifecycle.resolve(complaint, by=an_official(), result="Changed.")
        db.session.commit()
    with clock.standing_at(at(15, 9)):
        reopening.reopen(complaint, words="Still dark.")
        db.session.commit()

    every_five_minutes(at(15, 9), at(15, 9, 30))
    at_once = rungs_of(complaint)
    every_five_minutes(at(18, 9, 40), at(18, 17, 15))
    go_round(at(21, 17))

    assert at_once == rungs_of(complaint)[:3]
    assert rungs_of(complaint) == at_once * 2
    assert [event.at for event in steps_of(complaint)[3:]] == [at(18, 9, 50), at(18, 17), at(21, 17)]
    assert steps_of(complaint)[-1].details["addresses"] == [AUDITOR]


def test_a_report_reopened_before_rounds_were_counted_keeps_its_deadline_and_climbs_once_more(city, clocks):
    complaint = a_complaint()
    go_round(at(14, 8))
    with clock.standing_at(at(15, 9)):
        lifecycle.resolve(complaint, by=an_official(), result="Changed.")
        complaint.closed_at = None
        lifecycle.move(complaint, Status.RECEIVED, EventKind.REOPENED, by=None, note="Still dark.")
        db.session.commit()

    every_five_minutes(at(15, 9), at(15, 9, 30))

    assert complaint.due_at == at(10, 17)
    assert rungs_of(complaint)[:3] == rungs_of(complaint)[3:]


def test_another_ladder_holds_for_what_is_open_already(city, clocks):
    complaint = a_complaint()
    go_round(at(8, 9))

    clocks(ladder=(Rung("mayor", percent=20),))
    go_round(at(8, 16))

    assert rungs_of(complaint) == ["20 % mayor"]


def test_what_does_not_fit_into_one_transaction_has_another_turn(city, clocks, monkeypatch):
    complaints = [a_complaint() for _n in range(5)]
    monkeypatch.setattr(reminding, "_LOOKED_AT_AT_ONCE", 2)
    monkeypatch.setattr(reminding, "_PLANNED_AT_ONCE", 2)

    turns = 0
    go_round(at(14, 8))
    while _asked_for_another_turn() and turns < 5:
        turns += 1
        go_round(at(14, 8))

    assert turns == 2
    assert [len(rungs_of(complaint)) for complaint in complaints] == [3] * 5


def _asked_for_another_turn():
    taken = db.session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'remind' RETURNING id"))
    return bool(taken.all())


@pytest.mark.parametrize(
    ("to", "expected"),
    [("handler", "head"), ("head", "head"), ("auditor", AUDITOR), ("mayor", "coordinator")],
)
def test_a_step_tells_whoever_is_there(city, clocks, to, expected):
    officials = {
        "head": an_official("Head", role=Role.HEAD),
        "coordinator": an_official("Dee", role=Role.COORDINATOR, department="pcc"),
        "elsewhere": an_official("Chi", role=Role.HEAD, department=DRAINAGE),
        "gone": an_official("Gone", role=Role.HEAD, is_active=False),
    }
    complaint = a_complaint()

    told = escalation.listeners(complaint, to)

    if expected == AUDITOR:
        assert told == escalation.Listeners(addresses=(AUDITOR,))
    else:
        assert told == escalation.Listeners(people=(officials[expected].id,))


def test_a_handler_is_told_before_the_head(city, clocks):
    an_official("Head", role=Role.HEAD)
    bo = an_official()

    told = escalation.listeners(a_complaint(Status.ASSIGNED, by=bo), "handler")

    assert told == escalation.Listeners(people=(bo.id,))


def test_a_department_without_head_is_told_at_its_address_and_else_the_coordinators_are(city, clocks):
    dee = an_official("Dee", role=Role.COORDINATOR, department="pcc")
    complaint = a_complaint()

    complaint.department.email = "lighting@hanoi.example"
    by_address = escalation.listeners(complaint, "head")
    complaint.department.email = ""
    by_coordinator = escalation.listeners(complaint, "head")

    assert by_address == escalation.Listeners(addresses=("lighting@hanoi.example",))
    assert by_coordinator == escalation.Listeners(people=(dee.id,))


# Progress: thirty calendar days from Monday 7 January end on Wednesday 6 February; the office opens the day after.


def progress_of(complaint):
    db.session.expire_all()
    return [event for event in history.of(complaint) if event.kind is EventKind.PROGRESS]


@pytest.fixture
def every_month(clocks):
    clocks(ladder=(), progress=Promise.parse("30 calendar days"))


def test_the_citizen_is_told_after_a_period_and_after_each_further_one(city, every_month):
    complaint = a_complaint()

    for day in range(1, 75):
        go_round(later(days=day))

    assert [event.details["period"] for event in progress_of(complaint)] == [1, 2]
    assert [event.at.astimezone(HANOI).date().isoformat() for event in progress_of(complaint)] == [
        "2030-02-07",  # the day after, Tết being over
        "2030-03-11",  # after a weekend
    ]


def test_after_seventy_days_without_worker_the_citizen_gets_one_notice(city, every_month):
    complaint = a_complaint()
    go_round(later(days=1))

    for day in range(70, 90):
        go_round(later(days=day))

    assert [event.details["period"] for event in progress_of(complaint)] == [2]


def test_nobody_is_told_of_progress_while_the_city_waits_for_them_or_when_it_is_done(city, every_month):
    bo = an_official()
    waiting, done = a_complaint(Status.WAITING, by=bo), a_complaint(Status.RESOLVED, by=bo)

    go_round(later(days=70))

    assert progress_of(waiting) == progress_of(done) == []
