"""The ladder: each step at its share of the time that counts, or so long after the deadline."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.city.clocks import Rung
from cps.city.promise import Promise
from cps.sla import ladder
from cps.sla.promise import Pause, deadline
from tests.sla.offices import BERLIN, HANOI, KATHMANDU, SEOUL, moment

MONDAY = moment(HANOI, 2026, 3, 9, 9, 0)
LATE = Promise.parse("2 working days")


def steps_of(promise, *rungs, begins=MONDAY, calendar=HANOI, pauses=()):
    counted = deadline(Promise.parse(promise), begins, calendar, pauses=pauses)
    return ladder.steps(
        rungs,
        counted.promise,
        calendar,
        begins=begins,
        due_at=counted.due_at,
        stops=[(stop.begins, stop.ends) for stop in counted.stops],
    )


def at(*parts, calendar=HANOI):
    return moment(calendar, *parts).astimezone(UTC)


@pytest.mark.parametrize(
    ("promise", "percent", "expected"),
    [
        ("10 working hours", 50, (2026, 3, 9, 15, 0)),  # five of ten hours: three before lunch, two after
        ("10 working hours", 80, (2026, 3, 10, 9, 0)),
        ("10 working hours", 100, (2026, 3, 10, 11, 0)),
        (
            "1 working day",
            50,
            (2026, 3, 10, 8, 30),
        ),  # of fifteen hours: all seven of Monday, half of one more
        ("10 hours", 50, (2026, 3, 9, 14, 0)),
        ("2 calendar days", 100, (2026, 3, 11, 23, 59)),
        ("10 hours", 150, (2026, 3, 10, 0, 0)),
        ("10 working hours", 120, (2026, 3, 10, 14, 0)),  # two office hours later, with lunch between
    ],
)
def test_a_share_of_the_time_is_a_share_of_what_the_promise_counts(promise, percent, expected):
    [step] = steps_of(promise, Rung("handler", percent=percent))

    assert step.at == at(*expected)


def test_late_is_counted_from_the_deadline_by_the_calendar():
    late = Rung("auditor", late=LATE)

    [step] = steps_of("8 working hours", late, begins=moment(HANOI, 2026, 3, 12, 9, 0))

    assert step.at == at(2026, 3, 17, 17, 0)  # due on Friday 9:00; Monday and Tuesday are its working days


def test_a_pause_is_no_time_used():
    monday_noon = moment(HANOI, 2026, 3, 9, 12, 0)
    pause = Pause(monday_noon, monday_noon + timedelta(days=2))

    [step] = steps_of("10 working hours", Rung("handler", percent=50), pauses=[pause])

    assert step.at == at(2026, 3, 11, 15, 0)  # three hours on Monday, two on Wednesday


def test_steps_come_in_order_of_time_and_then_of_the_ladder():
    rungs = (Rung("auditor", late=LATE), Rung("mayor", percent=100), Rung("head", percent=100))

    found = steps_of("10 working hours", *rungs, Rung("handler", percent=80))

    assert [step.rung.to for step in found] == ["handler", "mayor", "head", "auditor"]


def test_nothing_is_before_the_beginning_even_of_a_deadline_that_was_over():
    rungs = (Rung("handler", percent=80), Rung("head", percent=100), Rung("auditor", late=LATE))
    reopened = MONDAY + timedelta(days=60)

    found = ladder.steps(rungs, Promise.parse("3 working days"), HANOI, begins=reopened, due_at=MONDAY)

    assert {step.at for step in found} == {reopened}


UNITS = ("hours", "working hours", "working days", "calendar days", "weeks")


@given(
    promise=st.builds(lambda count, unit: f"{count} {unit}", st.integers(1, 20), st.sampled_from(UNITS)),
    begins=st.datetimes(MONDAY.replace(tzinfo=None), MONDAY.replace(tzinfo=None, year=2027)),
    percents=st.lists(st.integers(1, 300), min_size=2, max_size=6, unique=True),
    calendar=st.sampled_from([HANOI, SEOUL, KATHMANDU, BERLIN]),
    pause=st.none() | st.tuples(st.integers(0, 200), st.integers(1, 200)),
)
def test_a_larger_share_is_never_earlier_and_the_whole_is_the_deadline(
    promise, begins, percents, calendar, pause
):
    begins = begins.replace(tzinfo=calendar.zone)
    pauses = (
        [Pause(begins + timedelta(hours=pause[0]), begins + timedelta(hours=sum(pause)))] if pause else []
    )
    counted = deadline(Promise.parse(promise), begins, calendar, pauses=pauses)

    found = steps_of(
        promise,
        *(Rung("head", percent=percent) for percent in sorted({*percents, 100})),
        begins=begins,
        calendar=calendar,
        pauses=pauses,
    )

    assert [step.rung.percent for step in found] == sorted({*percents, 100})
    for step in found:
        assert (step.at <= counted.due_at) == (step.rung.percent <= 100) or step.at == counted.due_at
        assert step.rung.percent != 100 or step.at == counted.due_at
