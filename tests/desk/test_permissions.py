"""What is offered: never more than the verbs would take, and nothing to other departments."""

import pytest

from cps.city.clocks import Clocks, Priority
from cps.city.promise import Promise
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Handover, Status
from cps.desk.permissions import Action, offered
from cps.people.models import Person, Role
from tests.makers import MONDAY, later

BO = Person(id=1, role=Role.OFFICER, department_id=1)
CHI = Person(id=2, role=Role.HEAD, department_id=2)
DEE = Person(id=3, role=Role.COORDINATOR, department_id=None)
EVE = Person(id=4, role=Role.HEAD, department_id=1)

CLOCKS = Clocks()
EXTENDED = Event(
    kind=EventKind.EXTENDED, at=MONDAY, status=Status.RECEIVED, details={"count": 1, "consent": True}
)


def a_complaint(status=Status.RECEIVED, handover=Handover.SETTLED, **changes):
    return Complaint(
        status=status,
        department_id=1,
        due_at=later(days=1),
        promise="3 working days",
        is_public=True,
        handover=handover,
        **changes,
    )


def to(person, complaint, clocks=CLOCKS, turns=()):
    return offered(person, complaint, clocks=clocks, turns=turns)


ALWAYS = {Action.NOTE, Action.FLAG, Action.HIDE}
WHILE_OPEN = {
    Action.RESOLUTION,
    Action.REFUSAL,
    Action.REPEAT,
    Action.TRANSFER,
    Action.SUBTASK,
    Action.MERGER,
    Action.QUARANTINE,
    Action.PLAN,
    Action.CATEGORY,
    Action.KEEP_CATEGORY,
}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            Status.RECEIVED,
            ALWAYS | WHILE_OPEN | {Action.ASSIGNMENT, Action.START, Action.QUESTION, Action.EXTENSION},
        ),
        (
            Status.ASSIGNED,
            ALWAYS
            | WHILE_OPEN
            | {Action.ASSIGNMENT, Action.START, Action.QUESTION, Action.EXTENSION, Action.PAUSE},
        ),
        (
            Status.IN_PROGRESS,
            ALWAYS | WHILE_OPEN | {Action.ASSIGNMENT, Action.QUESTION, Action.EXTENSION, Action.PAUSE},
        ),
        (Status.WAITING, ALWAYS | WHILE_OPEN | {Action.ASSIGNMENT, Action.START}),
        (Status.RESOLVED, ALWAYS),
        (Status.DECLINED, ALWAYS),
        (Status.WITHDRAWN, ALWAYS),
        (Status.MERGED, ALWAYS | {Action.PARTING}),
    ],
)
def test_only_possible_actions_are_offered(status, expected):
    complaint = a_complaint(status=status)

    assert set(to(BO, complaint)) == expected


def test_another_department_is_offered_nothing():
    assert to(CHI, a_complaint()) == []


def test_who_looks_after_the_city_is_offered_as_much_as_the_department():
    complaint = a_complaint(Status.IN_PROGRESS)

    assert set(to(DEE, complaint)) == {*to(BO, complaint), Action.REVEAL}


def test_a_pause_is_ended_by_whoever_may_begin_it():
    inspected = a_complaint(Status.IN_PROGRESS, paused_since=MONDAY, pause_cause="inspection")
    failed = a_complaint(paused_since=MONDAY, pause_cause="system")
    pauses = {Action.PAUSE, Action.RESUMPTION}

    assert set(to(BO, inspected)) & pauses == {Action.RESUMPTION}
    assert set(to(BO, failed)) & pauses == set()
    assert set(to(DEE, failed)) & pauses == {Action.RESUMPTION}
    assert Action.EXTENSION not in to(BO, inspected)


def test_a_priority_is_offered_for_what_is_open_where_the_city_has_any():
    urgent = Clocks(priorities=(Priority("urgent", {}, Promise(4, "hours"), Promise(1, "hours")),))

    assert Action.PRIORITY in to(BO, a_complaint(), clocks=urgent)
    assert Action.PRIORITY not in to(BO, a_complaint(Status.RESOLVED), clocks=urgent)
    assert Action.PRIORITY not in to(BO, a_complaint())


def test_an_extension_is_offered_as_often_as_the_city_gives_one():
    complaint, once, twice = a_complaint(), Clocks(), Clocks(extensions=2)

    assert Action.EXTENSION not in to(BO, complaint, clocks=once, turns=[EXTENDED])
    assert Action.EXTENSION in to(BO, complaint, clocks=twice, turns=[EXTENDED])
    assert Action.EXTENSION not in to(BO, complaint, clocks=twice, turns=[EXTENDED, EXTENDED])
    assert Action.EXTENSION not in to(BO, complaint, clocks=Clocks(extensions=0))


@pytest.mark.parametrize(
    ("handover", "has_clock", "officer", "coordinator"),
    [
        (Handover.SETTLED, False, {Action.TRANSFER}, {Action.TRANSFER}),
        (
            Handover.OFFERED,
            True,
            {Action.ACCEPTANCE, Action.RETURN},
            {Action.ACCEPTANCE, Action.RETURN, Action.TRANSFER},
        ),
        (
            Handover.RETURNED,
            True,
            {Action.ACCEPTANCE, Action.TRANSFER},
            {Action.ACCEPTANCE, Action.TRANSFER},
        ),
        (Handover.DISPUTED, False, set(), {Action.TRANSFER}),
        (Handover.DECIDED, True, {Action.ACCEPTANCE}, {Action.ACCEPTANCE, Action.TRANSFER}),
        (Handover.DECIDED, False, set(), {Action.TRANSFER}),
    ],
)
def test_a_handover_is_answered_before_it_goes_on_and_a_decision_stands(
    handover, has_clock, officer, coordinator
):
    complaint = a_complaint(handover=handover, accept_by=later(hours=3) if has_clock else None)
    answers = {Action.ACCEPTANCE, Action.RETURN, Action.TRANSFER}

    assert set(to(BO, complaint)) & answers == officer
    assert set(to(DEE, complaint)) & answers == coordinator


@pytest.mark.parametrize(
    ("person", "setter", "may"),
    [
        (BO, DEE, set()),
        (DEE, BO, {Action.LET_IN, Action.REFUSAL}),
        (EVE, BO, {Action.LET_IN, Action.REFUSAL}),
        (DEE, DEE, set()),
        (EVE, EVE, set()),
    ],
)
def test_what_is_set_aside_is_judged_by_a_head_or_coordinator_who_did_not_set_it_aside(person, setter, may):
    complaint = a_complaint(set_aside="spam", alarm="words")
    turn = Event(
        kind=EventKind.SET_ASIDE,
        at=MONDAY,
        status=Status.RECEIVED,
        details={"person": setter.id, "was_public": True},
    )

    looks = {Action.REVEAL} if person.leads else set()
    assert set(to(person, complaint, turns=[turn])) == ALWAYS - {Action.HIDE} | {Action.CALM} | may | looks


def test_what_was_let_in_is_offered_as_ever_and_its_judge_may_set_it_aside():
    assert Action.QUARANTINE in to(DEE, a_complaint())
    assert Action.LET_IN not in to(DEE, a_complaint())
    assert Action.QUARANTINE not in to(DEE, a_complaint(Status.RESOLVED))
