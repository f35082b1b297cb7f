"""Outlines that can be worked with: polygons in WGS84, flat, whole, and where the city is."""

import math
import re
import statistics
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cps.city.profile import MapView
from cps.city.reading.findings import Findings
from cps.city.reading.geojson import Drawing, Drawn

_FAR_DEGREES = 5.0  # a city is never as far from the middle of its map
_FEWEST_FOR_A_MIDDLE = 3
_REASON = re.compile(r"(?P<reason>[^\[]+)\[(?P<longitude>\S+) (?P<latitude>\S+)\]")
_BROKEN = {
    "Self-intersection": "The outline crosses itself",
    "Ring Self-intersection": "The outline touches itself",
    "Hole lies outside shell": "A hole lies outside its outline",
    "Holes are nested": "A hole lies within a hole",
    "Nested shells": "A part of the outline lies within another",
    "Duplicate Rings": "A ring of the outline stands there twice",
    "Interior is disconnected": "A hole cuts the outline in two",
}


@dataclass(frozen=True)
class Feature:
    """A feature, counted from 1; `polygon` is None if it is unusable (noted already)."""

    file: str
    number: int
    line: int
    properties: dict[str, Any]
    polygon: BaseGeometry | None

    def fault(self, sentence: str, findings: Findings) -> None:
        """Note a fault of this feature."""
        findings.add(self.file, self.line, f"Feature {self.number}: {sentence}")

    def warn(self, sentence: str, findings: Findings) -> None:
        """Note what is odd about this feature."""
        findings.warn(self.file, self.line, f"Feature {self.number}: {sentence}")


def features_of(drawing: Drawing, centre: MapView | None, findings: Findings) -> list[Feature]:
    """Judge every outline of a drawing in WGS84.

    `centre` of the map helps to tell swapped and faraway coordinates; without it the middle of all
    outlines stands for it.
    """
    home = (centre.longitude, centre.latitude) if centre else _middle_of_all(drawing)
    _note_heights(drawing, findings)
    return [_feature(drawn, drawing.file, home, findings) for drawn in drawing.features]


def _middle_of_all(drawing: Drawing) -> tuple[float, float] | None:
    bounds = [drawn.geometry.bounds for drawn in drawing.features if drawn.geometry is not None]
    whole = [edges for edges in bounds if all(map(math.isfinite, edges))]
    if len(whole) < _FEWEST_FOR_A_MIDDLE:
        return None
    longitudes = [(west + east) / 2 for west, _south, east, _north in whole]
    latitudes = [(south + north) / 2 for _west, south, _east, north in whole]
    return statistics.median(longitudes), statistics.median(latitudes)


def _note_heights(drawing: Drawing, findings: Findings) -> None:
    high = [drawn for drawn in drawing.features if drawn.geometry is not None and drawn.geometry.has_z]
    if high:
        said = f"{len(high)} of {len(drawing.features)} outlines have heights (3D); they are left out."
        findings.warn(drawing.file, high[0].line, f"Feature {high[0].number}: {said}")


def _feature(drawn: Drawn, file: str, home: tuple[float, float] | None, findings: Findings) -> Feature:
    polygon = None if drawn.geometry is None else shapely.force_2d(drawn.geometry)
    fault = drawn.fault or _fault_of(polygon, home)
    feature = Feature(file, drawn.number, drawn.line, drawn.properties, None if fault else polygon)
    if fault:
        feature.fault(fault, findings)
    return feature


def _fault_of(polygon: BaseGeometry | None, home: tuple[float, float] | None) -> str:
    if polygon is None or polygon.geom_type not in ("Polygon", "MultiPolygon"):
        kind = "missing" if polygon is None else polygon.geom_type
        return f"The geometry is {kind}; it must be a Polygon or MultiPolygon."
    if polygon.is_empty:
        return "The outline is empty."
    if not np.isfinite(shapely.get_coordinates(polygon)).all():
        return "The outline has coordinates that are no numbers."
    return _fault_of_place(polygon, home) or _fault_of_rings(polygon)


def _fault_of_place(polygon: BaseGeometry, home: tuple[float, float] | None) -> str:
    west, south, east, north = polygon.bounds
    furthest_x, furthest_y = max(abs(west), abs(east)), max(abs(south), abs(north))
    if furthest_y <= 90 and furthest_x <= 360 and (east - west > 180 or west < -180 or east > 180):
        return "The outline crosses the date line (180° east), which cannot be handled. Cut it there in two areas."
    fault = _misplaced(((west + east) / 2, (south + north) / 2), home)
    if not fault and (furthest_x > 180 or furthest_y > 90):
        return "The outline is not in degrees WGS84. Convert it to EPSG:4326."
    return fault


def _misplaced(middle: tuple[float, float], home: tuple[float, float] | None) -> str:
    if home is None or math.dist(middle, home) <= _FAR_DEGREES:
        return ""
    if math.dist(middle[::-1], home) <= _FAR_DEGREES:
        return "Longitude and latitude are swapped. GeoJSON puts the longitude first."
    if abs(middle[0]) <= 180 and abs(middle[1]) <= 90:
        return f"The outline lies far from the map's centre, at {middle[1]:.3f}, {middle[0]:.3f}."
    return ""


def _fault_of_rings(polygon: BaseGeometry) -> str:
    for part in shapely.get_parts(polygon):
        for number, ring in enumerate((part.exterior, *part.interiors), start=1):
            if ring.convex_hull.area == 0:
                longitude, latitude = ring.coords[0]
                return f"Ring {number} of the outline has no area, at {latitude:.6f}, {longitude:.6f}."
    if polygon.is_valid:
        return ""
    return _broken(shapely.is_valid_reason(polygon))


def _broken(reason: str) -> str:
    match = _REASON.fullmatch(reason)
    if match is None:
        return f"The outline is broken: {reason}."
    said = _BROKEN.get(match["reason"], f"The outline is broken ({match['reason']})")
    return f"{said}, at {float(match['latitude']):.6f}, {float(match['longitude']):.6f}."
