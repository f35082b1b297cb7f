"""Priorities: both clocks as if they had been the shorter ones from receipt on."""

from dataclasses import replace
from datetime import datetime

import pytest

from cps.city import queries
from cps.city.clocks import Priority
from cps.city.promise import Promise
from cps.complaints import explanation, extending, history, lifecycle, pausing, priorities, recounting
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from tests.makers import HANOI, a_complaint, later

HIGH = Priority("high", {"en": "High"}, Promise(2, "working_days"), Promise(4, "working_hours"))
SLOW = Priority("slow", {"en": "Slow"}, Promise(15, "working_days"), Promise(3, "working_days"))


def at(*parts):
    return datetime(2030, 1, *parts, tzinfo=HANOI)


@pytest.fixture
def lamp(bo):
    """Due on Thursday at five, to be taken on until Tuesday at nine."""
    return a_complaint()


@pytest.fixture
def graded(in_force, city):
    """A city with more priorities than one."""
    clocks = queries.in_force().profile.clocks
    in_force(clocks=replace(clocks, priorities=(*clocks.priorities, HIGH, SLOW)))


def give(complaint, code, by):
    return priorities.prioritise(complaint, to=code, by=by, reason="Children walk here.")


def test_what_is_urgent_is_due_four_working_hours_after_receipt_whenever_it_is_said(lamp, bo):
    with clock.standing_at(later(hours=2)):
        event = give(lamp, "urgent", bo)

    assert (lamp.priority, lamp.promise, lamp.due_at) == ("urgent", "4 working hours", at(7, 14))
    assert (lamp.acknowledge, lamp.acknowledge_by) == ("1 working hour", at(7, 10))
    assert (event.kind, event.note, event.is_internal) == (
        EventKind.PRIORITISED,
        "Children walk here.",
        False,
    )
    assert event.details["names"] == {"vi": "Khẩn", "en": "Urgent"}
    assert (event.details["old"], event.details["new"]) == (
        at(10, 17).astimezone(lamp.due_at.tzinfo).isoformat(),
        lamp.due_at.isoformat(),
    )
    assert explanation.of(lamp, history.of(lamp), language="en") == "4 working hours"


def test_taking_it_back_gives_the_time_again_that_there_was(lamp, bo):
    give(lamp, "urgent", bo)
    event = give(lamp, None, bo)

    assert (lamp.priority, lamp.promise, lamp.due_at) == (None, "3 working days", at(10, 17))
    assert (lamp.acknowledge, lamp.acknowledge_by) == ("8 working hours", at(8, 9))
    assert event.details["names"] == {}


def test_what_was_taken_on_owes_no_more_of_that(lamp, bo):
    lifecycle.assign(lamp, to=bo, by=bo)
    give(lamp, "urgent", bo)

    assert (lamp.acknowledge, lamp.acknowledge_by) == ("8 working hours", at(8, 9))


def test_a_priority_never_makes_anything_later(lamp, bo, graded):
    give(lamp, "slow", bo)

    assert (lamp.priority, lamp.promise, lamp.due_at) == ("slow", "3 working days", at(10, 17))
    assert lamp.acknowledge_by == at(8, 9)


def test_from_one_priority_to_another_both_are_counted_from_receipt(lamp, bo, graded):
    give(lamp, "urgent", bo)
    give(lamp, "high", bo)

    assert (lamp.promise, lamp.due_at, lamp.acknowledge_by) == ("2 working days", at(9, 17), at(7, 14))
    give(lamp, None, bo)
    assert lamp.due_at == at(10, 17)


def test_an_extension_lengthens_the_promise_it_was_given_for(lamp, bo):
    extending.extend(lamp, by=bo, count=2, reason="A part is ordered.")
    give(lamp, "urgent", bo)
    urgent = lamp.due_at
    give(lamp, None, bo)

    assert (urgent, lamp.due_at) == (at(7, 14), at(14, 17))
    assert "extended by 2 working days" in explanation.of(lamp, history.of(lamp), language="en")


def test_an_extension_stays_one_of_those_the_city_allows(lamp, bo):
    extending.extend(lamp, by=bo, count=1, reason="Rain.")
    give(lamp, "urgent", bo)

    with pytest.raises(lifecycle.Refused, match="cannot be extended again"):
        extending.extend(lamp, by=bo, count=1, reason="More rain.")


def test_what_is_paused_keeps_its_pause_under_a_priority(bo):
    lamp = a_complaint(Status.IN_PROGRESS, by=bo)
    pausing.pause(lamp, by=bo, cause="inspection", reason="We look.")
    with clock.standing_at(later(hours=2)):
        give(lamp, "urgent", bo)
        assert lamp.due_at == at(7, 14)
        pausing.go_on(lamp, by=bo)

    assert lamp.due_at == at(7, 16)


@pytest.mark.parametrize(
    ("code", "reason", "fields"),
    [
        ("purple", "Why not.", {"priority"}),
        (None, "It has none.", {"priority"}),
        ("urgent", " ", {"reason"}),
        ("purple", "", {"priority", "reason"}),
    ],
)
def test_what_is_wrong_is_said_by_field(lamp, bo, code, reason, fields):
    with pytest.raises(Invalid) as refusal:
        priorities.prioritise(lamp, to=code, by=bo, reason=reason)

    assert set(refusal.value.faults) == fields
    assert lamp.due_at == at(10, 17)


def test_what_is_closed_has_no_priority_any_more(bo):
    complaint = a_complaint(Status.RESOLVED, by=bo)

    with pytest.raises(lifecycle.ImpossibleMove):
        give(complaint, "urgent", bo)


def test_counted_again_it_comes_out_the_same(lamp, bo):
    give(lamp, "urgent", bo)
    db.session.commit()

    recounting.recount_batch(after=0, why={})
    db.session.commit()
    db.session.expire_all()

    assert (lamp.due_at, lamp.acknowledge_by) == (at(7, 14), at(7, 10))
    assert history.of(lamp)[-1].kind is EventKind.PRIORITISED
