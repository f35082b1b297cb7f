"""A plus code is read as people write it, whole or short, and a wrong one is known for what it is."""

import pytest

from cps.geo import plus_code
from cps.geo.point import Point, metres_between

CENTRE = Point(21.0285, 105.8542)
LAKE = Point(21.0287, 105.8523)


def test_a_place_has_a_code_that_leads_back_to_it():
    code = plus_code.written(LAKE)

    found = plus_code.read(code, near=Point(0, 0))

    assert len(code) == 11
    assert metres_between(found, LAKE) < 10


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("{0}", Point(0, 0)),
        ("  {0} ", Point(0, 0)),
        ("{0} Hà Nội", Point(0, 0)),
        ("{0}, Hà Nội", Point(0, 0)),
        ("{1}", CENTRE),
        ("{1} Hoàn Kiếm, Hà Nội", CENTRE),
        ("{2}", CENTRE),
    ],
    ids=["whole", "spaces", "with the city", "with a comma", "short", "short with the city", "small letters"],
)
def test_a_code_is_read_as_people_write_it(text, near):
    code = plus_code.written(LAKE)

    found = plus_code.read(text.format(code, code[4:], code[4:].lower()), near=near)

    assert metres_between(found, LAKE) < 10


def test_a_short_code_is_the_nearest_place_that_ends_so():
    assert plus_code.read("VRV2+X5", near=CENTRE) != plus_code.read("VRV2+X5", near=Point(10.77, 106.70))


@pytest.mark.parametrize(
    "text", ["7PH6+", "7PH60000+", "2V+1A", "ABC+DE", "VRV2+X", "VRV2++X5", "XXXXXXXX+XX", "ZZZZ+ZZ"]
)
def test_what_is_no_code_is_none_but_is_meant(text):
    assert plus_code.read(text, near=CENTRE) is None
    assert plus_code.is_meant(text)


@pytest.mark.parametrize(
    "text", ["21.0287, 105.8523", "by the lake", "", "+", "+21.0, +105.8", "21°1'43\"N 105°51'8\"E", "c++"]
)
def test_what_has_no_plus_in_its_place_is_not_meant_as_one(text):
    assert not plus_code.is_meant(text)


@pytest.mark.parametrize("text", ["2" * 65536, "2" * 8 + "+" + "2" * 65536, "+" * 65536, " " * 65536])
def test_no_text_is_long_to_judge(text):
    assert plus_code.read(text, near=CENTRE) is None
    assert plus_code.is_meant(text) is text.startswith("22222222+")


def test_the_centre_of_google_is_where_google_says():
    """A pair from the published test data of Open Location Code."""
    assert plus_code.written(Point(47.0000625, 8.0000625)) == "8FVC2222+22"
    assert metres_between(plus_code.read("8FVC2222+22", near=CENTRE), Point(47.0000625, 8.0000625)) < 1
