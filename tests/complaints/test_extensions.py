"""More time: once, for a reason, told to the citizen; and a deadline counted again comes out the same."""

from dataclasses import replace
from datetime import datetime

import pytest

from cps.city import queries
from cps.city.calendar import Closure
from cps.complaints import explanation, extending, history, lifecycle, recounting, waits
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.notify import letters
from tests.makers import HANOI, a_complaint, an_official, later


def due(*parts):
    return datetime(2030, 1, *parts, tzinfo=HANOI)


def test_an_extension_adds_to_the_promise_and_says_old_and_new_date(city):
    bo, complaint = an_official(), a_complaint()  # three working days: due on Thursday

    event = extending.extend(complaint, by=bo, count=2, reason="A part is ordered.")

    assert complaint.due_at == due(14, 17)
    assert (event.kind, event.note, event.is_internal) == (EventKind.EXTENDED, "A part is ordered.", False)
    assert datetime.fromisoformat(event.details["old"]) == due(10, 17)
    assert datetime.fromisoformat(event.details["new"]) == due(14, 17)


def test_the_citizen_is_told_in_a_letter(city):
    complaint = a_complaint()
    event = extending.extend(complaint, by=an_official(), count=2, reason="A part is ordered.")

    letter = letters.written("extended", event, language="en")

    assert "New date: 14 January 2030 (was 10 January 2030). Reason: A part is ordered." in letter.body


@pytest.mark.parametrize(
    ("changes", "field"), [({"count": 0}, "count"), ({"count": 4}, "count"), ({"reason": " "}, "reason")]
)
def test_what_the_rules_do_not_allow_is_refused_with_the_field(city, changes, field):
    complaint = a_complaint()

    with pytest.raises(Invalid) as refusal:
        extending.extend(complaint, by=an_official(), **{"count": 1, "reason": "Rain.", **changes})

    assert set(refusal.value.faults) == {field}
    assert complaint.due_at == due(10, 17)


def test_a_second_extension_is_refused_where_the_city_allows_one(city):
    bo, complaint = an_official(), a_complaint()
    extending.extend(complaint, by=bo, count=1, reason="Rain.")

    with pytest.raises(Refused, match="cannot be extended again"):
        extending.extend(complaint, by=bo, count=1, reason="More rain.", has_consent=True)


def test_a_second_extension_needs_consent_where_the_city_allows_two(city, in_force):
    bo, complaint = an_official(), a_complaint()
    in_force(clocks=replace(queries.in_force().profile.clocks, extensions=2))
    extending.extend(complaint, by=bo, count=1, reason="Rain.")

    with pytest.raises(Invalid) as refusal:
        extending.extend(complaint, by=bo, count=1, reason="More rain.")
    extending.extend(complaint, by=bo, count=1, reason="More rain.", has_consent=True)

    assert set(refusal.value.faults) == {"consent"}
    assert complaint.due_at == due(14, 17)


def test_what_is_late_waits_or_is_closed_cannot_be_extended(city):
    bo = an_official()
    late, waiting, closed = (
        a_complaint(),
        a_complaint(Status.WAITING, by=bo),
        a_complaint(Status.RESOLVED, by=bo),
    )

    with clock.standing_at(later(days=10)), pytest.raises(Refused, match="deadline is over"):
        extending.extend(late, by=bo, count=1, reason="Rain.")
    for complaint in (waiting, closed):
        with pytest.raises(lifecycle.ImpossibleMove):
            extending.extend(complaint, by=bo, count=1, reason="Rain.")


def test_a_deadline_says_how_it_was_counted(city):
    bo, complaint = an_official(), a_complaint()
    extending.extend(complaint, by=bo, count=1, reason="Rain.")
    lifecycle.ask(complaint, by=bo, question="Which lamp?")
    with clock.standing_at(later(days=1)):
        lifecycle.answer(complaint, words="The one at the gate.")

    assert explanation.of(complaint, history.of(complaint), language="en") == (
        "3 working days, counted from the next day; extended by 1 working day; "
        "2 weekly days off left out; paused 2 days while we waited for you"
    )
    assert complaint.due_at == due(14, 17)


def test_a_clock_that_has_stood_long_enough_runs_again(city):
    bo, complaint = an_official(), a_complaint()
    lifecycle.ask(complaint, by=bo, question="Which lamp?")

    with clock.standing_at(later(days=30)):
        event = lifecycle.resume(complaint)

    assert (event.kind, complaint.status, complaint.waiting_since) == (
        EventKind.RESUMED,
        Status.IN_PROGRESS,
        None,
    )
    assert complaint.due_at == due(24, 17)  # the wait counts ten working days, up to Monday the 21st


def test_a_closure_entered_later_moves_every_open_deadline_it_touches_once(city, in_force):
    bo, complaint, closed = an_official(), a_complaint(), a_complaint()
    waiting = a_complaint(Status.WAITING, by=bo)
    lifecycle.resolve(closed, by=bo, result="Done.")
    calendar = queries.in_force().profile.calendar
    storm = Closure(due(9).date(), {"en": "Storm", "vi": "Bão"})
    in_force(calendar=replace(calendar, closures=(*calendar.closures, storm)))
    db.session.commit()

    for _turn in range(2):
        assert recounting.recount_batch(after=0, why={"en": "Storm"}) == complaint.id
    db.session.commit()
    db.session.expire_all()

    assert recounting.recount_batch(after=complaint.id, why={}) is None
    assert complaint.due_at == due(11, 17)
    assert [event.kind for event in history.of(complaint)] == [EventKind.RECEIVED, EventKind.RECOUNTED]
    assert history.of(complaint)[-1].details["why"] == {"en": "Storm"}
    assert (waiting.due_at, closed.due_at) == (due(10, 17), due(10, 17))
    assert "1 closed day left out (Storm)" in explanation.of(complaint, history.of(complaint), language="en")
    lifecycle.start(complaint, by=bo)  # the version went on with the event


def test_all_open_reports_are_counted_in_batches(city, in_force, monkeypatch):
    complaints = [a_complaint() for _ in range(5)]
    monkeypatch.setattr(recounting, "_BATCH", 2)
    calendar = queries.in_force().profile.calendar
    in_force(calendar=replace(calendar, closures=(*calendar.closures, Closure(due(9).date(), {}))))

    after, batches = 0, 0
    while (after := recounting.recount_batch(after=after, why={})) is not None:
        batches += 1
    db.session.expire_all()

    assert batches == 3
    assert {complaint.due_at for complaint in complaints} == {due(11, 17)}


def test_a_wait_ends_by_itself_once_and_not_too_early(city):
    bo, complaint = an_official(), a_complaint()
    lifecycle.ask(complaint, by=bo, question="Which lamp?")
    db.session.commit()

    for days, kinds in ((13, 2), (15, 3), (16, 3)):
        with clock.standing_at(later(days=days)):
            waits.end_waits(0)
        assert len(history.of(complaint)) == kinds, days
    assert history.of(complaint)[-1].kind is EventKind.RESUMED
