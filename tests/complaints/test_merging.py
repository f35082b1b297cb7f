"""Merging by officials: both go on as one, and what is taken out again stands exactly as it stood."""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cps.complaints import extending, handovers, history, joining, lifecycle, merging, pausing, subtasks
from cps.complaints.attached import Joining, Subtask
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.complaints.reply_dates import ReplyDate
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.notify import tasks
from cps.notify.models import Message
from cps.people.models import Person
from tests.makers import DRAINAGE, MONDAY, a_complaint, a_department, a_key, a_subtask, an_official, later

SEQUENCES = int(os.environ.get("CPS_SEQUENCES", "40"))
_BESIDE = {"version", "sought"}  # the version counts what happened, and that goes on


def _row(complaint: Complaint) -> dict[str, object]:
    db.session.flush()
    db.session.refresh(complaint)
    return {
        column.key: getattr(complaint, column.key)
        for column in Complaint.__table__.columns
        if column.key not in _BESIDE
    }


def _hanging(complaint: Complaint) -> list[tuple[object, ...]]:
    """What hangs on a complaint: who follows it, by their keys, and what other departments still owe."""
    followers = select(Joining.key, Joining.home_id, Joining.identity).where(
        Joining.complaint_id == complaint.id
    )
    owed = select(Subtask.id, Subtask.reply_by, Subtask.withdrawn_at).where(
        Subtask.complaint_id == complaint.id
    )
    return sorted(
        (tuple(row) for row in [*db.session.execute(followers), *db.session.execute(owed)]), key=str
    )


def _kinds(complaint: Complaint) -> list[EventKind]:
    return [event.kind for event in history.of(complaint)]


def _letters(complaint: Complaint, kind: EventKind) -> list[Message]:
    event = next(one for one in reversed(history.of(complaint)) if one.kind is kind)
    tasks.write([event.id])
    return list(db.session.scalars(select(Message).where(Message.event_id == event.id)))


def test_an_official_merges_two_reports_and_both_histories_say_who(city):
    bo, lead, own = an_official(), a_complaint(), a_complaint(contact=None)

    merging.merge(own, into=lead, by=bo)

    assert (own.status, own.lead_id, own.closed_at) == (Status.MERGED, lead.id, MONDAY)
    assert lead.joined == 1
    merged, absorbed = history.of(own)[-1], history.of(lead)[1]
    assert (merged.kind, merged.by_id) == (EventKind.MERGED, bo.id)
    assert (absorbed.kind, absorbed.by_id, absorbed.is_internal) == (EventKind.ABSORBED, bo.id, True)


def test_its_reporter_is_told_by_the_office_and_reads_no_contact_of_the_other(city):
    lead = a_complaint(contact=Contact(email="lead@citizen.example"), language="en")
    own = a_complaint(contact=Contact(email="own@citizen.example"), language="en")

    merging.merge(own, into=lead, by=an_official())
    (letter,) = _letters(own, EventKind.MERGED)

    assert letter.address == "own@citizen.example"
    assert letter.subject == f"Report {own.reference} was joined to report {lead.reference}"
    assert "lead@citizen.example" not in letter.body


def test_the_earliest_of_both_deadlines_holds_and_the_own_one_returns(city):
    with clock.standing_at(MONDAY - timedelta(days=3)):
        early = a_complaint()
    late, bo = a_complaint(), an_official()
    own_due, earlier = late.due_at, early.due_at
    assert earlier < own_due

    merging.merge(early, into=late, by=bo)
    held = late.due_at
    merging.part(early, by=bo)

    assert held == earlier
    assert late.due_at == own_due


def test_a_pause_of_the_lead_is_left_out_of_the_count_for_all(city):
    bo = an_official()
    with clock.standing_at(MONDAY - timedelta(days=3)):
        early = a_complaint()
    lead = a_complaint(Status.IN_PROGRESS, by=bo)
    merging.merge(early, into=lead, by=bo)
    before = lead.due_at

    pausing.pause(lead, by=bo, cause="inspection", reason="We look.")
    with clock.standing_at(later(days=1, hours=1)):
        pausing.go_on(lead, by=bo)

    assert lead.due_at > before


def test_an_extension_of_the_lead_lengthens_what_is_owed_for_all(city):
    bo = an_official()
    with clock.standing_at(MONDAY - timedelta(days=3)):
        early = a_complaint()
    lead = a_complaint(Status.IN_PROGRESS, by=bo)
    merging.merge(early, into=lead, by=bo)
    before = lead.due_at

    extending.extend(lead, by=bo, count=1, reason="Rain.", has_consent=False)

    assert lead.due_at > before


def test_who_followed_a_report_follows_its_lead_and_comes_back_with_it(city):
    bo, middle, lead = an_official(), a_complaint(), a_complaint(contact=Contact(email="l@citizen.example"))
    follower = joining.join(middle, key=a_key(), contact=Contact(email="binh@citizen.example"), language="en")
    below = a_complaint(contact=Contact(email="below@citizen.example"))
    merging.merge(below, into=middle, by=bo)

    merging.merge(middle, into=lead, by=bo)
    followed = {one.own_id for one in db.session.scalars(select(Joining).where(Joining.complaint == lead))}
    lead_of_all, people = below.lead_id, lead.joined
    merging.part(middle, by=bo)

    assert followed == {middle.id, below.id, None}
    assert (lead_of_all, people) == (lead.id, 3)
    assert (follower.complaint_id, below.lead_id) == (middle.id, middle.id)
    assert (lead.joined, middle.joined) == (0, 2)


def test_what_other_departments_were_asked_is_asked_again(city):
    bo, lead = an_official(), a_complaint()
    own = a_complaint(Status.IN_PROGRESS, by=bo)
    subtask = a_subtask(own, to=DRAINAGE, by=bo)

    merging.merge(own, into=lead, by=bo)
    withdrawn = subtask.is_open
    merging.part(own, by=bo)

    assert withdrawn is False
    assert subtask.is_open
    assert EventKind.CONTRIBUTION_ASKED in _kinds(own)[-1:]


def test_a_question_to_the_citizen_stands_open_again_as_if_it_had_never_been_merged(city):
    bo, lead = an_official(), a_complaint()
    own, twin = a_complaint(Status.WAITING, by=bo), a_complaint(Status.WAITING, by=bo)

    with clock.standing_at(later(hours=1)):
        merging.merge(own, into=lead, by=bo)
    with clock.standing_at(later(days=1)):
        merging.part(own, by=bo)
    with clock.standing_at(later(days=2)):
        for one in (own, twin):
            lifecycle.answer(one, words="The third one.")

    assert own.due_at == twin.due_at
    assert own.due_at > lead.due_at


def test_whose_official_left_meanwhile_goes_on_with_nobody(city):
    bo, dee, lead = an_official(), an_official("Eve"), a_complaint()
    own = a_complaint(Status.ASSIGNED, by=bo)
    merging.merge(own, into=lead, by=dee)
    bo.is_active = False
    db.session.flush()

    merging.part(own, by=dee)

    assert (own.status, own.assignee_id) == (Status.RECEIVED, None)


def test_its_reporter_may_take_it_out_and_is_told_of_the_date_when_an_official_does(city):
    lead, own, bo = a_complaint(), a_complaint(language="en"), an_official()
    merging.merge(own, into=lead, by=bo)

    merging.part(own, by=bo)
    (letter,) = _letters(own, EventKind.PARTED)

    assert letter.subject == f"Report {own.reference} goes on by itself"


def test_an_official_takes_it_out_even_when_all_is_over_and_a_citizen_does_not(city):
    bo, lead, own = an_official(), a_complaint(), a_complaint()
    merging.merge(own, into=lead, by=bo)
    lifecycle.resolve(lead, by=bo, result="Done.")

    with clock.standing_at(later(days=100)):
        with pytest.raises(Refused):
            merging.part(own)
        merging.part(own, by=bo)

    assert own.status is Status.RECEIVED


def test_nothing_is_merged_into_itself_in_a_ring_or_across_privacy(city):
    bo, one, other = an_official(), a_complaint(), a_complaint()
    private = a_complaint(category="staff-conduct")
    merging.merge(one, into=other, by=bo)
    db.session.commit()

    for own, lead, error in (
        (other, one, Refused),
        (other, other, Refused),
        (one, other, Refused),
        (private, other, Refused),
        (other, private, Refused),
        (other, a_complaint(Status.RESOLVED), Refused),
        (a_complaint(Status.RESOLVED), other, Refused),
    ):
        with pytest.raises(error):
            merging.merge(own, into=lead, by=bo)

    assert other.status is Status.RECEIVED
    assert private.status is Status.RECEIVED


ACTS = {
    "assign": lambda c, bo: lifecycle.assign(c, to=bo, by=bo),
    "start": lambda c, bo: lifecycle.start(c, by=bo),
    "ask": lambda c, bo: lifecycle.ask(c, by=bo, question="Which?"),
    "pause": lambda c, bo: pausing.pause(c, by=bo, cause="inspection", reason="We look."),
    "extend": lambda c, bo: extending.extend(c, by=bo, count=1, reason="Rain.", has_consent=True),
    "transfer": lambda c, bo: handovers.transfer(c, to=a_department(DRAINAGE), by=bo, reason="Theirs."),
    "question": lambda c, bo: subtasks.ask(
        c,
        to=a_department("pcc"),
        by=bo,
        question="Yours?",
        reply_by=ReplyDate(clock.now() + timedelta(hours=2), None),
    ),
    "join": lambda c, _bo: joining.join(
        c, key=a_key(), contact=Contact(email=f"{a_key().hex}@citizen.example"), language="vi"
    ),
}


def _does(act, complaint: Complaint, bo: Person) -> None:
    nested = db.session.begin_nested()
    try:
        act(complaint, bo)
        db.session.flush()
    except (Invalid, Refused):
        nested.rollback()
        db.session.refresh(complaint)
    else:
        nested.commit()


@settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2), st.integers(1, 600)), max_size=6
    ),
    mergings=st.permutations([0, 1, 2]),
    chained=st.booleans(),
)
def test_taking_out_in_reverse_what_was_merged_restores_every_report_exactly(city, acts, mergings, chained):
    bo, moment = an_official(), MONDAY
    reports = [a_complaint(contact=Contact(email=f"{number}@citizen.example")) for number in range(3)]
    for name, place, minutes in acts:
        moment += timedelta(minutes=minutes)
        with clock.standing_at(moment):
            _does(ACTS[name], reports[place], bo)
    before = [(_row(one), _hanging(one)) for one in reports]
    first, second, third = (reports[place] for place in mergings)
    steps = [(first, second), (second if chained else third, third if chained else second)]

    with clock.standing_at(moment + timedelta(minutes=5)):
        done = [(own, lead) for own, lead in steps if _merged(own, lead, bo)]
    with clock.standing_at(moment + timedelta(minutes=9)):
        for own, _lead in reversed(done):
            merging.part(own, by=bo)

    after = [(_row(one), _hanging(one)) for one in reports]
    assert len(done) == 2
    assert after == before


def _merged(own: Complaint, lead: Complaint, bo: Person) -> bool:
    merging.merge(own, into=lead, by=bo)
    return True
