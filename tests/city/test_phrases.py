"""Words to look out for are found as people write them, and not in words that only look like them."""

import pytest

from cps.city.phrases import Phrases


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
