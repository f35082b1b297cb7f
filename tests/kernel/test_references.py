"""Public references: never twice, never in order, and a slip of the pen is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.kernel.numbers import in_digits
from cps.kernel.references import DIGITS, canonical, reference

KEY = b"a city's own key"
numbers = st.integers(0, 2**35 - 1)


def test_no_two_numbers_share_a_reference():
    assert len({reference(number, KEY) for number in range(20_000)}) == 20_000


def test_neighbours_in_time_are_not_neighbours_in_number():
    distances = [
        abs(_value(reference(number, KEY)) - _value(reference(number + 1, KEY))) for number in range(200)
    ]

    assert min(distances) > 1000


def test_another_city_numbers_differently():
    assert reference(1, KEY) != reference(1, b"another city's key")


@given(numbers)
def test_a_reference_is_read_back_however_it_is_typed(number):
    written = reference(number, KEY)

    assert canonical(written) == written
    assert canonical(f"  {written.lower().replace('-', ' ')} ") == written
    assert canonical(written.replace("0", "o").replace("1", "l")) == written
    assert canonical(in_digits(written, language="ne")) == written


@given(numbers, st.integers(0, 7), st.sampled_from(DIGITS))
def test_one_wrong_character_is_noticed(number, place, wrong):
    digits = reference(number, KEY).replace("-", "")
    changed = digits[:place] + wrong + digits[place + 1 :]

    assert (canonical(changed) is None) == (changed != digits)


@given(numbers, st.integers(0, 7), st.integers(0, 7))
def test_two_swapped_characters_are_noticed(number, one, other):
    digits = list(reference(number, KEY).replace("-", ""))
    swapped = digits.copy()
    swapped[one], swapped[other] = swapped[other], swapped[one]

    assert (canonical("".join(swapped)) is None) == (swapped != digits)


@pytest.mark.parametrize("text", ["", "7K3M", "7K3M-9QA!", "७K3M-9QA!", "7K3M-9QAZ-1", "💥" * 8])
def test_what_is_no_reference_is_none(text):
    assert canonical(text) is None


@pytest.mark.parametrize("number", [-1, 2**35])
def test_a_number_that_does_not_fit_is_refused(number):
    with pytest.raises(ValueError, match="does not fit"):
        reference(number, KEY)


def _value(written: str) -> int:
    value = 0
    for digit in written.replace("-", "")[:7]:
        value = value * 32 + DIGITS.index(digit)
    return value
