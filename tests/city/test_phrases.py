"""Words to look out for are found as people write them, and not in words that only look like them."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.city.phrases import Phrases, spaced
from cps.kernel.text import cleaned


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        ("cháy", "Nhà đang CHÁY!", True),
        ("cháy", "chay nha, giup voi", True),
        ("cháy", "chạy bộ ở công viên", False),
        ("nổ", "there is no light", False),
        ("fire", "Fire, come quick", True),
        ("fire", "the fireworks stand", False),
        ("gas leak", "a gas  leak here", True),
        ("불이 났", "옆 건물에 불이 났어요", True),
        ("화재", "산화재료", False),
        ("आगो", "घरमा आगोले", True),
        ("आगो", "भागो", False),
    ],
)
def test_a_phrase_in_a_text(phrase, text, is_found):
    phrases = Phrases({"xx": (phrase,)})

    assert phrases.are_in(text) is is_found


def test_no_phrases_are_in_no_text():
    assert not Phrases().are_in("fire")


def _spaced_letter_by_letter(text: str) -> str:
    kept = (c if _is_of_word(c) else " " for c in cleaned(text).casefold())
    return f" {' '.join(''.join(kept).split())} "


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character in "\u200c\u200d" or "\u0900" <= character <= "\u0963"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("_ -\u200dक्षőघ९"))))
def test_words_are_told_from_gaps_as_letter_by_letter(text):
    assert spaced(text) == _spaced_letter_by_letter(text)


def test_every_character_there_is_belongs_to_a_word_or_to_a_gap_as_ever():
    every = "".join(f"{chr(code)}|" for code in range(sys.maxunicode + 1))

    assert spaced(every) == _spaced_letter_by_letter(every)


def test_each_phrase_counts_once_however_often_it_stands_there():
    phrases = Phrases({"vi": ("đồ ngu", "mất dạy"), "en": ("idiot", "bastard")})

    assert phrases.count_in("Đồ ngu, đồ ngu! You idiot.") == 2
    assert phrases.count_in("mat day") == 1
    assert phrases.count_in("") == 0
