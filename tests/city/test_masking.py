"""Insults masked: whole words, whatever their case, without accents where a writer uses none, in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cps.city.masking import MASK, masked
from cps.city.phrases import Phrases

INSULTS = Phrases(
    {
        "en": ("idiot", "son of a gun"),
        "vi": ("đồ ngu", "óc chó", "lồn"),
        "ko": ("개새끼", "미친 놈"),
        "ne": ("मूर्ख", "हरामी"),
        "fil": ("putang ina",),
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You idiot, go!", "You •••, go!"),
        ("IDIOT", "•••"),
        ("idiotic, myidiot, idiot2", "idiotic, myidiot, idiot2"),
        ("idiot-like", "•••-like"),
        ("Son  of\na gun!", "•••!"),
        ("son of a", "son of a"),
        ("idiot idiot", "••• •••"),
        ("Đồ ngu", "•••"),
        ("ĐỒ NGU ạ", "••• ạ"),
        ("đồ ngủ", "đồ ngủ"),
        ("may la do ngu", "may la •••"),
        ("mày là do ngu", "mày là do ngu"),
        ("lon bia", "lon bia"),
        ("cái lồn", "cái •••"),
        ("이 개새끼들아!", "이 •••!"),
        ("미친 놈들", "•••"),
        ("미친 고양이", "미친 고양이"),
        ("तँ मूर्खहरू हो", "तँ ••• हो"),
        ("हरामी।", "•••।"),
        ("अहरामी", "अहरामी"),
        ("PUTANG INA NINYO", "••• NINYO"),
        ("", ""),
        ("…", "…"),
    ],
)
def test_insults_become_dots_and_nothing_else_does(text, expected):
    assert masked(text, INSULTS) == expected


def test_a_text_in_parts_of_letters_is_masked_all_the_same():
    assert masked("Đo\u0302\u0300 ngu", INSULTS) == MASK


def test_without_words_of_its_own_a_city_masks_nothing():
    assert masked("You idiot", Phrases()) == "You idiot"
    assert masked("You idiot", Phrases({"en": ("…", " ")})) == "You idiot"


@given(some.text(max_size=80))
def test_it_masks_exactly_what_is_found_and_once_is_enough(text):
    once = masked(text, INSULTS)

    assert (once == text) is not INSULTS.are_in(text)
    assert masked(once, INSULTS) == once


@given(
    some.lists(some.sampled_from(["idiot", "Óc chó", "개새끼야", "मूर्ख", "lamp", ",", "đồ ngu"]), max_size=12)
)
def test_what_is_masked_holds_none_any_more(words):
    assert not INSULTS.are_in(masked(" ".join(words), INSULTS))
