"""A kind of problem is found without accents, by Nepali in Latin letters, and by first consonants."""

import pytest

from cps.city.profile import Category
from cps.city.promise import Promise
from cps.city.search import keys_of


def a_category(name, *keywords):
    return Category(
        code="x",
        names={"xx": name},
        hints={},
        keywords={"xx": keywords},
        icon="other",
        promise=Promise(1, "working_days"),
        is_public=True,
        featured=True,
    )


@pytest.mark.parametrize(
    ("name", "typed", "is_found"),
    [
        ("Ổ gà, đường hỏng", "o ga", True),
        ("Ổ gà, đường hỏng", "duong hong", True),
        ("Ổ gà, đường hỏng", "Đường", True),
        ("Ổ gà, đường hỏng", "ong", False),
        ("쓰레기통", "쓰레기", True),
        ("쓰레기통", "ㅅㄹㄱ", True),
        ("쓰레기통", "ㅆㄹㄱㅌ", True),
        ("쓰레기통", "ㄱㄱ", False),
        ("불법 주정차", "불법주정차", True),
        ("불법 주정차", "ㅈㅈㅊ", True),
        ("फोहोर सङ्कलन", "fohor", True),
        ("फोहोर सङ्कलन", "phohor", True),
        ("फोहोर सङ्कलन", "फोहोर", True),
        ("सडक बत्ती", "sadak", True),
        ("सडक बत्ती", "batti", True),
        ("सडक बत्ती", "pani", False),
        ("Street light", "light", True),
        ("Street light", "broken light", False),
        ("Street light", "", True),
    ],
)
def test_a_name_by_what_is_typed(name, typed, is_found):
    keys = keys_of(a_category(name))

    assert keys.match(typed) is is_found


def test_keywords_count_as_much_as_the_name():
    keys = keys_of(a_category("Noise", "karaoke"))

    assert keys.match("kara")
