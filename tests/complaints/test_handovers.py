"""From one department to another: accepted, returned, and in the end decided."""

from dataclasses import replace
from datetime import datetime
from threading import Barrier, Thread

import pytest

from cps.city import queries
from cps.city.calendar import Closure
from cps.complaints import handovers, history, lifecycle, recounting, visibility
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.complaints.queries import queue
from cps.complaints.status import Handover, Status
from cps.complaints.views import Day, View
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.people.models import Role
from tests.makers import DRAINAGE, HANOI, LIGHTING, MONDAY, a_complaint, a_department, an_official, later


@pytest.fixture
def chi(city):
    return an_official("Chi", department=DRAINAGE)


@pytest.fixture
def dee(city):
    return an_official("Dee", department="pcc", role=Role.COORDINATOR)


@pytest.fixture
def handed(bo):
    """A lamp that the lighting company sent to drainage."""
    complaint = a_complaint()
    handovers.transfer(complaint, to=a_department(DRAINAGE), by=bo, reason="It is a drain.")
    db.session.commit()
    return complaint


@pytest.fixture
def disputed(handed, bo, chi):
    """The same after drainage has returned it twice."""
    handovers.give_back(handed, by=chi, reason="It is a lamp.")
    handovers.transfer(handed, to=a_department(DRAINAGE), by=bo, reason="It stands in a drain.")
    handovers.give_back(handed, by=chi, reason="It is a lamp all the same.")
    db.session.commit()
    return handed


def kinds(complaint):
    return [event.kind for event in history.of(complaint)]


def test_the_receiver_has_three_working_hours_to_answer(handed):
    assert handed.handover is Handover.OFFERED
    assert handed.accept_by == MONDAY.replace(hour=12)
    assert (handed.came_from_id, handed.hops, handed.bounces) == (a_department(LIGHTING).id, 1, 0)


def test_a_body_outside_the_city_has_eight(bo):
    complaint, outside = a_complaint(), a_department("evnhanoi")
    outside.is_outside = True

    event = handovers.transfer(complaint, to=outside, by=bo, reason="It is their cable.")

    assert complaint.accept_by == datetime(2030, 1, 8, 9, tzinfo=HANOI)
    assert (event.details["clock"], event.details["is_outside"]) == ("8 working hours", True)


def test_a_handover_leaves_the_clock_of_the_answer_alone(handed, chi):
    due, acknowledge_by = handed.due_at, handed.acknowledge_by
    with clock.standing_at(later(hours=2)):
        handovers.give_back(handed, by=chi, reason="It is a lamp.")

    assert (handed.due_at, handed.acknowledge_by) == (due, acknowledge_by)


def test_whoever_accepts_takes_it_on_without_a_handler(handed, chi):
    event = handovers.accept(handed, by=chi)

    assert (event.kind, event.is_internal) == (EventKind.ACCEPTED, False)
    assert (handed.handover, handed.accept_by, handed.came_from_id) == (Handover.SETTLED, None, None)
    assert (handed.status, handed.assignee_id, handed.acknowledged_at) == (Status.RECEIVED, None, MONDAY)


@pytest.mark.parametrize("verb", ["assign", "start", "ask", "resolve", "decline"])
def test_whoever_works_on_it_has_accepted_it(handed, chi, verb):
    {
        "assign": lambda: lifecycle.assign(handed, to=chi, by=chi),
        "start": lambda: lifecycle.start(handed, by=chi),
        "ask": lambda: lifecycle.ask(handed, by=chi, question="Which drain?"),
        "resolve": lambda: lifecycle.resolve(handed, by=chi, result="Done."),
        "decline": lambda: lifecycle.decline(handed, by=chi, reason="No.", remedy="Wait."),
    }[verb]()

    assert (handed.handover, handed.accept_by) == (Handover.SETTLED, None)
    with pytest.raises(Refused):
        handovers.give_back(handed, by=chi, reason="It is a lamp.")


def test_a_note_is_no_acceptance(handed, chi):
    lifecycle.note(handed, by=chi, words="Hm.")

    assert handed.handover is Handover.OFFERED


def test_a_citizen_may_withdraw_what_nobody_has_accepted(handed):
    lifecycle.withdraw(handed)
    db.session.commit()

    assert (handed.accept_by, handed.acknowledged_at) == (None, None)


def test_what_is_returned_is_back_where_it_came_from_with_a_clock_of_its_own(handed, bo, chi):
    with clock.standing_at(later(hours=1)):
        event = handovers.give_back(handed, by=chi, reason="It is a lamp.")

    assert handed.department_id == a_department(LIGHTING).id
    assert (event.kind, event.note, event.is_internal) == (EventKind.RETURNED, "It is a lamp.", False)
    assert (handed.handover, handed.hops, handed.bounces) == (Handover.RETURNED, 2, 1)
    assert handed.accept_by == MONDAY.replace(hour=14)
    assert handed.came_from_id == a_department(DRAINAGE).id
    with pytest.raises(Refused, match="accepted already"):
        handovers.give_back(handed, by=bo, reason="No, yours.")


def test_returning_needs_a_reason(handed, chi):
    with pytest.raises(Invalid):
        handovers.give_back(handed, by=chi, reason=" ")

    assert handed.bounces == 0


def test_what_never_came_from_elsewhere_cannot_be_accepted_or_returned(bo):
    complaint = a_complaint()

    with pytest.raises(Refused):
        handovers.accept(complaint, by=bo)
    with pytest.raises(Refused):
        handovers.give_back(complaint, by=bo, reason="Not ours.")


def test_the_receiver_answers_before_it_sends_it_on(handed, chi, dee):
    with pytest.raises(Refused, match="Accept this report first"):
        handovers.transfer(handed, to=a_department("pcc"), by=chi, reason="Theirs.")

    handovers.transfer(handed, to=a_department("pcc"), by=dee, reason="Theirs.")

    assert handed.department.code == "pcc"


def test_after_two_returns_the_coordinators_decide(disputed, bo):
    assert (disputed.handover, disputed.bounces, disputed.hops) == (Handover.DISPUTED, 2, 4)
    assert disputed.accept_by is None
    assert history.of(disputed)[-1].details["is_disputed"] is True
    with pytest.raises(Refused, match="coordinator"):
        handovers.transfer(disputed, to=a_department(DRAINAGE), by=bo, reason="Again.")


def test_an_acceptance_between_two_returns_begins_the_count_anew(handed, bo, chi):
    handovers.give_back(handed, by=chi, reason="It is a lamp.")
    lifecycle.start(handed, by=bo)
    assert handed.bounces == 1  # taking back one's own is no acceptance of a transfer

    handovers.transfer(handed, to=a_department(DRAINAGE), by=bo, reason="A drain.")
    handovers.accept(handed, by=chi)
    handovers.transfer(handed, to=a_department(LIGHTING), by=chi, reason="A lamp after all.")
    handovers.give_back(handed, by=bo, reason="No.")

    assert (handed.handover, handed.bounces) == (Handover.RETURNED, 1)


def test_a_decision_is_final(disputed, bo, chi, dee):
    event = handovers.transfer(disputed, to=a_department(DRAINAGE), by=dee, reason="The drain comes first.")

    assert event.kind is EventKind.DECIDED
    assert (disputed.handover, disputed.bounces, disputed.hops) == (Handover.DECIDED, 0, 5)
    assert disputed.accept_by == MONDAY.replace(hour=12)
    with pytest.raises(Refused, match="has decided"):
        handovers.give_back(disputed, by=chi, reason="No.")
    lifecycle.start(disputed, by=chi)
    with pytest.raises(Refused, match="has decided"):
        handovers.transfer(disputed, to=a_department(LIGHTING), by=chi, reason="No.")


def test_a_decision_may_leave_it_where_it_is(disputed, bo, dee):
    event = handovers.transfer(disputed, to=a_department(LIGHTING), by=dee, reason="A lamp is a lamp.")
    db.session.commit()

    assert (event.kind, "from" in event.details) == (EventKind.DECIDED, False)
    assert (disputed.handover, disputed.hops) == (Handover.DECIDED, 4)
    assert disputed.accept_by == MONDAY.replace(hour=12)
    with pytest.raises(Refused, match="has decided"):
        handovers.transfer(disputed, to=a_department(DRAINAGE), by=bo, reason="No.")


def test_a_coordinator_may_decide_otherwise_later(disputed, dee):
    handovers.transfer(disputed, to=a_department(DRAINAGE), by=dee, reason="The drain comes first.")

    event = handovers.transfer(disputed, to=a_department("pcc"), by=dee, reason="New facts.")

    assert (event.kind, disputed.handover) == (EventKind.DECIDED, Handover.DECIDED)


def test_a_department_that_starts_work_ends_the_dispute(disputed, bo):
    lifecycle.start(disputed, by=bo)

    assert disputed.handover is Handover.SETTLED


def test_what_came_from_a_department_that_is_gone_is_decided_at_once(handed, chi):
    a_department(LIGHTING).is_active = False

    handovers.give_back(handed, by=chi, reason="It is a lamp.")

    assert handed.handover is Handover.DISPUTED
    db.session.rollback()


def test_the_history_names_every_hop(disputed):
    assert kinds(disputed) == [
        EventKind.RECEIVED,
        EventKind.TRANSFERRED,
        EventKind.RETURNED,
        EventKind.TRANSFERRED,
        EventKind.RETURNED,
    ]
    assert [event.department.code for event in history.of(disputed)] == [
        LIGHTING,
        DRAINAGE,
        LIGHTING,
        DRAINAGE,
        LIGHTING,
    ]


def test_who_sent_it_reads_it_until_it_is_accepted(bo, chi):
    secret = a_complaint(category="staff-conduct")
    inspector = an_official("Eve", department="thanh-tra")
    handovers.transfer(secret, to=a_department(DRAINAGE), by=inspector, reason="Theirs.")
    db.session.commit()

    assert visibility.for_official(inspector).one(secret.reference) is secret
    with pytest.raises(NotFound):
        visibility.for_action(inspector).one(secret.reference)
    with pytest.raises(NotFound):
        visibility.for_official(bo).one(secret.reference)

    handovers.accept(secret, by=chi)
    db.session.commit()
    with pytest.raises(NotFound):
        visibility.for_official(inspector).one(secret.reference)


def test_what_nobody_accepts_is_seen_at_both_desks_and_no_other(handed, bo, chi, dee):
    eve = an_official("Eve", department="thanh-tra")

    shown = {
        who.name: [row.id for row in queue(who, View.TRANSFERS, day=Day(MONDAY, MONDAY)).rows]
        for who in (bo, chi, dee, eve)
    }

    assert shown == {"Bo": [handed.id], "Chi": [handed.id], "Dee": [handed.id], "Eve": []}


def test_a_closure_moves_the_clock_of_a_handover_too(handed, monkeypatch):
    found = queries.in_force()
    calendar = found.profile.calendar
    closed = replace(calendar, closures=(*calendar.closures, Closure(MONDAY.date(), {})))
    changed = replace(found, profile=replace(found.profile, calendar=closed))
    monkeypatch.setattr(recounting, "in_force", lambda: changed)

    recounting.recount_batch(after=0, why={})
    db.session.commit()
    db.session.expire_all()

    assert handed.accept_by == datetime(2030, 1, 8, 11, tzinfo=HANOI)


def test_when_two_answer_at_the_same_moment_one_wins(handed, chi, city):
    number, version, who = handed.id, handed.version, chi.id
    barrier, ended = Barrier(2), []

    def answer(verb):
        with city.app_context(), clock.standing_at(MONDAY):
            barrier.wait()
            complaint = db.session.get_one(Complaint, number, with_for_update=True)
            person = db.session.get_one(type(chi), who)
            try:
                lifecycle.expect_version(complaint, version)
                verb(complaint, person)
                db.session.commit()
                ended.append("done")
            except lifecycle.Stale:
                db.session.rollback()
                ended.append("stale")

    verbs = [
        lambda complaint, person: handovers.accept(complaint, by=person),
        lambda complaint, person: handovers.give_back(complaint, by=person, reason="A lamp."),
    ]
    db.session.commit()
    threads = [Thread(target=answer, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()

    assert sorted(ended) == ["done", "stale"]
    assert len(kinds(handed)) == version + 1
