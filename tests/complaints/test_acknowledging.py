"""Somebody takes a report on: by when, who counts, and what does not."""

from dataclasses import replace
from datetime import datetime

import pytest

from cps.city import queries
from cps.city.calendar import Closure, HalfDay
from cps.city.promise import Promise
from cps.complaints import handovers, history, lifecycle, recounting
from cps.complaints.kinds import EventKind
from cps.kernel import clock
from cps.kernel.db import db
from tests.makers import DRAINAGE, HANOI, a_complaint, a_department, an_official, later

TAKES_ON = {
    "assign": lambda complaint, bo: lifecycle.assign(complaint, to=bo, by=bo),
    "start": lambda complaint, bo: lifecycle.start(complaint, by=bo),
    "ask": lambda complaint, bo: lifecycle.ask(complaint, by=bo, question="Which lamp?"),
    "resolve": lambda complaint, bo: lifecycle.resolve(complaint, by=bo, result="Done."),
    "decline": lambda complaint, bo: lifecycle.decline(complaint, by=bo, reason="No.", remedy="Yes."),
}
DOES_NOT = {
    "note": lambda complaint, bo: lifecycle.note(complaint, by=bo, words="Hm."),
    "transfer": lambda complaint, bo: handovers.transfer(
        complaint, to=a_department(DRAINAGE), by=bo, reason="A drain."
    ),
    "withdraw": lambda complaint, _bo: lifecycle.withdraw(complaint),
}


def at(*parts):
    return datetime(2030, 1, *parts, tzinfo=HANOI)


def test_eight_working_hours_run_from_receipt(city):
    complaint = a_complaint()

    assert complaint.acknowledge == "8 working hours"
    assert complaint.acknowledge_by == at(8, 9)  # three hours and four on Monday, one on Tuesday
    assert complaint.acknowledged_at is None


def test_a_category_may_have_a_clock_of_its_own(city, monkeypatch):
    found = queries.in_force()
    own = replace(found.category("wires"), acknowledge=Promise(1, "working_hours"))
    monkeypatch.setitem(found._categories, "wires", own)

    assert a_complaint(category="wires").acknowledge_by == at(7, 10)


@pytest.mark.parametrize("verb", TAKES_ON)
def test_the_first_act_of_an_official_takes_it_on_and_no_later_one(city, verb):
    bo, complaint = an_official(), a_complaint()

    with clock.standing_at(later(hours=2)):
        TAKES_ON[verb](complaint, bo)
    with clock.standing_at(later(hours=3)):
        if complaint.status.is_open:
            lifecycle.resolve(complaint, by=bo, result="Done.")

    assert complaint.acknowledged_at == later(hours=2)


@pytest.mark.parametrize("verb", DOES_NOT)
def test_what_nobody_works_on_is_not_taken_on(city, verb):
    complaint = a_complaint()

    DOES_NOT[verb](complaint, an_official())

    assert (complaint.acknowledged_at, complaint.acknowledge_by) == (None, at(8, 9))


def test_a_closure_moves_what_is_still_to_be_taken_on_and_writes_nothing_for_it(city, monkeypatch):
    bo, new, taken = an_official(), a_complaint(category="construction"), a_complaint()
    lifecycle.assign(taken, to=bo, by=bo)
    db.session.commit()
    found = queries.in_force()
    calendar = found.profile.calendar
    closed = replace(calendar, closures=(*calendar.closures, Closure(at(8).date(), {})))
    changed = replace(found, profile=replace(found.profile, calendar=closed))
    monkeypatch.setattr(recounting, "in_force", lambda: changed)
    due_before, version = new.due_at, new.version

    recounting.recount_batch(after=0, why={})
    db.session.commit()
    db.session.expire_all()

    assert (new.acknowledge_by, taken.acknowledge_by) == (at(9, 9), at(8, 9))
    assert new.due_at > due_before
    assert new.version == version + 1 == len(history.of(new))


def test_a_clock_that_moves_alone_leaves_the_history_as_it_is(city, monkeypatch):
    complaint = a_complaint(category="wires")  # due on Tuesday
    found = queries.in_force()
    first = found.profile.calendar
    shifted = replace(first, half_days=(*first.half_days, *_short(first, at(7).date())))
    changed = replace(found, profile=replace(found.profile, calendar=shifted))
    monkeypatch.setattr(recounting, "in_force", lambda: changed)

    recounting.recount_batch(after=0, why={})
    db.session.commit()
    db.session.expire_all()

    assert complaint.due_at == at(8, 17)
    assert complaint.acknowledge_by == at(8, 14)
    assert [event.kind for event in history.of(complaint)] == [EventKind.RECEIVED]
    assert complaint.version == 1


def _short(calendar, day):
    return (HalfDay(day, calendar.hours_of(day)[:1]),)
