"""Outlines of areas made light enough for a phone: fewer corners, four decimals (about ten metres).

They are for looking at only; where a place lies is asked of the exact polygons.
"""

import gzip
import json
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

_GRID_DEGREES = 0.0001
_TOLERANCES_DEGREES = (0.0001, 0.0002, 0.0004, 0.0008, 0.0016)
_MOST_BYTES = 60_000  # compressed, all areas together


def light(polygons: Sequence[BaseGeometry]) -> list[dict[str, Any]]:
    """Return GeoJSON geometries in the same order, as exact as 60 KB compressed allow, if they allow it.

    A polygon too small for the grid keeps its corners as they are.
    """
    found: list[dict[str, Any]] = []
    for tolerance in _TOLERANCES_DEGREES:
        found = [_light(polygon, tolerance) for polygon in polygons]
        if len(gzip.compress(json.dumps(found).encode(), compresslevel=6)) <= _MOST_BYTES:
            break
    return found


def _light(polygon: BaseGeometry, tolerance: float) -> dict[str, Any]:
    simpler = shapely.set_precision(polygon.simplify(tolerance, preserve_topology=True), _GRID_DEGREES)
    geometry: dict[str, Any] = mapping(polygon if simpler.is_empty else simpler)
    return geometry
