"""`assets.geojson`: what on the map has an owner of its own, like national roads; may be left out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from cps.city.profile import Asset
from cps.city.reading.findings import Findings, Found
from cps.city.reading.geojson import SHAPES, Drawn, read_geojson
from cps.city.reading.outlines import is_wgs84
from cps.kernel.text import cleaned

FILE: Final = "assets.geojson"
FARTHEST_M: Final = 1000

_WITHIN_M = 15.0  # about the width of a road, and as exact as a telephone knows where it is


def assets_in(folder: Path, languages: Sequence[str], findings: Findings) -> list[Found[Asset]]:
    """Read the assets; a profile without the file has none."""
    if not (folder / FILE).exists():
        return []
    drawing = read_geojson(folder / FILE, findings, kinds=SHAPES)
    if drawing is None:
        return []
    if drawing.crs is not None and not is_wgs84(drawing.crs):
        findings.add(FILE, 1, f"This file is in {drawing.crs}. Convert it to EPSG:4326.")
        return []
    found = ((drawn, _asset(drawn, languages, findings)) for drawn in drawing.features)
    return [Found(asset, drawn.line) for drawn, asset in found if asset is not None]


def _asset(drawn: Drawn, languages: Sequence[str], findings: Findings) -> Asset | None:
    fault = drawn.fault or _fault_of(drawn)
    if fault or drawn.geometry is None:
        findings.add(FILE, drawn.line, f"Feature {drawn.number}: {fault}")
        return None
    owner, within = drawn.properties.get("owner"), drawn.properties.get("within_m", _WITHIN_M)
    return Asset(
        owner=str(owner),
        names=_names(drawn.properties, languages),
        geometry=shapely.force_2d(drawn.geometry),
        within_m=float(within),
    )


def _fault_of(drawn: Drawn) -> str:
    if drawn.geometry is None or drawn.geometry.is_empty:
        return "The geometry is empty."
    coordinates = shapely.get_coordinates(drawn.geometry)
    if not np.isfinite(coordinates).all() or (np.abs(coordinates) > (180, 90)).any():
        return "The geometry is not in degrees WGS84, longitude first."
    if not drawn.geometry.is_valid:
        return f"The geometry is broken: {shapely.is_valid_reason(drawn.geometry)}."
    if not isinstance(drawn.properties.get("owner"), str):
        return "The property 'owner' is missing: the code of the department it belongs to."
    within = drawn.properties.get("within_m", _WITHIN_M)
    if isinstance(within, bool) or not isinstance(within, int | float) or not 0 <= within <= FARTHEST_M:
        return f"'within_m' is {within!r}; it must be a number of metres from 0 to {FARTHEST_M}."
    return ""


def _names(properties: dict[str, Any], languages: Sequence[str]) -> dict[str, str]:
    """Return what it is called, `name_vi` or for all languages `name`; it need not have a name."""
    given = {language: properties.get(f"name_{language}", properties.get("name")) for language in languages}
    return {language: cleaned(name) for language, name in given.items() if isinstance(name, str) and name}
