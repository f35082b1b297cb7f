"""A look at the map from the report form, for whoever has no JavaScript: a picture to tap, and arrows beside it.

The form is sent, nothing is filed, and the form comes back with everything typed and the place as it is now.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request, url_for

from cps.citizen import map_choice, places
from cps.city.queries import CityInForce
from cps.geo import point as points
from cps.geo.frame import Frame
from cps.geo.point import Point
from cps.kernel.errors import Invalid
from cps.kernel.text import Text

_STEP_METRES = 25
_METRES_PER_DEGREE = 111_320
_STEPS = {"north": (0, 1), "south": (0, -1), "west": (-1, 0), "east": (1, 0)}
_CLOSE_UP, _AREA_ZOOM, _LEVELS_CLOSER = 17, 14, 2
_KEPT = ("map_latitude", "map_longitude", "map_zoom")


@dataclass(frozen=True)
class Look:
    """The map as it comes back with the form; `place` are the fields of the place, `faults` why it is not there."""

    frame: Frame
    has_pin: bool
    place: Mapping[str, str]
    faults: Mapping[str, Text]

    @property
    def picture(self) -> str:
        """The address of the picture."""
        middle = self.frame.middle
        return url_for(
            "citizen.map_picture",
            latitude=f"{middle.latitude:.6f}",
            longitude=f"{middle.longitude:.6f}",
            zoom=self.frame.zoom,
            pin="yes" if self.has_pin else "no",
        )


def is_asked() -> bool:
    """Whether the form was sent for a look at the map."""
    return "look" in request.form or _tapped() is not None


def looked(typed: Mapping[str, str], city: CityInForce) -> Look:
    """Return the map around the place as it is after what was done: a tap, an arrow, closer or farther."""
    faults: dict[str, Text] = {}
    known = _typed_point(typed, faults)
    frame, asked, tap = _frame(typed, known, city), request.form.get("look", ""), _tapped()
    point = known
    if tap is not None:
        point = frame.place(*tap)
        frame = frame.zoomed(min(_LEVELS_CLOSER, max(_CLOSE_UP - frame.zoom, 0)))
    elif asked in _STEPS:
        point = _stepped(known or frame.middle, *_STEPS[asked])
    elif asked in ("closer", "farther"):
        frame = frame.zoomed(1 if asked == "closer" else -1)
    if point is None:
        return Look(frame, has_pin=False, place={}, faults=faults)
    framed = map_choice.around(point, frame.zoom, is_small=True)
    if point == known:
        return Look(framed, has_pin=True, place={}, faults=faults)
    written = {"latitude": f"{point.latitude:.6f}", "longitude": f"{point.longitude:.6f}", "coordinates": ""}
    return Look(framed, has_pin=True, place=written, faults={})


def _typed_point(typed: Mapping[str, str], faults: dict[str, Text]) -> Point | None:
    try:
        if typed["coordinates"]:
            return places.typed_point(typed["coordinates"])
        if typed["latitude"] or typed["longitude"]:
            return points.parse(typed["latitude"], typed["longitude"])
    except Invalid as error:
        faults.update(error.faults)
    return None


def _frame(typed: Mapping[str, str], point: Point | None, city: CityInForce) -> Frame:
    """Return the map that was looked at, or the first one: at the place, the area, the city."""
    zoom = map_choice.number(request.form.get("map_zoom"))
    before = [map_choice.number(request.form.get(name)) for name in _KEPT[:2]]
    if zoom is not None and before[0] is not None and before[1] is not None:
        middle = Point(before[0], before[1])
        return map_choice.around(point or middle, int(zoom), is_small=True)
    area = city.area(typed["area"]) if typed["area"] else None
    if point is not None:
        return map_choice.around(point, _CLOSE_UP, is_small=True)
    if area is not None:
        spot = area.polygon.representative_point()
        return map_choice.around(Point(spot.y, spot.x), _AREA_ZOOM, is_small=True)
    view = city.profile.map
    return map_choice.around(Point(view.latitude, view.longitude), view.zoom, is_small=True)


def _tapped() -> tuple[float, float] | None:
    x, y = (map_choice.number(request.form.get(f"tap.{axis}")) for axis in "xy")
    if x is None or y is None:
        return None
    side = map_choice.SMALL
    return min(max(x, 0.0), side), min(max(y, 0.0), side)


def _stepped(point: Point, east: int, north: int) -> Point:
    step = _STEP_METRES / _METRES_PER_DEGREE
    return Point(point.latitude + north * step, point.longitude + east * step / map_choice.narrowing(point))
