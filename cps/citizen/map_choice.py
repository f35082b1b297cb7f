"""What a map of reports was asked for in its address: where, how close, and which reports.

An address that somebody else wrote, or that is older than the city's categories, opens a map all the same:
whatever of it means nothing is left out.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import request

from cps.city.queries import CityInForce
from cps.complaints import atlas
from cps.complaints.spots import Wanted
from cps.complaints.status import OPEN
from cps.geo import cells
from cps.geo.cells import NORTHERNMOST, Cells, Window
from cps.geo.frame import HIGHEST_ZOOM, LOWEST_ZOOM, Frame
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.errors import Invalid
from cps.kernel.text import _

WIDTH, HEIGHT = 640, 420  # pixels of a still map
SMALL = 256  # pixels a side of one to be tapped: it must fit a narrow phone as it is, for taps come in its own pixels
_NARROWEST = 0.01
PERIODS: Final = {"week": 7, "month": 30, "quarter": 90, "year": 365}  # days
FILTERS: Final = ("category", "area", "status", "period", "since")

_LEVELS_CLOSER = 2  # a cell is a quarter of a tile wide, 64 pixels
_MOST_PER_SIDE = 30  # cells: up to 900 clusters, about 36 kB
_DEEPEST_CELL = HIGHEST_ZOOM + _LEVELS_CLOSER
_UNREADABLE = _("We could not read which part of the map is meant.")


@dataclass(frozen=True)
class Chosen:
    """Which reports, as codes and words of the address; empty is any."""

    category: str
    area: str
    status: str
    period: str
    since: str

    def in_address(self) -> dict[str, str]:
        """Return what must stand in an address to ask for the same."""
        return {name: value for name in FILTERS if (value := getattr(self, name))}

    def wanted(self, city: CityInForce) -> Wanted:
        """Return them as spots know them."""
        statuses = {"open": sorted(OPEN), "answered": atlas.ANSWERED}.get(self.status)
        since = self._first_day(city)
        return Wanted(
            category=city.category_ids.get(self.category),
            area=city.area_ids.get(self.area),
            statuses=[atlas.STATUS_NUMBERS[status] for status in statuses] if statuses else None,
            since=atlas.day_number(since) if since else None,
        )

    def _first_day(self, city: CityInForce) -> date | None:
        if self.since:
            return date.fromisoformat(self.since)
        if self.period:
            today = clock.now().astimezone(city.profile.calendar.zone).date()
            return today - timedelta(days=PERIODS[self.period])
        return None


def chosen(city: CityInForce) -> Chosen:
    """Read which reports are asked for."""
    asked = request.args
    return Chosen(
        category=_known(asked.get("category"), city.category_ids),
        area=_known(asked.get("area"), city.area_ids),
        status=_known(asked.get("status"), {"open": 0, "answered": 0}),
        period=_known(asked.get("period"), PERIODS),
        since=_day(asked.get("since")),
    )


def frame(city: CityInForce) -> Frame:
    """Read which part of the map a still picture shows; the city's own view where nothing is said."""
    view, asked = city.profile.map, request.args
    latitude, longitude = (number(asked.get(name)) for name in ("latitude", "longitude"))
    is_there = latitude is not None and longitude is not None
    middle = Point(latitude, longitude) if is_there else Point(view.latitude, view.longitude)  # type: ignore[arg-type]
    zoom = asked.get("zoom", view.zoom, type=int)
    return around(middle, zoom, is_small="pin" in asked)


def around(middle: Point, zoom: int, *, is_small: bool = False) -> Frame:
    """Return the map around a place, the nearest there is; `is_small`: the one to be tapped."""
    width, height = (SMALL, SMALL) if is_small else (WIDTH, HEIGHT)
    return Frame(_within(middle), min(max(zoom, LOWEST_ZOOM), HIGHEST_ZOOM), width, height)


def block() -> Cells:
    """Read which cells are asked for, by a window and zoom or by one cell; raise Invalid where nobody can tell.

    A window that would need too many cells gets larger ones: the whole world at the closest zoom is a few.
    """
    asked = request.args
    if "cell" in asked:
        return _cell(asked["cell"])
    corners = [number(asked.get(name)) for name in ("west", "south", "east", "north")]
    zoom = number(asked.get("zoom"))
    if zoom is None or None in corners:
        raise Invalid({"window": _UNREADABLE})
    west, south, east, north = (corner for corner in corners if corner is not None)
    if west > east or south > north:
        raise Invalid({"window": _UNREADABLE})
    level = int(min(max(zoom, 0), HIGHEST_ZOOM)) + _LEVELS_CLOSER
    return cells.covering(Window(west, south, east, north), level=level, most_per_side=_MOST_PER_SIDE)


def block_of(framed: Frame) -> Cells:
    """Return the cells a still picture shows, fine enough to tell what is in it."""
    return cells.covering(framed.window, level=framed.zoom + 4, most_per_side=4 * _MOST_PER_SIDE)


def heaps_of(framed: Frame) -> Cells:
    """Return the cells whose reports are drawn as one circle each."""
    return cells.covering(framed.window, level=framed.zoom + _LEVELS_CLOSER, most_per_side=_MOST_PER_SIDE)


def _cell(text: str) -> Cells:
    parts = text.split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise Invalid({"cell": _UNREADABLE})
    level, x, y = map(int, parts)
    if level > _DEEPEST_CELL or x >= 2**level or y >= 2**level:
        raise Invalid({"cell": _UNREADABLE})
    return Cells(level, x, y, x, y)


def _known(value: str | None, known: Mapping[str, object]) -> str:
    return value if value is not None and value in known else ""


def _day(value: str | None) -> str:
    try:
        return date.fromisoformat(value or "").isoformat()
    except ValueError:
        return ""


def number(value: str | None) -> float | None:
    """Read a number; None for anything else."""
    try:
        found = float(value or "")
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def narrowing(point: Point) -> float:
    """Return how wide a degree of longitude is here, as a share of one at the equator."""
    return max(math.cos(math.radians(point.latitude)), _NARROWEST)


def _within(point: Point) -> Point:
    return Point(
        round(min(max(point.latitude, -NORTHERNMOST), NORTHERNMOST), 6),
        round(min(max(point.longitude, -180.0), 180.0), 6),
    )
