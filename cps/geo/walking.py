"""In which order places are walked to, and where each lies from here: pure.

The nearest one first, then crossings are taken out of the way (2-opt). What `static/js/field/order.js` does on a phone.
"""

import math
from collections.abc import Sequence
from enum import StrEnum

from cps.geo.point import Point

_METRES_A_DEGREE = 111_320
_GAIN = 0.5  # metres: less is the noise of counting


class Direction(StrEnum):
    """Where something lies, in the eight directions people name."""

    NORTH = "north"
    NORTH_EAST = "north-east"
    EAST = "east"
    SOUTH_EAST = "south-east"
    SOUTH = "south"
    SOUTH_WEST = "south-west"
    WEST = "west"
    NORTH_WEST = "north-west"


def direction(here: Point, there: Point) -> Direction:
    """Say in which direction a place lies."""
    east, north = _apart(here, there)
    return list(Direction)[round(math.degrees(math.atan2(east, north)) / 45) % 8]


def walk(here: Point, places: Sequence[Point]) -> list[int]:
    """Return the positions of the places in the order in which they are walked to from `here`; the walk ends at the last."""
    left, way, at = set(range(len(places))), [], here
    while left:
        nearest = min(left, key=lambda index: (_metres(at, places[index]), index))
        left.remove(nearest)
        way.append(nearest)
        at = places[nearest]
    return _uncrossed(here, places, way)


def _uncrossed(here: Point, places: Sequence[Point], way: list[int]) -> list[int]:
    """Turn parts of the way around for as long as that makes it shorter."""
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for first in range(len(way) - 1):
            for last in range(first + 1, len(way)):
                if _gain(here, places, way, first, last) > _GAIN:
                    way[first : last + 1] = reversed(way[first : last + 1])
                    is_shorter = True
    return way


def _gain(here: Point, places: Sequence[Point], way: Sequence[int], first: int, last: int) -> float:
    before = places[way[first - 1]] if first else here
    begins, ends = places[way[first]], places[way[last]]
    gain = _metres(before, begins) - _metres(before, ends)
    if last + 1 < len(way):
        after = places[way[last + 1]]
        gain += _metres(ends, after) - _metres(begins, after)
    return gain


def _metres(one: Point, other: Point) -> float:
    return math.hypot(*_apart(one, other))


def _apart(one: Point, other: Point) -> tuple[float, float]:
    """Return metres to the east and to the north, on the flat ground of a city."""
    north = (other.latitude - one.latitude) * _METRES_A_DEGREE
    turn = (other.longitude - one.longitude + 540) % 360 - 180
    return turn * _METRES_A_DEGREE * math.cos(math.radians((one.latitude + other.latitude) / 2)), north
