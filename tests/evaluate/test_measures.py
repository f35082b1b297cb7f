"""Measures: each definition, and what must not be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.evaluate.measures import SMALLEST, Share, Tally, days_until_answered, shown


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(1, 2, None), (4, 4, None), (5, 5, 100), (0, 9, 0), (1, 1000, 1), (999, 1000, 99), (2, 3 * 7, 10)],
    ids=str,
)
def test_a_share_is_said_of_enough_cases_and_never_rounded_to_none_or_all(part, whole, percent):
    assert Share(part, whole).percent == percent


def test_half_are_answered_when_half_of_all_are_and_not_of_those_that_ended():
    days = {(1, True): 5, (10, True): 1, (30, False): 14}

    assert days_until_answered(days, share=0.25) == 1
    assert days_until_answered(days, share=0.5) is None


def test_the_estimate_of_kaplan_and_meier_is_that_of_their_worked_example():
    # Weeks in remission of 21 children with 6-MP (Freireich 1963, as in every textbook): the median is 23.
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    left = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    weeks: dict[tuple[int, bool], int] = {}
    for week, has_ended in [*((w, True) for w in ended), *((w, False) for w in left)]:
        weeks[week, has_ended] = weeks.get((week, has_ended), 0) + 1

    assert days_until_answered(weeks, share=0.5) == 23
    assert days_until_answered(weeks, share=0.9) is None


def test_of_fewer_than_five_answers_no_time_is_said():
    assert days_until_answered({(1, True): SMALLEST - 1}, share=0.5) is None


def test_leaving_reports_open_never_makes_a_city_look_faster():
    answered = {(day, True): 2 for day in range(1, 11)}

    with_waiting = answered | {(60, False): 12}

    assert (days_until_answered(answered, share=0.4) or 0) <= (
        days_until_answered(with_waiting, share=0.4) or 999
    )
    assert days_until_answered(with_waiting, share=0.9) is None


def test_small_groups_stand_together_at_the_end():
    groups = shown({1: Tally(received=40), 2: Tally(received=4), 3: Tally(received=3), 4: Tally(received=90)})

    assert [(group.number, group.tally.received, group.of) for group in groups] == [
        (4, 90, 1),
        (1, 40, 1),
        (None, 7, 2),
    ]


def test_a_single_small_group_takes_the_next_larger_with_it():
    groups = shown({1: Tally(received=40), 2: Tally(received=4), 3: Tally(received=9)})

    assert [(group.number, group.tally.received, group.of) for group in groups] == [(1, 40, 1), (None, 13, 2)]


@given(st.dictionaries(st.integers(1, 40), st.integers(0, 30).map(lambda n: Tally(received=n)), max_size=12))
def test_no_small_group_can_be_read_off_or_worked_out(tallies):
    groups = shown(tallies)

    total = sum(tally.received for tally in tallies.values())
    told = sum(group.tally.received for group in groups)
    assert all(group.tally.received >= SMALLEST for group in groups)
    assert all(group.of > 1 for group in groups if group.number is None)
    # What is left out is left out as a whole: nothing remains when somebody subtracts.
    assert told == total or not groups
