"""How large an outline in WGS84 is, in square metres on the ellipsoid."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

_SEMI_MAJOR_M: Final = 6_378_137.0
_FLATTENING: Final = 1 / 298.257223563
_ECCENTRICITY: Final = math.sqrt(_FLATTENING * (2 - _FLATTENING))


def square_metres(outline: BaseGeometry) -> float:
    """Return the area of an outline, x longitude and y latitude in degrees.

    Sides are straight in the cylindrical equal-area projection of WGS84 (Snyder, Map Projections, 1987,
    formulas 10-14 and 3-12), which in the middle of a side of a kilometre is centimetres from straight in degrees.
    """
    return float(shapely.area(shapely.transform(outline, _equal_area)))


def all_square_metres(outlines: Sequence[BaseGeometry]) -> list[float]:
    """Return the areas of many outlines, in their order."""
    measured: list[float] = shapely.area(shapely.transform(list(outlines), _equal_area)).tolist()
    return measured


def _equal_area(degrees: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    e = _ECCENTRICITY
    x, sine = np.radians(degrees[:, 0]), np.sin(np.radians(degrees[:, 1]))
    bulge = np.log((1 - e * sine) / (1 + e * sine)) / (2 * e)
    q = (1 - e**2) * (sine / (1 - (e * sine) ** 2) - bulge)
    return np.column_stack((_SEMI_MAJOR_M * x, _SEMI_MAJOR_M * q / 2))
