"""Outlines that nearly fit are made to fit: what two areas claim is given to one, slivers between them are filled.

On what two areas claim the smaller code decides, as it does for a report on a shared border; a sliver
goes to the area with the longest border to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cps.geo.measure import all_square_metres
from cps.kernel.errors import Unusable

DECIMALS: Final = 6
"""Of a degree: a tenth of a metre."""

_GRID_DEGREES: Final = 10.0**-DECIMALS
_ANY_WIDTH: Final = 360.0  # gaps too large to fill are errors, and never come here
_MOST_ROUNDS: Final = 10  # it settles after two or three


@dataclass(frozen=True)
class Change:
    """What cleaning did to an area, in square metres."""

    code: str
    gained_m2: float
    lost_m2: float


def rounded(polygon: BaseGeometry) -> BaseGeometry:
    """Return the polygon with corners on the grid; shared corners stay shared.

    Where rounding would break a polygon it is put together anew on the grid.
    """
    moved: BaseGeometry = shapely.transform(polygon, _on_grid)
    if moved.is_valid and not shapely.is_empty(moved):
        return moved
    return shapely.set_precision(polygon, _GRID_DEGREES)


def clean(areas: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Return areas that share borders corner by corner, without overlaps and gaps, on the grid, by code.

    Cleaning what is clean changes nothing. Raises Unusable where an area would vanish.
    """
    codes = sorted(areas)
    before = [rounded(areas[code]) for code in codes]
    for _round in range(_MOST_ROUNDS):
        after = [shapely.transform(polygon, _on_grid) for polygon in _fitted(before)]
        is_settled = all(
            one.normalize() == other.normalize() for one, other in zip(before, after, strict=True)
        )
        before = after
        if is_settled and shapely.coverage_is_valid(after):
            return _checked(dict(zip(codes, after, strict=True)))
    raise Unusable("The outlines could not be made to fit. Repair them in a map program.")


def changes(before: Mapping[str, BaseGeometry], after: Mapping[str, BaseGeometry]) -> list[Change]:
    """Return what each area gained and lost, those that did by at least a square metre, by code."""
    codes = sorted(after)
    olds, news = [before[code] for code in codes], [after[code] for code in codes]
    gained = all_square_metres(list(shapely.difference(news, olds)))
    lost = all_square_metres(list(shapely.difference(olds, news)))
    found = (Change(*each) for each in zip(codes, gained, lost, strict=True))
    return [change for change in found if max(change.gained_m2, change.lost_m2) >= 1]


def _fitted(polygons: list[BaseGeometry]) -> Any:
    return shapely.coverage_clean(  # type: ignore[attr-defined] # new in 2.2, the stubs are of 2.1
        polygons, gap_width=_ANY_WIDTH, snapping_distance=_GRID_DEGREES, merge_strategy="min_index"
    )


def _checked(areas: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    for code, polygon in areas.items():
        if polygon.is_empty or not polygon.is_valid:
            raise Unusable(f"Area {code!r} would not survive cleaning. Repair it in a map program.")
    return areas


def _on_grid(degrees: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.round(degrees, DECIMALS) + 0.0  # no minus nought
