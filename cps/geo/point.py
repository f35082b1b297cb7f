"""A place on Earth: degrees WGS84, latitude first, and how to read one from what people type."""

import math
import re
import warnings
from dataclasses import dataclass

from geopy.distance import geodesic
from geopy.point import Point as TypedPoint

from cps.kernel.errors import Invalid
from cps.kernel.text import Text, _

_LONGEST_PAIR = 100
_METRES_A_DEGREE = 111_320
_PLAIN_PAIR = re.compile(r"\s*([-+]?\d{1,3}(?:\.\d*)?)\s*[,;\s]\s*([-+]?\d{1,3}(?:\.\d*)?)\s*")

_UNREADABLE = _("We could not read this place. Write latitude and longitude as numbers.")
_OUT_OF_RANGE = _("This place does not exist. Latitude goes from −90 to 90, longitude from −180 to 180.")
_SWAPPED = _("Latitude and longitude look swapped. Write the latitude first.")


@dataclass(frozen=True, slots=True)
class Point:
    """A place; −90 ≤ latitude ≤ 90, −180 ≤ longitude ≤ 180."""

    latitude: float
    longitude: float


def parse(latitude: str, longitude: str) -> Point:
    """Read two decimal numbers; raise Invalid (field `place`) if they are none or no place on Earth."""
    try:
        return _checked(float(latitude), float(longitude))
    except ValueError:
        raise _fault(_UNREADABLE) from None


def parse_pair(text: str) -> Point:
    """Read `21.0278, 105.8342` or `21°1'40"N 105°50'3"E`; raise Invalid (field `place`) for anything else."""
    if len(text) > _LONGEST_PAIR:
        raise _fault(_UNREADABLE)
    plain = _PLAIN_PAIR.fullmatch(text)
    if plain is not None:
        return parse(plain[1], plain[2])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # geopy warns of a wrong latitude before it refuses it
            typed = TypedPoint(text)
    except ValueError:
        raise _fault(_UNREADABLE) from None
    return _checked(typed.latitude, typed.longitude)


def metres_between(one: Point, other: Point) -> float:
    """Return the distance over the ellipsoid, in metres."""
    distance: float = geodesic((one.latitude, one.longitude), (other.latitude, other.longitude)).meters
    return distance


def square(point: Point, *, half_m: float) -> tuple[Point, Point]:
    """Return the south-western and the north-eastern corner of a square around a place, `half_m` metres to each side."""
    high = half_m / _METRES_A_DEGREE
    wide = high / max(math.cos(math.radians(point.latitude)), 0.01)
    return (
        Point(point.latitude - high, point.longitude - wide),
        Point(point.latitude + high, point.longitude + wide),
    )


def _checked(latitude: float, longitude: float) -> Point:
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise _fault(_UNREADABLE)
    if _exists(latitude, longitude):
        return Point(latitude, longitude)
    raise _fault(_SWAPPED if _exists(longitude, latitude) else _OUT_OF_RANGE)


def _exists(latitude: float, longitude: float) -> bool:
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _fault(sentence: Text) -> Invalid:
    return Invalid({"place": sentence})
