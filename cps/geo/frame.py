"""A map drawn as a picture of so many pixels around a place: where in it places lie, and what lies beside it."""

import math
from dataclasses import dataclass, replace

from cps.geo.cells import NORTHERNMOST, Window
from cps.geo.point import Point

TILE_PIXELS = 256  # of a tile on its own zoom level
LOWEST_ZOOM, HIGHEST_ZOOM = 8, 19


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture shows: its middle, the zoom level of Web Mercator, its size in pixels."""

    middle: Point
    zoom: int
    width: int
    height: int

    @property
    def window(self) -> Window:
        """The part of the map that is in the picture."""
        north_west, south_east = self.place(0, 0), self.place(self.width, self.height)
        return Window(north_west.longitude, south_east.latitude, south_east.longitude, north_west.latitude)

    def pixel(self, point: Point) -> tuple[float, float]:
        """Return how far from the left and from the top a place lies."""
        x, y = self._world(point)
        left, top = self._corner()
        return x - left, y - top

    def place(self, x: float, y: float) -> Point:
        """Return the place at a pixel."""
        left, top = self._corner()
        size = TILE_PIXELS * 2**self.zoom
        longitude = (left + x) / size * 360 - 180
        latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (top + y) / size))))
        return Point(latitude, min(max(longitude, -180.0), 180.0))

    def moved(self, right: float, down: float) -> "Frame":
        """Return the picture so many widths to the right and heights further down."""
        middle = self.place(self.width * (0.5 + right), self.height * (0.5 + down))
        return replace(self, middle=middle)

    def zoomed(self, levels: int) -> "Frame":
        """Return the picture of the same middle closer by, or from farther away."""
        return replace(self, zoom=min(max(self.zoom + levels, LOWEST_ZOOM), HIGHEST_ZOOM))

    def tiles(self, level: int) -> list[tuple[int, int]]:
        """Return x and y of the tiles of a level that the picture shows."""
        size = TILE_PIXELS * 2 ** (self.zoom - level)
        left, top = self._corner()
        columns = range(int(left // size), int((left + self.width) // size) + 1)
        rows = range(int(top // size), int((top + self.height) // size) + 1)
        return [(x, y) for y in rows for x in columns if 0 <= x < 2**level and 0 <= y < 2**level]

    def corner_of_tile(self, level: int, x: int, y: int) -> tuple[float, float, float]:
        """Return where the north-west corner of a tile lies in the picture, and how many pixels wide it is there."""
        size = TILE_PIXELS * 2.0 ** (self.zoom - level)
        left, top = self._corner()
        return x * size - left, y * size - top, size

    def _corner(self) -> tuple[float, float]:
        x, y = self._world(self.middle)
        return x - self.width / 2, y - self.height / 2

    def _world(self, point: Point) -> tuple[float, float]:
        size = TILE_PIXELS * 2**self.zoom
        latitude = min(max(point.latitude, -NORTHERNMOST), NORTHERNMOST)
        down = 0.5 - math.asinh(math.tan(math.radians(latitude))) / (2 * math.pi)
        return (point.longitude + 180) / 360 * size, down * size
