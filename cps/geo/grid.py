"""A net of cells over the areas: most cells lie within one area, and need no look at any outline.

Exact: a cell through which no side of an outline passes lies wholly inside or wholly outside of it. In which
cell a place or a side lies is reckoned by one formula that never decreases, so rounding cannot part them.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Choice = tuple[tuple[int, ...], int]
"""Areas to be looked at in order, and the one that has the place if none of them has; NONE if no area must."""

NONE: Final = -1

_Array = np.ndarray[Any, Any]
_CELLS_PER_AREA = 256  # about a cell in six then lies on a border
_FEWEST, _MOST = 16, 512  # cells along a side
_MARGIN = 1e-6  # of a cell, around sides that were cut in pieces and so rounded
_ANYWHERE: Choice = ((), NONE)


class Grid:
    """For every place, the few areas that may have it, first things first; about a megabyte for 500 areas."""

    def __init__(self, polygons: Sequence[BaseGeometry]) -> None:
        """Take polygons in order of precedence."""
        self._choices: list[Choice] = [_ANYWHERE]
        self._numbers: dict[Choice, int] = {_ANYWHERE: 0}
        self._side = min(max(round((_CELLS_PER_AREA * len(polygons)) ** 0.5), _FEWEST), _MOST)
        self._west, self._south, self._east, self._north = _bounds(polygons)
        self._per_x = self._side / (self._east - self._west)
        self._per_y = self._side / (self._north - self._south)
        cells = np.zeros(self._side * self._side, dtype=np.uint32)
        for index in reversed(range(len(polygons))):
            self._lay(index, polygons[index], cells)
        self._cells = array("I", cells.astype(np.uintc).tobytes())
        self._numbers.clear()  # only laying asks for them

    def at(self, x: float, y: float) -> Choice:
        """Return which areas may have a place."""
        if not (self._west <= x <= self._east and self._south <= y <= self._north):
            return _ANYWHERE
        last = self._side - 1
        column = min(int((x - self._west) * self._per_x), last)
        row = min(int((y - self._south) * self._per_y), last)
        number: int = self._cells[row * self._side + column]
        return self._choices[number]

    def _lay(self, index: int, polygon: BaseGeometry, cells: _Array) -> None:
        """Put a polygon over those of less precedence that lie there already."""
        border = self._border(polygon)
        inside = np.setdiff1d(self._middle_inside(polygon), border, assume_unique=True)
        cells[inside] = self._number(((), index))
        for cell in border.tolist():
            looked_at, sure = self._choices[cells[cell]]
            cells[cell] = self._number(((index, *looked_at), sure))

    def _border(self, polygon: BaseGeometry) -> _Array:
        """Return the cells through which a side of the outline may pass."""
        cut = shapely.segmentize(polygon, 1 / max(self._per_x, self._per_y))
        corners, rings = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(cut)), return_index=True)
        starts, ends = corners[:-1], corners[1:]
        of_one_ring = rings[:-1] == rings[1:]
        low, high = np.minimum(starts, ends)[of_one_ring], np.maximum(starts, ends)[of_one_ring]
        margin = _MARGIN / np.array([self._per_x, self._per_y])
        west, south = self._columns_rows(low - margin)
        east, north = self._columns_rows(high + margin)
        found = [
            (row * self._side + column)[(column <= east) & (row <= north)]
            for column in _from_to(west, east)
            for row in _from_to(south, north)
        ]
        return np.unique(np.concatenate(found))

    def _middle_inside(self, polygon: BaseGeometry) -> _Array:
        """Return the cells whose middle lies in the polygon."""
        bounds = np.array(polygon.bounds).reshape(2, 2)
        (west, east), (south, north) = self._columns_rows(bounds)
        columns, rows = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
        x = self._west + (columns + 0.5) / self._per_x
        y = self._south + (rows + 0.5) / self._per_y
        is_inside = shapely.contains_xy(polygon, x, y)
        inside: _Array = (rows * self._side + columns)[is_inside]
        return inside

    def _columns_rows(self, places: _Array) -> tuple[_Array, _Array]:
        columns = ((places[:, 0] - self._west) * self._per_x).astype(np.int64)
        rows = ((places[:, 1] - self._south) * self._per_y).astype(np.int64)
        return columns.clip(0, self._side - 1), rows.clip(0, self._side - 1)

    def _number(self, choice: Choice) -> int:
        number = self._numbers.setdefault(choice, len(self._choices))
        if number == len(self._choices):
            self._choices.append(choice)
        return number


def _bounds(polygons: Sequence[BaseGeometry]) -> tuple[float, float, float, float]:
    if not polygons:
        return 0.0, 0.0, 1.0, 1.0
    west, south, east, north = shapely.total_bounds(list(polygons)).tolist()
    return west, south, east, north


def _from_to(first: _Array, last: _Array) -> Iterator[_Array]:
    """Give the first, the second … cell of every side, as far as the longest reaches."""
    for step in range(int((last - first).max(initial=0)) + 1):
        yield first + step
