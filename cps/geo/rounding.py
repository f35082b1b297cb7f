"""Places shown no finer than a net of 50 metres: whoever reports from home is not to be found by the map.

Every place within a mesh is shown at its middle, so that many reports of one home tell no more than one.
"""

from typing import Any, Final

import numpy as np

from cps.geo.point import Point

MESH_METRES: Final = 50

_METRES_PER_DEGREE: Final = 111_320
_STEP: Final = MESH_METRES / _METRES_PER_DEGREE  # degrees of latitude
_NARROWEST: Final = 0.01  # of a degree's width at the equator; at the poles there are no homes

_Array = np.ndarray[Any, Any]


def rounded(point: Point) -> Point:
    """Return the middle of the mesh a place lies in."""
    latitudes, longitudes = all_rounded(np.array([point.latitude]), np.array([point.longitude]))
    return Point(float(latitudes[0]), float(longitudes[0]))


def all_rounded(latitudes: _Array, longitudes: _Array) -> tuple[_Array, _Array]:
    """Return the middles of the meshes of many places, degrees WGS84."""
    middles = np.clip((np.floor(latitudes / _STEP) + 0.5) * _STEP, -90, 90)
    steps = _STEP / np.maximum(np.cos(np.radians(middles)), _NARROWEST)
    return middles, np.clip((np.floor(longitudes / steps) + 0.5) * steps, -180, 180)
