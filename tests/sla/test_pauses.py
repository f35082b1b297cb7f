"""Pauses, caps and extensions: what they take from the count, and what they do not."""

import pytest

from cps.city.promise import Promise
from cps.kernel.errors import Unusable
from cps.sla.promise import Extension, Pause, due, pause_end
from tests.sla.offices import HANOI, moment

THREE_DAYS = Promise.parse("3 working days")
MONDAY = moment(HANOI, 2026, 3, 9, 10)


def at(day, hour=10, minute=0):
    return moment(HANOI, 2026, 3, day, hour, minute)


@pytest.mark.parametrize(
    ("promise", "pauses", "expected"),
    [
        ("3 working days", [Pause(at(10), at(11))], at(16, 17)),  # two dates are touched
        ("3 working days", [Pause(at(10, 9), at(10, 11))], at(13, 17)),
        ("3 working days", [Pause(at(10), at(11)), Pause(at(10, 12), at(11, 12))], at(16, 17)),  # once
        ("3 working days", [Pause(at(12, 17), at(20))], at(12, 17)),  # begins when it is due
        ("3 working days", [Pause(at(12, 16, 59), at(13))], at(16, 17)),
        ("3 working days", [Pause(at(8), at(9, 9))], at(12, 17)),  # before receipt
        ("8 working hours", [Pause(at(9, 14), at(9, 15))], at(10, 11)),
        ("8 working hours", [Pause(at(9, 11, 30), at(9, 13))], at(10, 10, 30)),
        ("24 hours", [Pause(at(9, 14), at(9, 20))], at(10, 16)),
        ("5 calendar days", [Pause(at(10, 9), at(10, 11))], at(15, 23, 59)),
        ("5 calendar days, rolled forward", [Pause(at(10, 9), at(10, 11))], at(16, 23, 59)),
        ("3 working days", [Pause(at(10), None, cap=Promise.parse("2 working days"))], at(17, 17)),
        ("3 working days", [Pause(at(10), at(10, 11), cap=Promise.parse("2 working days"))], at(13, 17)),
    ],
)
def test_a_pause_takes_what_it_touches_and_no_more(promise, pauses, expected):
    assert due(Promise.parse(promise), MONDAY, HANOI, pauses=pauses) == expected


def test_an_open_pause_needs_a_cap():
    with pytest.raises(Unusable, match="needs a cap"):
        due(THREE_DAYS, MONDAY, HANOI, pauses=[Pause(at(10))])


def test_an_extension_goes_on_counting():
    assert due(THREE_DAYS, MONDAY, HANOI, extensions=[Extension(2)]) == at(16, 17)


@pytest.mark.parametrize(
    "extensions",
    [
        [Extension(4)],
        [Extension(0)],
        [Extension(3), Extension(3)],
        [Extension(1), Extension(1, has_consent=True), Extension(1, has_consent=True)],
    ],
)
def test_an_extension_that_the_rules_do_not_allow_is_refused(extensions):
    with pytest.raises(Unusable):
        due(THREE_DAYS, MONDAY, HANOI, extensions=extensions)


def test_a_second_extension_with_consent_is_counted():
    extensions = [Extension(1), Extension(3, has_consent=True)]

    assert due(THREE_DAYS, MONDAY, HANOI, extensions=extensions) == at(18, 17)


@pytest.mark.parametrize(
    ("cap", "before", "begun_at", "ends"),
    [
        # Two working hours, one of them used: the lunch break and the night between do not count.
        ("2 working hours", [(at(9, 10), at(9, 11))], at(10, 9), at(10, 10)),
        ("2 working hours", [(at(9, 10), at(9, 10, 30)), (at(9, 11), at(9, 11, 30))], at(10, 9), at(10, 10)),
        ("24 hours", [(at(9, 10), at(9, 16))], at(11, 10), at(12, 4)),
        # Tuesday and Wednesday are used; Thursday lies between and does not count.
        ("4 working days", [(at(9, 10), at(11, 10))], at(13, 10), at(16, 17)),
        ("4 calendar days", [(at(9, 10), at(11, 10))], at(13, 10), at(14, 23, 59)),
        # A date that any of them touches counts, once: nobody pauses every day for ever.
        ("2 working days", [(at(9, 10), at(9, 11)), (at(10, 9), at(10, 10))], at(10, 14), at(11, 17)),
        ("2 working days", [(at(9, 9), at(9, 17)), (at(10, 9), at(10, 17))], at(11, 9), at(11, 17)),
        # Used up before it began: it takes nothing.
        ("2 working days", [(at(9, 10), at(11, 18))], at(13, 10), at(13, 10)),
        ("2 working hours", [(at(9, 9), at(9, 12))], at(10, 9), at(10, 9)),
    ],
)
def test_a_cap_counts_what_the_clock_stood_before_for_the_same_reason(cap, before, begun_at, ends):
    pause = Pause(begun_at, cap=Promise.parse(cap), stood_before=tuple(before))

    assert pause_end(pause, HANOI) == ends


def test_a_pause_whose_cap_is_used_up_changes_nothing():
    used_up = Pause(at(11), at(13), cap=Promise.parse("1 working day"), stood_before=((at(9), at(10, 18)),))

    assert due(THREE_DAYS, MONDAY, HANOI, pauses=[used_up]) == due(THREE_DAYS, MONDAY, HANOI)
