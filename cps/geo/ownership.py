"""Whose a place is, where it lies on or near something with an owner: a road, a canal, a park.

Distances are taken in degrees of latitude, longitudes squeezed to the place's own latitude, which is
exact to a few millimetres over the metres that count here.
"""

import math
from collections.abc import Iterable

import shapely
from shapely.affinity import scale
from shapely.geometry.base import BaseGeometry

from cps.geo.grid import NONE, Grid
from cps.geo.point import Point

_METRES_PER_DEGREE = 111_320.0
# What is looked at reaches a little farther than what counts: arcs are made of straight pieces, which lie
# within them, and a net over something without any width would have no end of cells.
_MARGIN, _MORE = 1.01, 10 / _METRES_PER_DEGREE


class OwnerMap:
    """The owned things of a city, quick to ask: a few microseconds a point."""

    def __init__(self, things: Iterable[tuple[str, BaseGeometry, float]]) -> None:
        """Take (owner, geometry, metres) triples, geometries in WGS84 with x longitude and y latitude."""
        known = list(things)
        self._owners = [owner for owner, _geometry, _metres in known]
        middle = float(shapely.total_bounds([g for _o, g, _m in known])[[1, 3]].mean()) if known else 0.0
        self._squeeze = max(math.cos(math.radians(middle)), 0.01)
        self._shapes = [scale(g, xfact=self._squeeze, origin=(0, 0)) for _o, g, _m in known]
        self._within = [metres / _METRES_PER_DEGREE for _o, _g, metres in known]
        self._farthest = max(self._within, default=0.0)
        self._tree = shapely.STRtree(self._shapes)
        # Most places are near nothing, and the net of cells says so at once.
        reaches = [
            s.buffer(_MARGIN * within + _MORE) for s, within in zip(self._shapes, self._within, strict=True)
        ]
        self._grid = Grid(reaches)

    def owner_of(self, point: Point) -> str | None:
        """Return the owner of the nearest thing that reaches as far as this place, or None."""
        x, y = point.longitude * self._squeeze, point.latitude
        looked_at, sure = self._grid.at(x, y)
        if not looked_at and sure == NONE:
            return None
        place = shapely.Point(x, y)
        near = self._tree.query(place, predicate="dwithin", distance=self._farthest)
        reached = [
            (away, int(n)) for n in near if (away := place.distance(self._shapes[n])) <= self._within[n]
        ]
        return self._owners[min(reached)[1]] if reached else None
