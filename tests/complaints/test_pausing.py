"""Pauses: a fact beside the status, for a cause, with a cap, one at a time."""

from dataclasses import replace
from datetime import datetime

import pytest

from cps.city import queries
from cps.city.promise import Promise
from cps.complaints import (
    deadlines,
    explanation,
    extending,
    handovers,
    history,
    lifecycle,
    pausing,
    recounting,
    reopening,
    waits,
)
from cps.complaints.kinds import EventKind
from cps.complaints.queries import queue
from cps.complaints.status import Status
from cps.complaints.views import Day, View
from cps.desk import permissions
from cps.desk.permissions import Action
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.people.models import Role
from tests.makers import DRAINAGE, HANOI, MONDAY, a_complaint, a_department, an_official, later


def at(*parts):
    return datetime(2030, 1, *parts, tzinfo=HANOI)


@pytest.fixture
def dee(city):
    return an_official("Dee", department="pcc", role=Role.COORDINATOR)


@pytest.fixture
def begun(bo):
    """A lamp somebody works on; due on Thursday."""
    return a_complaint(Status.IN_PROGRESS, by=bo)


def inspect(complaint, by):
    return pausing.pause(complaint, by=by, cause="inspection", reason="We look at the pole.")


def test_the_complaint_stays_in_progress_and_its_clock_stands(begun, bo):
    event = inspect(begun, bo)

    assert (event.kind, event.note, event.is_internal) == (EventKind.PAUSED, "We look at the pole.", False)
    assert event.details == {"cause": "inspection", "cap": "14 calendar days"}
    assert (begun.status, begun.paused_since, begun.pause_cause) == (
        Status.IN_PROGRESS,
        MONDAY,
        "inspection",
    )


def test_the_paused_days_are_not_counted_and_the_citizen_reads_why(begun, bo):
    inspect(begun, bo)
    with clock.standing_at(later(days=1)):
        pausing.go_on(begun, by=bo)

    assert begun.due_at == at(11, 17)  # Tuesday is left out; Monday would not have counted
    assert (begun.paused_since, begun.pause_cause) == (None, None)
    assert "paused 2 days for an inspection on site" in explanation.of(
        begun, history.of(begun), language="en"
    )


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"cause": "citizen"}, {"cause"}),
        ({"cause": "lunch", "reason": " "}, {"cause", "reason"}),
        ({"reason": ""}, {"reason"}),
    ],
)
def test_a_pause_has_a_cause_and_a_reason(begun, bo, typed, fields):
    with pytest.raises(Invalid) as refusal:
        pausing.pause(begun, by=bo, **{"cause": "inspection", "reason": "Because.", **typed})

    assert set(refusal.value.faults) == fields
    assert begun.paused_since is None


def test_pauses_do_not_overlap(begun, bo):
    inspect(begun, bo)

    with pytest.raises(Refused, match="stands still already"):
        pausing.pause(begun, by=bo, cause="other_body", reason="We ask the power company.")


def test_what_waits_for_its_citizen_or_is_closed_is_not_paused(bo):
    for status in (Status.WAITING, Status.RESOLVED):
        complaint = a_complaint(status, by=bo)
        with pytest.raises(lifecycle.ImpossibleMove):
            inspect(complaint, bo)


def test_what_nobody_has_taken_on_is_not_inspected(bo):
    complaint = a_complaint()

    with pytest.raises(Refused, match="Assign the report or start work first"):
        inspect(complaint, bo)


def test_what_is_late_stays_late(begun, bo):
    with clock.standing_at(later(days=4)), pytest.raises(Refused, match="The deadline is over"):
        inspect(begun, bo)


def test_only_a_coordinator_says_that_the_system_failed_and_that_it_works_again(bo, dee):
    complaint = a_complaint()
    with pytest.raises(Refused, match="Only a coordinator"):
        pausing.pause(complaint, by=bo, cause="system", reason="No power.")

    pausing.pause(complaint, by=dee, cause="system", reason="No power.")

    with pytest.raises(Refused, match="Only a coordinator"):
        pausing.go_on(complaint, by=bo)
    with clock.standing_at(later(hours=2)):
        pausing.go_on(complaint, by=dee)
    assert complaint.paused_since is None


def test_where_the_system_failed_nobody_could_take_it_on(dee):
    complaint = a_complaint()
    before = complaint.acknowledge_by
    pausing.pause(complaint, by=dee, cause="system", reason="No power.")
    with clock.standing_at(later(hours=2)):
        pausing.go_on(complaint, by=dee)

    assert (before, complaint.acknowledge_by) == (at(8, 9), at(8, 11))


def test_an_inspection_leaves_the_clock_of_a_handover_alone(begun, bo, dee):
    handovers.transfer(begun, to=a_department(DRAINAGE), by=bo, reason="A drain.")
    accept_by = begun.accept_by
    pausing.pause(begun, by=dee, cause="system", reason="No power.")
    with clock.standing_at(later(hours=1)):
        pausing.go_on(begun, by=dee)

    assert (accept_by, begun.accept_by) == (at(7, 12), at(7, 14))


def test_a_clock_runs_again_by_itself_at_the_cap_and_not_before(begun, bo):
    inspect(begun, bo)
    db.session.commit()

    for moment, events in ((at(21, 23), 4), (at(22), 5), (at(23), 5)):
        with clock.standing_at(moment):
            waits.end_waits(0)
        assert len(history.of(begun)) == events, moment
    ended = history.of(begun)[-1]
    assert (ended.kind, ended.by, ended.details["cause"]) == (EventKind.RESUMED, None, "inspection")
    assert datetime.fromisoformat(ended.details["new"]) == begun.due_at
    assert begun.due_at == at(24, 17)  # fourteen calendar days, whenever a worker looked


def test_a_pause_lasts_as_long_as_the_cap_it_began_with(begun, bo, in_force):
    inspect(begun, bo)
    clocks = queries.in_force().profile.clocks
    in_force(clocks=replace(clocks, pauses={**clocks.pauses, "inspection": Promise(1, "calendar_days")}))

    with clock.standing_at(later(days=5)):
        assert not waits.is_over(begun)


def test_the_cap_holds_for_all_pauses_of_a_cause_together(bo):
    lamp = a_complaint(Status.IN_PROGRESS, by=bo)
    inspect(lamp, bo)
    with clock.standing_at(at(9, 12)):  # the 8th and the 9th are used
        pausing.go_on(lamp, by=bo)
    with clock.standing_at(at(11, 9)):
        inspect(lamp, bo)
    db.session.commit()

    assert pausing.runs_again_at(lamp, history.turns(lamp)) == at(22, 23, 59)
    for moment, is_over in ((at(22, 23), False), (at(23, 0), True)):
        with clock.standing_at(moment):
            assert waits.is_over(lamp) is is_over


def test_when_the_cap_is_used_up_nobody_pauses_for_this_cause_again(bo, in_force):
    clocks = queries.in_force().profile.clocks
    in_force(clocks=replace(clocks, pauses={**clocks.pauses, "inspection": Promise(1, "working_days")}))
    lamp = a_complaint(Status.IN_PROGRESS, by=bo)
    inspect(lamp, bo)
    with clock.standing_at(at(8, 18)):
        pausing.go_on(lamp, by=bo)

    with clock.standing_at(at(9, 9)):
        offered = pausing.causes_for(lamp, history.turns(lamp), by=bo)
        with pytest.raises(Refused, match="as long as it may"):
            inspect(lamp, bo)
        pausing.pause(lamp, by=bo, cause="other_body", reason="We ask the power company.")

    assert offered == ["other_body"]


def test_when_the_city_has_waited_long_enough_no_other_question_is_asked(bo):
    lamp = a_complaint(Status.WAITING, by=bo)
    with clock.standing_at(at(22, 9)):  # ten working days are over
        waits.end_waits(0)

        with pytest.raises(Refused, match="waited for the citizen as long as we may"):
            lifecycle.ask(lamp, by=bo, question="And which pole?")
        offered = permissions.offered(
            bo, lamp, clocks=queries.in_force().profile.clocks, turns=history.turns(lamp)
        )

    assert Action.QUESTION not in offered
    assert lamp.status is Status.IN_PROGRESS


def test_a_short_question_leaves_time_for_another(bo):
    lamp = a_complaint(Status.WAITING, by=bo)
    with clock.standing_at(at(8, 9)):
        lifecycle.answer(lamp, words="The left one.")
    with clock.standing_at(at(9, 9)):
        lifecycle.ask(lamp, by=bo, question="And which pole?")

    assert pausing.runs_again_at(lamp, history.turns(lamp)) == at(21, 17)  # nine of ten were left


def test_a_report_that_is_reopened_may_stand_as_long_as_a_new_one(bo):
    lamp = a_complaint(Status.WAITING, by=bo)
    with clock.standing_at(at(22, 9)):
        waits.end_waits(0)
        lifecycle.resolve(lamp, by=bo, result="Done.")
        reopening.reopen(lamp, words="It is not.")

        lifecycle.ask(lamp, by=bo, question="What is not?")

    turns = history.turns(lamp)
    assert pausing.runs_again_at(lamp, turns) == datetime(
        2030, 2, 12, 17, tzinfo=HANOI
    )  # ten working days and Tết
    assert deadlines.pauses(turns, now=at(23))[-1].stood_before == ()


@pytest.mark.parametrize("verb", ["ask", "transfer", "resolve", "decline", "withdraw"])
def test_what_moves_a_report_ends_its_pause(begun, bo, verb):
    inspect(begun, bo)

    with clock.standing_at(later(days=1)):
        {
            "ask": lambda: lifecycle.ask(begun, by=bo, question="Which lamp?"),
            "transfer": lambda: handovers.transfer(
                begun, to=a_department(DRAINAGE), by=bo, reason="A drain."
            ),
            "resolve": lambda: lifecycle.resolve(begun, by=bo, result="Done."),
            "decline": lambda: lifecycle.decline(begun, by=bo, reason="No.", remedy="Wait."),
            "withdraw": lambda: lifecycle.withdraw(begun),
        }[verb]()

    assert (begun.paused_since, begun.due_at) == (None, at(11, 17))
    [only] = [p for p in deadlines.pauses(history.of(begun), now=later(days=3)) if p.reason == "inspection"]
    assert only.ended_at == later(days=1)


def test_what_does_not_move_it_leaves_it_paused(begun, bo):
    inspect(begun, bo)

    lifecycle.note(begun, by=bo, words="A tall pole.")
    lifecycle.assign(begun, to=bo, by=bo)

    assert begun.paused_since == MONDAY
    with pytest.raises(Refused, match="stands still"):
        extending.extend(begun, by=bo, count=1, reason="Rain.")


def test_what_is_paused_is_not_overdue_and_a_closure_leaves_it_until_it_runs(begun, bo):
    inspect(begun, bo)
    db.session.commit()

    with clock.standing_at(later(days=8)):
        overdue = queue(bo, View.OVERDUE, day=Day(clock.now(), clock.now())).rows
        last = recounting.recount_batch(after=0, why={})

    assert overdue == []
    assert last is None
