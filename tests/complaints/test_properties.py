"""Whatever officials, citizens and time do in whatever order: the history is truthful and the deadlines follow from it."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cps.city.queries import in_force
from cps.complaints import (
    categorising,
    deadlines,
    extending,
    filing,
    handovers,
    history,
    lifecycle,
    pausing,
    priorities,
    reopening,
    reviews,
    standing,
    waits,
)
from cps.complaints.kinds import EventKind
from cps.complaints.status import Handover, Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.people.models import Role
from tests.makers import DRAINAGE, LIGHTING, MONDAY, a_department, a_report, an_official

TAKES_ON = {
    EventKind.ASSIGNED,
    EventKind.STARTED,
    EventKind.ASKED,
    EventKind.ACCEPTED,
    EventKind.RESOLVED,
    EventKind.DECLINED,
}
HOPS = {EventKind.TRANSFERRED, EventKind.RETURNED, EventKind.DECIDED}


def _time_passes(complaint, _by, _dee):
    if waits.is_over(complaint):
        if complaint.paused_since is None:
            lifecycle.resume(complaint)
        else:
            pausing.go_on(complaint, by=None)


VERBS = {
    "assign": lambda c, by, _dee: lifecycle.assign(c, to=by, by=by),
    "start": lambda c, by, _dee: lifecycle.start(c, by=by),
    "ask": lambda c, by, _dee: lifecycle.ask(c, by=by, question="Which?"),
    "answer": lambda c, _by, _dee: lifecycle.answer(c, words="This."),
    "note": lambda c, by, _dee: lifecycle.note(c, by=by, words="Hm."),
    "extend": lambda c, by, _dee: extending.extend(c, by=by, count=1, reason="Rain.", has_consent=True),
    "send": lambda c, by, _dee: handovers.transfer(c, to=_other(c), by=by, reason="Theirs."),
    "accept": lambda c, by, _dee: handovers.accept(c, by=by),
    "return": lambda c, by, _dee: handovers.give_back(c, by=by, reason="Not ours."),
    "decide": lambda c, _by, dee: handovers.transfer(c, to=c.department, by=dee, reason="Yours."),
    "send from above": lambda c, _by, dee: handovers.transfer(c, to=_other(c), by=dee, reason="Theirs."),
    "inspect": lambda c, by, _dee: pausing.pause(c, by=by, cause="inspection", reason="We look."),
    "fail": lambda c, _by, dee: pausing.pause(c, by=dee, cause="system", reason="No power."),
    "go on": lambda c, _by, dee: pausing.go_on(c, by=dee),
    "time": _time_passes,
    "urgent": lambda c, by, _dee: priorities.prioritise(c, to="urgent", by=by, reason="Danger."),
    "calm": lambda c, by, _dee: priorities.prioritise(c, to=None, by=by, reason="No danger."),
    "pothole": lambda c, by, _dee: categorising.categorise(c, to="pothole", by=by),
    "lamp": lambda c, by, _dee: categorising.categorise(c, to="street-light", by=by),
    "resolve": lambda c, by, _dee: lifecycle.resolve(c, by=by, result="Done."),
    "reopen": lambda c, _by, _dee: reopening.reopen(c, words="No."),
    "withdraw": lambda c, _by, _dee: lifecycle.withdraw(c),
}


def _other(complaint):
    return a_department(DRAINAGE if complaint.department.code == LIGHTING else LIGHTING)


@pytest.fixture
def people(city):
    officials = {
        code: an_official(name, department=code).id for code, name in ((LIGHTING, "Bo"), (DRAINAGE, "Chi"))
    }
    return officials, an_official("Dee", department="pcc", role=Role.COORDINATOR).id


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    begun=st.booleans(),  # or few sequences would come to what can only be done with begun work
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 60 * 30)), min_size=1, max_size=16
    ),
)
@example(begun=False, steps=[(name, 0) for name in ("resolve", "reopen") * 2])
def test_any_sequence_of_verbs_leaves_a_truthful_history_and_deadlines_that_follow_from_it(
    people, begun, steps
):
    officials, coordinator = people
    moment = MONDAY
    try:
        complaint = filing.file(a_report()).complaint
        for name, minutes in [("start", 5)] * begun + steps:
            moment += timedelta(minutes=minutes)
            by = db.session.get_one(lifecycle.Person, officials[complaint.department.code])
            dee = db.session.get_one(lifecycle.Person, coordinator)
            with clock.standing_at(moment):
                _try(VERBS[name], complaint, by, dee)
                _check(complaint, moment)
    finally:
        db.session.rollback()


def _try(verb, complaint, by, dee):
    nested = db.session.begin_nested()
    try:
        verb(complaint, by, dee)
        db.session.flush()
    except (Invalid, Refused):
        nested.rollback()
        db.session.refresh(complaint)
    else:
        nested.commit()


def _check(complaint, moment):
    events = history.of(complaint)
    assert [event.position for event in events] == list(range(1, complaint.version + 1))
    assert (events[-1].status, events[-1].department_id) == (complaint.status, complaint.department_id)
    assert sorted(event.at for event in events) == [event.at for event in events]
    _check_deadlines(complaint, events, moment)
    assert complaint.acknowledged_at == next((e.at for e in events if e.kind in TAKES_ON), None)
    assert complaint.hops == sum(1 for e in events if e.kind in HOPS and "from" in e.details)
    assert (complaint.accept_by is None) or complaint.status.is_open
    assert complaint.bounces <= in_force().profile.clocks.bounces
    if complaint.handover is Handover.DISPUTED:
        assert events[-1].department_id == complaint.department_id
        # Departments sent it back as often as they may, or its citizen reopened it for the second time.
        assert complaint.bounces == in_force().profile.clocks.bounces or reviews.is_last_dispute(events)
    assert (complaint.waiting_since is not None) == (complaint.status is Status.WAITING)
    _check_standing(complaint, events)
    assert standing.at_version(complaint, events, len(events)) == standing.now(complaint)


def _check_deadlines(complaint, events, moment):
    at = complaint.standing_since or moment
    owed = deadlines.owed(complaint, events, now=at, calendar=in_force().profile.calendar)
    assert (complaint.due_at, complaint.accept_by) == (owed.due_at, owed.accept_by)
    if complaint.acknowledged_at is None:
        assert complaint.acknowledge_by == owed.acknowledge_by


def _check_standing(complaint, events):
    """The clock stands exactly where the history ends in a pause that nothing has ended."""
    pauses = deadlines.pauses(events, now=clock.now() + timedelta(days=1))
    stands = bool(pauses) and pauses[-1].ended_at > clock.now()
    assert stands == (complaint.standing_since is not None)
    for earlier, later in itertools.pairwise(pauses):
        assert earlier.ended_at <= later.begun_at
