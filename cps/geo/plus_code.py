"""Plus codes (Open Location Code): an address for a place that has none, `7PH6VRV2+X5`, or short near by, `VRV2+X5`."""

import re
from typing import Final

from openlocationcode import openlocationcode

from cps.geo.point import Point

# Ten digits or more when whole, so that a code says a place and not a district; two at least after the plus.
_DIGITS: Final = "23456789CFGHJMPQRVWX"
_SHAPE: Final = re.compile(
    rf"\s*([{_DIGITS}]{{2,8}}\+[{_DIGITS}]{{2,7}})(?:[\s,].*)?", re.IGNORECASE | re.DOTALL
)
_LOOKS_LIKE_ONE: Final = re.compile(r"\s*[0-9A-Z]{2,8}\+.*", re.IGNORECASE | re.DOTALL)


def is_meant(text: str) -> bool:
    """Whether somebody means a plus code, be it a right one or not: letters or digits before a plus."""
    return _LOOKS_LIKE_ONE.fullmatch(text) is not None


def read(text: str, *, near: Point) -> Point | None:
    """Return the middle of what a plus code says; a short one is completed by what is `near`; None if it is none.

    What follows the code, such as the name of the city, says nothing more here.
    """
    shape = _SHAPE.fullmatch(text)
    code = shape[1].upper() if shape else ""
    if openlocationcode.isShort(code):
        code = openlocationcode.recoverNearest(code, near.latitude, near.longitude)
    if not openlocationcode.isFull(code):
        return None
    area = openlocationcode.decode(code)
    return Point(area.latitudeCenter, area.longitudeCenter)


def written(point: Point) -> str:
    """Return the plus code of a place, exact to about 14 m."""
    return str(openlocationcode.encode(point.latitude, point.longitude))
