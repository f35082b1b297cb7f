"""A reopened report is promised an answer anew: nothing of the round before counts in the new one."""

from dataclasses import replace
from datetime import datetime

import pytest

from cps.city import queries
from cps.city.calendar import Closure
from cps.city.promise import Promise
from cps.complaints import (
    deadlines,
    escalation,
    explanation,
    extending,
    history,
    lifecycle,
    pausing,
    priorities,
    recounting,
    reopening,
    rounds,
)
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.notify import letters
from tests.makers import HANOI, a_complaint


def at(*parts):
    return datetime(2030, 1, *parts, tzinfo=HANOI)


@pytest.fixture
def lamp(bo):
    """Due on Thursday 10 January at five, resolved at once."""
    return a_complaint(Status.RESOLVED, by=bo)


def reopened(complaint, moment):
    with clock.standing_at(moment):
        return reopening.reopen(complaint, words="It is dark again.")


def test_the_promise_is_counted_from_the_moment_of_reopening(lamp):
    event = reopened(lamp, at(21, 15))

    assert lamp.due_at == at(24, 17)
    assert lamp.reopened_at == at(21, 15)
    assert datetime.fromisoformat(event.details["old"]) == at(10, 17)
    assert datetime.fromisoformat(event.details["new"]) == at(24, 17)


def test_nobody_is_late_the_moment_it_is_reopened_and_the_citizen_may_ask_only_when_it_is(lamp):
    reopened(lamp, at(21, 15))

    with clock.standing_at(at(24, 17)), pytest.raises(Refused, match="not late"):
        escalation.demand(lamp)
    with clock.standing_at(at(24, 17, 1)):
        assert escalation.is_late(lamp)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "; counted anew from 21 January 2030, when you asked us to look again"),
        ("vi", "3 ngày làm việc, tính từ ngày hôm sau; tính lại từ 21/01/2030"),
        ("ko", "2030. 1. 21"),
    ],
)
def test_the_explanation_says_from_when_in_the_readers_language(lamp, language, said):
    reopened(lamp, at(21, 15))

    assert said in explanation.of(lamp, history.of(lamp), language=language)


def test_the_letter_names_the_new_date(lamp):
    event = reopened(lamp, at(21, 15))

    assert "24 January 2030" in letters.written("reopened", event, language="en").body


def test_extensions_start_anew(bo):
    complaint = a_complaint()
    extending.extend(complaint, by=bo, count=2, reason="A part is ordered.")
    lifecycle.resolve(complaint, by=bo, result="Changed.")

    reopened(complaint, at(21, 15))
    fresh = complaint.due_at
    with clock.standing_at(at(22, 9)):
        extending.extend(complaint, by=bo, count=1, reason="Another part is ordered.")

    assert (fresh, complaint.due_at) == (at(24, 17), at(25, 17))
    assert "extended by 1 working day" in explanation.of(complaint, history.of(complaint), language="en")


def test_within_a_round_an_extension_is_given_once(lamp, bo):
    reopened(lamp, at(21, 15))
    with clock.standing_at(at(22, 9)):
        extending.extend(lamp, by=bo, count=1, reason="Rain.")

        with pytest.raises(Refused, match="cannot be extended again"):
            extending.extend(lamp, by=bo, count=1, reason="More rain.", has_consent=True)


def test_pauses_of_the_round_before_are_not_in_the_count_and_later_ones_are(bo):
    complaint = a_complaint(Status.IN_PROGRESS, by=bo)
    pausing.pause(complaint, by=bo, cause="inspection", reason="The road is dug up.")
    with clock.standing_at(at(9, 9)):
        lifecycle.resolve(complaint, by=bo, result="Changed.")

    reopened(complaint, at(9, 10))  # on a day that the old pause touches
    fresh = complaint.due_at
    with clock.standing_at(at(10, 9)):
        lifecycle.start(complaint, by=bo)
        pausing.pause(complaint, by=bo, cause="inspection", reason="The road is dug up again.")
    with clock.standing_at(at(10, 15)):
        pausing.go_on(complaint, by=bo)

    assert (fresh, complaint.due_at) == (at(14, 17), at(15, 17))
    assert "paused 1 day for an inspection" in explanation.of(complaint, history.of(complaint), language="en")


def test_a_priority_holds_in_the_new_round_and_its_end_gives_the_categorys_time(bo):
    complaint = a_complaint()
    priorities.prioritise(complaint, to="urgent", by=bo, reason="Children walk here.")
    lifecycle.resolve(complaint, by=bo, result="Changed.")

    reopened(complaint, at(21, 9))
    urgent = (complaint.promise, complaint.due_at)
    with clock.standing_at(at(21, 10)):
        priorities.prioritise(complaint, to=None, by=bo, reason="The lamp is on.")

    assert urgent == ("4 working hours", at(21, 14))
    assert (Promise.parse(complaint.promise).count, complaint.due_at) == (3, at(24, 17))


def test_a_priority_of_the_new_round_lengthens_nothing(lamp, bo):
    reopened(lamp, at(21, 9))
    with clock.standing_at(at(21, 10)):
        priorities.prioritise(lamp, to="urgent", by=bo, reason="Children walk here.")

    assert lamp.due_at == at(21, 14)


def test_the_promise_is_the_one_the_city_gives_by_then(lamp, monkeypatch):
    found = queries.in_force()
    light = found.category("street-light")
    changed = replace(light, promise=Promise.parse("5 working days"))
    other = replace(found, _categories={**found._categories, light.code: changed})
    monkeypatch.setattr(queries, "in_force", lambda: other)

    event = reopened(lamp, at(21, 15))

    assert (lamp.promise, lamp.due_at) == (str(changed.promise), at(28, 17))
    assert event.details["promise"]["new"] == str(changed.promise)


def test_a_category_that_is_no_more_keeps_what_was_promised_before_any_priority(bo):
    complaint = a_complaint()
    priorities.prioritise(complaint, to="urgent", by=bo, reason="Children walk here.")

    begun = rounds.begun_at(
        complaint,
        history.turns(complaint),
        promise=None,
        severe=None,
        at=at(21, 15),
        calendar=queries.in_force().profile.calendar,
    )

    assert begun.due_at == at(24, 17)


def test_a_closure_moves_the_deadline_of_the_round(lamp, in_force):
    reopened(lamp, at(21, 15))
    db.session.commit()
    calendar = queries.in_force().profile.calendar
    storm = Closure(at(22).date(), {"en": "Storm"})
    in_force(calendar=replace(calendar, closures=(*calendar.closures, storm)))

    with clock.standing_at(at(21, 16)):
        recounting.recount_batch(after=0, why={"en": "Storm"})
    db.session.commit()
    db.session.expire_all()

    assert lamp.due_at == at(25, 17)
    assert "1 closed day left out (Storm)" in explanation.of(lamp, history.of(lamp), language="en")


def test_each_reopening_begins_a_round_of_its_own(lamp, bo):
    reopened(lamp, at(21, 15))
    with clock.standing_at(at(22, 9)):
        extending.extend(lamp, by=bo, count=1, reason="Rain.")
        lifecycle.decline(lamp, by=bo, reason="Not ours.", remedy="Ask the owner.")

    reopened(lamp, at(23, 9))

    turns = history.turns(lamp)
    assert lamp.due_at == at(28, 17)
    assert [turn.kind for turn in deadlines.last_round(turns)] == [
        EventKind.REOPENED,
        EventKind.REVIEW_ASKED,
    ]
    assert deadlines.times_extended(turns) == 0
