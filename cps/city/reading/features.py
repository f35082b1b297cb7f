"""Outlines from GeoJSON: polygons in WGS84, each with the number of its feature and its line."""

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from cps.city.profile import MapView
from cps.city.reading.findings import Findings, text_of

_FEATURE = re.compile(r'"type"\s*:\s*"Feature"')
_FAR_DEGREES = 5.0  # a city is never as far from the middle of its map


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


def read_features(path: Path, centre: MapView | None, findings: Findings) -> list[Feature] | None:
    """Read a FeatureCollection of polygons; None, with the reason noted, if it is none.

    `centre` of the map helps to tell swapped coordinates.
    """
    text = text_of(path, findings)
    if text is None:
        return None
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        findings.add(path.name, error.lineno, f"This is not JSON: {error.msg}.")
        return None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        findings.add(path.name, 1, "This is not GeoJSON: a FeatureCollection with 'features' is expected.")
        return None
    lines = _lines(text, len(features))
    return [
        _feature(feature, (number, lines[number - 1]), path.name, centre, findings)
        for number, feature in enumerate(features, start=1)
    ]


def _lines(text: str, count: int) -> list[int]:
    lines = [text.count("\n", 0, match.start()) + 1 for match in _FEATURE.finditer(text)]
    return lines if len(lines) == count else [1] * count


def _feature(
    feature: Any, place: tuple[int, int], file: str, centre: MapView | None, findings: Findings
) -> Feature:
    number, line = place
    members = feature if isinstance(feature, dict) else {}
    properties = members.get("properties")
    polygon, fault = _polygon(members.get("geometry"), centre)
    read = Feature(file, number, line, properties if isinstance(properties, dict) else {}, polygon)
    if fault:
        read.fault(fault, findings)
    return read


def _polygon(geometry: Any, centre: MapView | None) -> tuple[BaseGeometry | None, str]:
    """Return a good polygon, or None and what is wrong with it."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return None, f"The geometry is {kind or 'missing'}; it must be a Polygon or MultiPolygon."
    try:
        polygon = shapely.force_2d(shape(geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError) as error:
        return None, f"The outline cannot be read: {error}."
    fault = _fault_of(polygon, centre)
    return (None, fault) if fault else (polygon, "")


def _fault_of(polygon: BaseGeometry, centre: MapView | None) -> str:
    if polygon.is_empty:
        return "The outline is empty."
    west, south, east, north = polygon.bounds
    if not all(math.isfinite(edge) for edge in polygon.bounds):
        return "The outline has coordinates that are no numbers."
    fault = _misplaced(((west + east) / 2, (south + north) / 2), centre)
    if fault:
        return fault
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return "The outline is not in degrees WGS84. Convert it to EPSG:4326."
    if not polygon.is_valid:
        return f"The outline crosses itself or is broken: {shapely.is_valid_reason(polygon)}."
    return ""


def _misplaced(middle: tuple[float, float], centre: MapView | None) -> str:
    if centre is None:
        return ""
    home = (centre.longitude, centre.latitude)
    if math.dist(middle, home) <= _FAR_DEGREES:
        return ""
    if math.dist(middle[::-1], home) <= _FAR_DEGREES:
        return "Longitude and latitude are swapped. GeoJSON puts the longitude first."
    if abs(middle[0]) <= 180 and abs(middle[1]) <= 90:
        return f"The outline lies far from the map's centre, at {middle[1]:.3f}, {middle[0]:.3f}."
    return ""
