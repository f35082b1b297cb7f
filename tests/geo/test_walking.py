"""Walking order: the nearest first, without crossings; and where a place lies from here."""

from itertools import pairwise
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.geo import walking
from cps.geo.point import Point
from cps.geo.walking import Direction

HERE = Point(21.0, 105.8)
_STEP = 0.001  # about a hundred metres

places = st.builds(
    lambda north, east: Point(21 + north * _STEP, 105.8 + east * _STEP),
    st.integers(-20, 20),
    st.integers(-20, 20),
)


def length(here, walked):
    way = [here, *walked]
    return sum(hypot(b.latitude - a.latitude, (b.longitude - a.longitude) * 0.9336) for a, b in pairwise(way))


@given(st.lists(places, max_size=9))
def test_every_place_is_walked_to_once(found):
    assert sorted(walking.walk(HERE, found)) == list(range(len(found)))


@given(st.lists(places, min_size=2, max_size=7))
def test_no_part_of_the_way_is_shorter_when_it_is_turned_around(found):
    way = [found[index] for index in walking.walk(HERE, found)]

    for first in range(len(way)):
        for last in range(first + 1, len(way)):
            turned = [*way[:first], *reversed(way[first : last + 1]), *way[last + 1 :]]
            assert length(HERE, way) <= length(HERE, turned) + 1e-5


def test_places_along_a_street_are_walked_to_in_their_order():
    street = [Point(21.0, 105.8 + n * _STEP) for n in (4, 1, 3, 2)]

    assert walking.walk(HERE, street) == [1, 3, 2, 0]


def test_who_only_ever_goes_to_the_nearest_crosses_the_own_way_and_is_turned_around():
    # By the nearest alone: 0, 1, 2 and all the way back to 3.
    line = [Point(21.0, 105.8 + n * _STEP) for n in (1, -1.2, 4, -8)]

    walked = [line[index] for index in walking.walk(HERE, line)]

    assert length(HERE, walked) < length(HERE, line)


@pytest.mark.parametrize(
    ("north", "east", "direction"),
    [
        (1, 0, Direction.NORTH),
        (1, 1, Direction.NORTH_EAST),
        (0, 1, Direction.EAST),
        (-1, 1, Direction.SOUTH_EAST),
        (-1, 0, Direction.SOUTH),
        (-1, -1, Direction.SOUTH_WEST),
        (0, -1, Direction.WEST),
        (1, -1, Direction.NORTH_WEST),
    ],
)
def test_a_place_lies_in_the_direction_people_name(north, east, direction):
    there = Point(21 + north * _STEP, 105.8 + east * _STEP)

    assert walking.direction(HERE, there) is direction


def test_the_way_over_the_date_line_is_the_short_one():
    assert walking.direction(Point(0, 179.999), Point(0, -179.999)) is Direction.EAST
