"""`areas.geojson` as it is kept with a profile: always the same bytes for the same areas."""

import json
from collections.abc import Mapping
from pathlib import Path

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from cps.city.boundary.cleaning import rounded


def geojson(
    areas: Mapping[str, BaseGeometry], names: Mapping[str, str], *, are_approximate: bool = False
) -> str:
    """Write areas by code, one feature a line, six decimals, outer rings counter-clockwise (RFC 7946).

    `are_approximate`: every feature says that its outline is not the official one.
    """
    mark = {"approximate": True} if are_approximate else {}
    lines = ",\n".join(_feature(code, areas[code], names.get(code, ""), mark) for code in sorted(areas))
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _feature(code: str, polygon: BaseGeometry, name: str, mark: Mapping[str, bool]) -> str:
    drawn = shapely.orient_polygons(rounded(polygon).normalize())
    feature = {
        "type": "Feature",
        "properties": {"code": code, **({"name": name} if name else {}), **mark},
        "geometry": mapping(drawn),
    }
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
