"""A code that confirms an address: what it is, how long it can be typed, how it is judged."""

import pytest

from cps.notify import codes
from cps.notify.codes import Verdict
from tests.makers import MONDAY, later

SENT = MONDAY


def test_codes_have_six_digits_and_hardly_ever_repeat():
    made = [codes.new() for _n in range(200)]

    assert all(len(code) == 6 and code.isdigit() for code in made)
    assert len(set(made)) > 190


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("012345", "012345"),
        (" 012 345 ", "012345"),
        ("012-345", "012345"),
        ("०१२३४५", "012345"),
        ("12345", ""),
        ("1234567", ""),
        ("12345a", ""),
        ("²³¹²³¹", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, code):
    assert codes.read(typed) == code


@pytest.mark.parametrize(
    ("minutes", "tries", "is_right", "verdict"),
    [
        (0, 0, True, Verdict.RIGHT),
        (9.99, 4, True, Verdict.RIGHT),
        (10, 0, True, Verdict.EXPIRED),
        (10, 0, False, Verdict.EXPIRED),
        (1, 0, False, Verdict.WRONG),
        (1, 3, False, Verdict.WRONG),
        (1, 4, False, Verdict.USED_UP),
        (1, 5, True, Verdict.USED_UP),
        (11, 5, True, Verdict.USED_UP),
    ],
)
def test_a_code_is_good_for_ten_minutes_and_five_tries(minutes, tries, is_right, verdict):
    assert codes.judged(sent_at=SENT, tries=tries, is_right=is_right, at=later(minutes=minutes)) is verdict


@pytest.mark.parametrize(
    ("minutes", "tries", "usable"), [(0, 0, True), (9, 4, True), (10, 0, False), (1, 5, False)]
)
def test_a_code_can_be_typed_until_it_is_too_old_or_used_up(minutes, tries, usable):
    assert codes.is_usable(sent_at=SENT, tries=tries, at=later(minutes=minutes)) is usable


def test_a_code_is_on_its_way_for_half_a_minute():
    assert codes.is_on_its_way(sent_at=SENT, at=later(seconds=29))
    assert not codes.is_on_its_way(sent_at=SENT, at=later(seconds=30))


def test_it_is_remembered_longer_than_any_limit_looks_back():
    limits = (
        *codes.PER_ADDRESS,
        *codes.PER_CLIENT,
        *(one for city in codes.PER_CITY.values() for one in city),
    )

    assert max(limit.within for limit in limits) < codes.KEPT_FOR


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ana@citizen.example", "a•••@citizen.example"),
        ("0912345123", "09•••••123"),
        ("+84912345123", "+8•••••••123"),
        ("1234567", "12••567"),
    ],
)
def test_an_address_is_shown_so_that_its_owner_alone_knows_it(address, shown):
    assert codes.masked(address) == shown
