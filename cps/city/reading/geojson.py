"""GeoJSON as text: what is drawn in it, feature by feature, each with the line it begins on."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from cps.city.reading.findings import Findings, text_of

MOST_BYTES: Final = 200_000_000
"""Of a boundary file, unpacked: ten times the largest city's."""

OUTLINES: Final = ("Polygon", "MultiPolygon")
"""The kinds of geometry an area can have."""
SHAPES: Final = (*OUTLINES, "LineString", "MultiLineString", "Point", "MultiPoint")
"""The kinds of geometry anything on the map can have."""

_FEATURE = re.compile(r'"type"\s*:\s*"Feature"')


@dataclass(frozen=True)
class Drawn:
    """A feature as it stands in its file, counted from 1; `fault` says why it has no geometry, if it should."""

    number: int
    line: int
    properties: dict[str, Any]
    geometry: BaseGeometry | None
    fault: str = ""


@dataclass(frozen=True)
class Drawing:
    """All features of a file or layer, and the coordinate system it says they are in, if it says one."""

    file: str
    crs: str | None
    features: tuple[Drawn, ...]


def read_geojson(path: Path, findings: Findings, *, kinds: Sequence[str] = OUTLINES) -> Drawing | None:
    """Read a FeatureCollection of some kinds of geometry; None, with the reason noted, if it is none."""
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        findings.add(path.name, 1, f"This file is larger than {MOST_BYTES // 1_000_000} MB.")
        return None
    text = text_of(path, findings)
    document = None if text is None else _parsed(text, path.name, findings)
    if text is None or document is None:
        return None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        findings.add(path.name, 1, "This is not GeoJSON: a FeatureCollection with 'features' is expected.")
        return None
    crs = _crs_of(document)
    lines = _lines(text, len(features))
    numbers = range(1, len(lines) + 1)
    drawn = (_drawn(*feature, crs, kinds) for feature in zip(numbers, lines, features, strict=True))
    return Drawing(path.name, crs, tuple(drawn))


def _parsed(text: str, file: str, findings: Findings) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        cut = " The file seems to be cut off." if error.pos >= len(text.rstrip()) - 1 else ""
        findings.add(file, error.lineno, f"This is not JSON: {error.msg}.{cut}")
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets in brackets in brackets
        findings.add(file, 1, "This is not JSON that anybody would write.")
    return None


def _lines(text: str, count: int) -> list[int]:
    lines: list[int] = []
    line, read_to = 1, 0
    for match in _FEATURE.finditer(text):
        line += text.count("\n", read_to, match.start())
        read_to = match.start()
        lines.append(line)
    return lines if len(lines) == count else [1] * count


def _drawn(number: int, line: int, feature: Any, crs: str | None, kinds: Sequence[str]) -> Drawn:
    members = feature if isinstance(feature, dict) else {}
    properties = members.get("properties")
    geometry, fault = _geometry(members.get("geometry"), kinds)
    for own in (_crs_of(members), _crs_of(members.get("geometry"))):
        if own not in (None, crs):
            fault = f"It is in {own}, the file in {crs or 'WGS84'}. All outlines must be in one coordinate system."
    return Drawn(number, line, properties if isinstance(properties, dict) else {}, geometry, fault)


def _geometry(geometry: Any, kinds: Sequence[str]) -> tuple[BaseGeometry | None, str]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in kinds:
        return None, f"The geometry is {kind or 'missing'}; it must be a {' or '.join(kinds)}."
    try:
        with np.errstate(invalid="ignore"):  # numbers that are none are told of later, with all that is odd
            return shape(geometry), ""
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError) as error:
        return None, f"The outline cannot be read: {error}."


def _crs_of(members: Any) -> str | None:
    """Return the coordinate system GeoJSON of before 2016 may name."""
    crs = members.get("crs") if isinstance(members, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None
