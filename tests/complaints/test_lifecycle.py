"""The verbs: each moves the complaint along the map, or says why not, and leaves one event."""

from datetime import datetime, timedelta

import pytest

from cps.complaints import handovers, history, lifecycle, merging, reopening, visibility
from cps.complaints.kinds import EventKind
from cps.complaints.status import OPEN, Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.people.models import Role
from tests.makers import DRAINAGE, HANOI, MONDAY, a_complaint, a_department, an_official, later

REACHABLE = [status for status in Status if status is not Status.MERGED]


def test_the_map_has_no_road_out_of_what_is_withdrawn_and_what_is_merged_may_stand_as_before():
    assert not [status for status in Status if Status.WITHDRAWN.allows(status)]
    assert {status for status in Status if Status.MERGED.allows(status)} == OPEN


def test_from_everything_open_a_complaint_can_be_closed():
    for status in OPEN:
        assert status.allows(Status.RESOLVED)
        assert status.allows(Status.DECLINED)
        assert status.allows(Status.WITHDRAWN)


@pytest.mark.parametrize("status", [s for s in REACHABLE if not s.allows(Status.RESOLVED)])
def test_resolving_is_refused_where_the_map_has_no_road(city, status):
    bo = an_official()
    complaint = a_complaint(status, by=bo)
    before = complaint.version

    with pytest.raises(lifecycle.ImpossibleMove):
        lifecycle.resolve(complaint, by=bo, result="done")

    assert complaint.status is status
    assert complaint.version == before


def test_a_colleague_takes_over_what_waits_for_its_citizen_and_the_question_stands(city):
    bo, eve = an_official(), an_official("Eve")
    complaint, twin = a_complaint(Status.WAITING, by=bo), a_complaint(Status.WAITING, by=bo)
    since = complaint.waiting_since

    lifecycle.assign(complaint, to=eve, by=bo)
    with pytest.raises(lifecycle.ImpossibleMove):
        lifecycle.ask(complaint, by=eve, question="Which lamp?")
    db.session.commit()

    assert (complaint.status, complaint.assignee_id) == (Status.WAITING, eve.id)
    assert (complaint.waiting_since, complaint.due_at) == (since, complaint.due_at)
    with clock.standing_at(later(days=1)):
        for one in (complaint, twin):
            lifecycle.answer(one, words="The left one.")
        db.session.commit()
    assert complaint.due_at == twin.due_at > later(days=3, hours=8)


@pytest.mark.parametrize(
    "verb",
    [
        lambda own, by: lifecycle.assign(own, to=by, by=by),
        lambda own, by: lifecycle.start(own, by=by),
        lambda own, by: lifecycle.ask(own, by=by, question="Which lamp?"),
    ],
)
def test_nothing_but_parting_leads_out_of_a_merger(city, verb):
    bo, complaint, lead = an_official(), a_complaint(), a_complaint()
    merging.merge(complaint, into=lead, by=bo)
    db.session.commit()

    with pytest.raises(lifecycle.ImpossibleMove), db.session.no_autoflush:
        verb(complaint, bo)

    db.session.rollback()
    assert complaint.status is Status.MERGED


def test_a_routine_report_runs_from_receipt_to_result(city):
    bo = an_official()
    complaint = a_complaint()

    lifecycle.assign(complaint, to=bo, by=bo)
    lifecycle.start(complaint, by=bo)
    lifecycle.resolve(complaint, by=bo, result="We changed the lamp.")
    db.session.commit()

    assert complaint.status is Status.RESOLVED
    assert complaint.closed_at == MONDAY
    assert [event.kind for event in history.of(complaint)] == [
        EventKind.RECEIVED,
        EventKind.ASSIGNED,
        EventKind.STARTED,
        EventKind.RESOLVED,
    ]
    assert [event.position for event in history.of(complaint)] == [1, 2, 3, 4]


def test_a_transfer_needs_a_reason_and_another_department(city):
    bo, complaint = an_official(), a_complaint()

    with pytest.raises(Invalid):
        handovers.transfer(complaint, to=a_department(DRAINAGE), by=bo, reason=" ")
    with pytest.raises(Refused):
        handovers.transfer(complaint, to=complaint.department, by=bo, reason="ours")


def test_a_transferred_report_begins_anew_without_a_handler_and_keeps_its_date(city):
    bo = an_official()
    complaint = a_complaint(Status.IN_PROGRESS, by=bo)
    due = complaint.due_at

    event = handovers.transfer(complaint, to=a_department(DRAINAGE), by=bo, reason="It is a drain.")
    db.session.commit()

    assert (complaint.department.code, complaint.status) == (DRAINAGE, Status.RECEIVED)
    assert complaint.assignee is None
    assert complaint.due_at == due
    assert event.details == {"from": a_department().id, "clock": "3 working hours"}


def test_only_colleagues_of_the_department_can_be_named(city):
    bo, chi, complaint = an_official(), an_official("Chi", department=DRAINAGE), a_complaint()

    with pytest.raises(Refused):
        lifecycle.assign(complaint, to=chi, by=bo)


def test_taking_over_begun_work_leaves_it_begun(city):
    bo, ben = an_official(), an_official("Ben")
    complaint = a_complaint(Status.IN_PROGRESS, by=bo)

    lifecycle.assign(complaint, to=ben, by=ben)

    assert (complaint.status, complaint.assignee) == (Status.IN_PROGRESS, ben)


def test_whoever_starts_handles_it(city):
    bo, complaint = an_official(), a_complaint()

    lifecycle.start(complaint, by=bo)

    assert complaint.assignee is bo


def test_declining_needs_both_a_reason_and_a_remedy(city):
    bo, complaint = an_official(), a_complaint()

    with pytest.raises(Invalid) as refusal:
        lifecycle.decline(complaint, by=bo, reason="", remedy="")

    assert set(refusal.value.faults) == {"reason", "remedy"}
    assert complaint.status is Status.RECEIVED


def test_a_result_in_words_is_needed_to_resolve(city):
    bo, complaint = an_official(), a_complaint()

    with pytest.raises(Invalid) as refusal:
        lifecycle.resolve(complaint, by=bo, result="  ")

    assert set(refusal.value.faults) == {"result"}


def test_the_days_of_waiting_for_the_citizen_are_not_counted(city):
    bo, complaint = an_official(), a_complaint(category="wires")  # one working day: due on Tuesday
    lifecycle.ask(complaint, by=bo, question="Which pole?")

    with clock.standing_at(later(days=2)):  # Wednesday: no day of the count lies before Thursday
        lifecycle.answer(complaint, words="The one at the gate.")

    assert complaint.status is Status.IN_PROGRESS
    assert complaint.due_at.astimezone(HANOI) == datetime(2030, 1, 10, 17, 0, tzinfo=HANOI)


def test_a_wait_that_begins_when_it_is_late_already_changes_nothing(city):
    bo, complaint = an_official(), a_complaint(category="wires")
    due = complaint.due_at
    with clock.standing_at(later(days=3)):
        lifecycle.ask(complaint, by=bo, question="Which pole?")

    with clock.standing_at(later(days=4)):
        lifecycle.answer(complaint, words="The one at the gate.")

    assert complaint.due_at == due


def test_only_a_question_can_be_answered(city):
    with pytest.raises(lifecycle.ImpossibleMove):
        lifecycle.answer(a_complaint(), words="hello")


def test_a_closed_report_can_be_reopened_for_thirty_days(city):
    complaint = a_complaint(Status.RESOLVED)

    with clock.standing_at(MONDAY + timedelta(days=30)):
        reopening.reopen(complaint, words="It is dark again.")

    assert complaint.status is Status.RECEIVED
    assert complaint.closed_at is None


def test_after_thirty_days_a_new_report_is_needed(city):
    complaint = a_complaint(Status.RESOLVED)

    with clock.standing_at(MONDAY + timedelta(days=30, minutes=1)), pytest.raises(Refused):
        reopening.reopen(complaint, words="It is dark again.")

    assert complaint.status is Status.RESOLVED


def test_an_internal_note_is_kept_from_citizens(city):
    bo, complaint = an_official(), a_complaint()

    lifecycle.note(complaint, by=bo, words="Ladder is broken.")
    db.session.commit()

    assert [event.kind for event in history.told_to_citizens(complaint)] == [EventKind.RECEIVED]
    assert [event.note for event in history.since(complaint, 1)] == ["Ladder is broken."]


def test_an_older_version_is_refused(city):
    bo, complaint = an_official(), a_complaint()
    seen = complaint.version
    lifecycle.start(complaint, by=bo)

    with pytest.raises(lifecycle.Stale):
        lifecycle.expect_version(complaint, seen)


@pytest.mark.parametrize(
    ("role", "department", "category", "may_read", "may_act"),
    [
        (Role.OFFICER, "hapulico", "street-light", True, True),
        (Role.OFFICER, DRAINAGE, "street-light", True, False),
        (Role.HEAD, DRAINAGE, "street-light", True, False),
        (Role.COORDINATOR, "pcc", "street-light", True, True),
        (Role.OFFICER, "thanh-tra", "staff-conduct", True, True),
        (Role.OFFICER, DRAINAGE, "staff-conduct", False, False),
        (Role.HEAD, DRAINAGE, "staff-conduct", False, False),
        (Role.COORDINATOR, "pcc", "staff-conduct", True, True),
    ],
)
def test_who_may_read_and_who_may_act(city, role, department, category, may_read, may_act):
    person = an_official(role=role, department=department)
    complaint = a_complaint(category=category)

    assert _opens(visibility.for_official(person), complaint.reference) is may_read
    assert _opens(visibility.for_action(person), complaint.reference) is may_act


def test_the_public_sees_what_is_public_and_no_more(city):
    assert _opens(visibility.for_public(), a_complaint().reference)
    assert not _opens(visibility.for_public(), a_complaint(category="staff-conduct").reference)
    assert not _opens(visibility.for_public(), "0000-0000")
    assert not _opens(visibility.for_public(), "not a number")


def _opens(visible: visibility.Visible, reference: str) -> bool:
    try:
        return visible.one(reference).reference == reference
    except NotFound:
        return False
