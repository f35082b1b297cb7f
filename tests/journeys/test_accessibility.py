"""Each page once, in languages, schemes and widths that take turns; `make axe` looks at all of them in all."""

import pytest

from tests.everywhere import SPOKEN
from tests.journeys.accessibility import EVERY, SCHEMES, WIDTHS, beyond, look, reached, stretch
from tests.journeys.visits import is_spoken

# Ways are 5, 2 and 4, pages many more: each language comes in both schemes, each scheme at all widths.
_TURNS = [
    (name, *SPOKEN[turn % 5], SCHEMES[turn % 2], WIDTHS[(turn + turn // 5) % 4])
    for turn, name in enumerate(EVERY)
]
TURNS = [
    (name, *((city, language) if is_spoken(name, language) else SPOKEN[-1]), scheme, width)
    for name, city, language, scheme, width in _TURNS
]


@pytest.mark.parametrize(("name", "city", "language", "scheme", "width"), TURNS)
def test_nothing_is_in_the_way_of_anybody(browser, cities, name, city, language, scheme, width):
    with reached(browser, cities[city], language, name) as page:
        assert look(page, scheme, width) == []
        stretch(page)
        assert beyond(page) == []


def test_every_language_scheme_and_width_has_its_turn():
    assert {turn[2] for turn in TURNS} == {language for _city, language in SPOKEN}
    assert {(turn[2], turn[3]) for turn in TURNS} == {(x, y) for _c, x in SPOKEN for y in SCHEMES}
    assert {(turn[3], turn[4]) for turn in TURNS} == {
        (scheme, width) for scheme in SCHEMES for width in WIDTHS
    }
