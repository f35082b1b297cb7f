"""Around a place: the square that holds a circle, which an index of places finds, and what lies nearest in it."""

import math
from typing import Any, Final

from sqlalchemy import ColumnElement, and_

from cps.complaints.models import Complaint
from cps.geo.point import Point

METRES_OF_A_DEGREE: Final = 110_500.0
"""Of latitude where it is shortest, so that the square holds the circle."""

_NARROWEST: Final = 0.01  # of a degree's width at the equator: at the poles nobody reports anything


def square(point: Point, metres: float) -> ColumnElement[bool]:
    """Say that a complaint lies in the square around the circle of so many metres."""
    up = metres / METRES_OF_A_DEGREE
    aside = up / _narrowing(point)
    return and_(
        Complaint.latitude.between(point.latitude - up, point.latitude + up),
        Complaint.longitude.between(point.longitude - aside, point.longitude + aside),
    )


def apart(point: Point) -> ColumnElement[Any]:
    """Return how far a complaint is from there, squared and as on a plane: to put the nearest first."""
    north, east = (
        Complaint.latitude - point.latitude,
        (Complaint.longitude - point.longitude) * _narrowing(point),
    )
    return north * north + east * east


def _narrowing(point: Point) -> float:
    return max(math.cos(math.radians(point.latitude)), _NARROWEST)
