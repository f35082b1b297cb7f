"""From whatever coordinate system a boundary file is in to WGS84, by PROJ and what it knows without network."""

from typing import Any, Final

import numpy as np
import pyproj
import pyproj.network
import shapely
from pyproj.exceptions import CRSError, ProjError

from cps.city.reading.findings import Findings
from cps.city.reading.geojson import Drawing, Drawn
from cps.kernel.errors import Unusable

_WGS84: Final = "EPSG:4326"
_MOST_DEGREES: Final = 360.0  # twice round is no longitude anybody writes


def in_wgs84(drawing: Drawing, findings: Findings) -> Drawing:
    """Return the drawing in degrees WGS84, longitude first, with what it was in as `crs`.

    Raises Unusable if the file does not say its coordinate system and its numbers are no degrees,
    or says one that PROJ does not know.
    """
    if not drawing.features:
        if not findings.faults:
            raise Unusable("There is no feature in this file.")
        return drawing
    if drawing.crs is None:
        return _taken_for_degrees(drawing, findings)
    crs = _crs(drawing.crs)
    if crs.equals(pyproj.CRS(_WGS84), ignore_axis_order=True):
        return Drawing(drawing.file, "WGS 84", drawing.features)
    pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined] # its own stub forgets it
    try:
        transformer = pyproj.Transformer.from_crs(crs, _WGS84, always_xy=True)
    except ProjError:
        raise Unusable(f"There is no way from the coordinate system {crs.name} to WGS84.") from None
    return Drawing(drawing.file, crs.name, tuple(_moved(drawn, transformer) for drawn in drawing.features))


def _taken_for_degrees(drawing: Drawing, findings: Findings) -> Drawing:
    """GeoJSON is in WGS84 unless it says otherwise; another file is taken to be, if that is possible."""
    shapes = [drawn.geometry for drawn in drawing.features if drawn.geometry is not None]
    furthest = [np.abs(shapely.get_coordinates(shape)).max(initial=0) for shape in shapes]
    if furthest and min(furthest) > _MOST_DEGREES:
        raise Unusable(
            "This file does not say its coordinate system (CRS), and its numbers are no degrees. "
            "Save it with its CRS (a Shapefile has it in .prj), or convert it to EPSG:4326."
        )
    if drawing.features[0].line == 0:
        findings.warn(
            drawing.file, 0, "This file does not say its coordinate system (CRS); it is taken for WGS84."
        )
    return Drawing(drawing.file, "WGS 84", drawing.features)


def _crs(name: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(name).to_2d()
    except CRSError:
        said = name if len(name) <= 60 else f"{name[:60]}…"
        raise Unusable(f"The coordinate system {said!r} is not known.") from None


def _moved(drawn: Drawn, transformer: pyproj.Transformer) -> Drawn:
    """Move an outline; one that lies where its coordinate system does not reach gets coordinates that are no numbers."""
    if drawn.geometry is None:
        return drawn

    def moved(corners: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        flat = transformer.transform(corners[:, 0], corners[:, 1])
        return np.column_stack((*flat, corners[:, 2:]))

    geometry = shapely.transform(drawn.geometry, moved, include_z=drawn.geometry.has_z)
    return Drawn(drawn.number, drawn.line, drawn.properties, geometry, drawn.fault)
