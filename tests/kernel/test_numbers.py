"""Counts have the digits and the groups of the language."""

import pytest

from cps.kernel.numbers import in_digits, number, plain_digits


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "1,234,567"),
        ("vi", "1.234.567"),
        ("ko", "1,234,567"),
        ("fil", "1,234,567"),
        ("ne", "१२,३४,५६७"),
    ],
)
def test_a_count_is_written_as_its_readers_write_it(language, written):
    assert number(1_234_567, language=language) == written


def test_only_languages_with_digits_of_their_own_change_them():
    assert [in_digits("2:30", language=code) for code in ("en", "ko", "ne")] == ["2:30", "2:30", "२:३०"]


def test_the_digits_of_every_script_are_read():
    assert plain_digits("९८-٣4 ½ ② ab") == "98-34 ½ ② ab"
