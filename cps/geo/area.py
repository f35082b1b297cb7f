"""Which part of the city a place lies in.

Distances and nearness are taken in degrees of latitude, longitudes squeezed to the city's own
latitude, so that a degree is about as long in every direction.
"""

import math
from collections.abc import Iterable

import shapely
from shapely.affinity import scale
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from cps.geo.grid import NONE, Grid
from cps.geo.point import Point, metres_between


class AreaMap:
    """The areas of a city, quick to ask: a few microseconds a point, most points without a look at any outline."""

    def __init__(self, areas: Iterable[tuple[str, BaseGeometry]], *, tolerance_m: float) -> None:
        """Take (code, polygon) pairs, polygons in WGS84 with x longitude and y latitude."""
        ordered = sorted(areas, key=lambda area: area[0])
        self._codes = tuple(code for code, _polygon in ordered)
        self._tolerance_m = tolerance_m
        polygons = [polygon for _code, polygon in ordered]
        self._squeeze = _squeeze_at(polygons)
        self._polygons: list[BaseGeometry] = [scale(p, xfact=self._squeeze, origin=(0, 0)) for p in polygons]
        shapely.prepare(self._polygons)
        self._grid = Grid(self._polygons)
        self._tree = shapely.STRtree(self._polygons)
        self._outline = _without_holes(shapely.union_all(self._polygons))
        shapely.prepare(self._outline)

    def containing(self, point: Point) -> str | None:
        """Return the code of the area a place counts to, or None if it is outside the city.

        On a shared border it is the area with the smaller code. In a gap between areas, or outside but
        within the tolerance, it is the nearest area.
        """
        x, y = point.longitude * self._squeeze, point.latitude
        looked_at, sure = self._grid.at(x, y)
        for index in looked_at:
            if shapely.intersects_xy(self._polygons[index], x, y):
                return self._codes[index]
        return self._codes[sure] if sure != NONE else self._nearest(shapely.Point(x, y), point)

    def _nearest(self, place: shapely.Point, point: Point) -> str | None:
        if not self._codes:
            return None
        nearest = int(min(self._tree.query_nearest(place)))
        if shapely.intersects(self._outline, place):
            return self._codes[nearest]
        border = shapely.get_coordinates(shapely.shortest_line(place, self._polygons[nearest]))[-1]
        away_m = metres_between(point, Point(float(border[1]), float(border[0]) / self._squeeze))
        return self._codes[nearest] if away_m <= self._tolerance_m else None


def _squeeze_at(polygons: list[BaseGeometry]) -> float:
    if not polygons:
        return 1.0
    _west, south, _east, north = shapely.total_bounds(polygons)
    return max(math.cos(math.radians((south + north) / 2)), 0.01)


def _without_holes(outline: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(outline) if isinstance(part, Polygon)]
    return MultiPolygon([Polygon(part.exterior) for part in parts]).buffer(0)
