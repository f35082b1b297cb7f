"""Cells of the map: the squares of the Web Mercator grid, numbered so that near places have near numbers.

On level n the world is 2ⁿ cells wide and high, x counted from the west, y from the north. A key interleaves
the digits of x and y on the deepest level (Morton, 1966): the keys of any cell are one unbroken range.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

DEEPEST: Final = 25  # about a metre
NORTHERNMOST: Final = 85.0511  # degrees; here the projection is cut off, and is a square

_Array = np.ndarray[Any, Any]
# How far to spread the digits of a number, and which of them then stand where they belong.
_SPREADING: Final = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
_HALF: Final = 0x00000000FFFFFFFF


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the map: degrees WGS84, west ≤ east and south ≤ north."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Cells:
    """A block of cells of one level, its edges included."""

    level: int
    west: int
    north: int
    east: int
    south: int

    def coarser(self, level: int) -> "Cells":
        """Return the cells of a higher level that cover these."""
        up = self.level - level
        return Cells(level, self.west >> up, self.north >> up, self.east >> up, self.south >> up)

    @property
    def side(self) -> int:
        """How many cells the longer side has."""
        return max(self.east - self.west, self.south - self.north) + 1

    def keys(self) -> _Array:
        """Return the keys of all of them on their own level, in order."""
        columns = np.arange(self.west, self.east + 1)
        rows = np.arange(self.north, self.south + 1)
        found: _Array = np.sort((_spread(columns)[:, None] | (_spread(rows)[None, :] << 1)).ravel())
        return found


def covering(window: Window, *, level: int, most_per_side: int) -> Cells:
    """Return the cells that a window touches, on this level or on the next one that needs few enough."""
    west, north = _column(window.west), _row(window.north)
    east, south = _column(window.east), _row(window.south)
    found = Cells(DEEPEST, west, north, east, south).coarser(level)
    while found.side > most_per_side:
        found = found.coarser(found.level - 1)
    return found


def keys(latitudes: _Array, longitudes: _Array) -> _Array:
    """Return the keys of many places; those beyond the edge of the map lie on it."""
    size = 1 << DEEPEST
    x = (longitudes + 180) / 360
    y = 0.5 - np.arcsinh(np.tan(np.radians(np.clip(latitudes, -NORTHERNMOST, NORTHERNMOST)))) / (2 * np.pi)
    columns, rows = ((part * size).clip(0, size - 1).astype(np.int64) for part in (x, y))
    found: _Array = _spread(columns) | (_spread(rows) << 1)
    return found


def columns_rows(cells: _Array) -> tuple[_Array, _Array]:
    """Return x and y of cells by their keys on whatever level."""
    return _gathered(cells), _gathered(cells >> 1)


def middles(found: _Array) -> tuple[_Array, _Array]:
    """Return latitudes and longitudes of the middles of cells of the deepest level."""
    columns, rows = columns_rows(found)
    size = 1 << DEEPEST
    longitudes = (columns + 0.5) / size * 360 - 180
    latitudes = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (rows + 0.5) / size))))
    return latitudes, longitudes


def _column(longitude: float) -> int:
    size = 1 << DEEPEST
    return min(max(int((longitude + 180) / 360 * size), 0), size - 1)


def _row(latitude: float) -> int:
    size = 1 << DEEPEST
    within = min(max(latitude, -NORTHERNMOST), NORTHERNMOST)
    down = 0.5 - math.asinh(math.tan(math.radians(within))) / (2 * math.pi)
    return min(max(int(down * size), 0), size - 1)


def _spread(numbers: _Array) -> _Array:
    found = numbers.astype(np.int64)
    for shift, kept in _SPREADING:
        found = (found | (found << shift)) & kept
    return found


def _gathered(numbers: _Array) -> _Array:
    found = numbers & _SPREADING[-1][1]
    for (shift, _), kept in zip(
        reversed(_SPREADING), (*(k for _, k in _SPREADING[-2::-1]), _HALF), strict=True
    ):
        found = (found | (found >> shift)) & kept
    return found
