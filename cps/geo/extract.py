"""What a calm map needs of an OpenStreetMap extract: streets, water, green, buildings, names of places.

Only `cps basemap` imports this: it loads GDAL, which takes 50 MB.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import shapely

from cps.geo.sketch import FIRST_ZOOM, GREEN, MAIN, MIDDLE, MINOR, PATHS
from cps.kernel.errors import Unusable

HIGHEST_ZOOM = 16

_STREETS = (("main", MAIN), ("middle", MIDDLE), ("minor", MINOR), ("path", PATHS))
_PLACES = {
    "city": 8, "town": 10, "suburb": 12, "borough": 11, "village": 12, "quarter": 13, "neighbourhood": 14, "hamlet": 14,
}  # fmt: skip
_GREEN_AT = 11

Box = tuple[float, float, float, float]
"""Degrees WGS84: west, south, east, north."""


@dataclass(frozen=True)
class Source:
    """Where a layer of the map comes from: a layer of the extract, which of it, and the columns that say what it is."""

    layer: str
    where: str
    columns: Sequence[str]


SOURCES: Mapping[str, Source] = {
    "roads": Source("lines", "highway IS NOT NULL", ("highway", "name")),
    "waterway": Source("lines", "waterway IN ('river', 'canal', 'stream')", ("waterway",)),
    "water": Source("multipolygons", "natural = 'water'", ("natural",)),
    "landuse": Source(
        "multipolygons",
        "landuse IS NOT NULL OR leisure IS NOT NULL OR natural IS NOT NULL",
        ("landuse", "leisure", "natural"),
    ),
    "building": Source("multipolygons", "building IS NOT NULL", ("building",)),
    "place": Source("points", "place IS NOT NULL AND name IS NOT NULL", ("place", "name")),
}
"""The layers of the map, named as `sketch` knows them."""


def write(path: Path, layer: str, target: Path, *, box: Box | None = None) -> int:
    """Write a layer of the map as GeoJSON, one feature a line, and return how many there are.

    Raises Unusable if the file is no extract.
    """
    source, count = SOURCES[layer], 0
    with target.open("w", encoding="utf-8") as file:
        for geometry, facts in _features(path, source, box):
            shown = _shown(layer, facts)
            if shown is None:
                continue
            zoom, properties = shown
            feature = {"type": "Feature", "tippecanoe": {"minzoom": zoom}, "properties": properties}
            file.write(f'{json.dumps(feature, ensure_ascii=False)[:-1]}, "geometry": {geometry}}}\n')
            count += 1
    return count


def _features(path: Path, source: Source, box: Box | None) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        meta, _ids, shapes, columns = pyogrio.raw.read(
            path, layer=source.layer, columns=list(source.columns), where=source.where, bbox=box
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise Unusable(f"{path} cannot be read as an OpenStreetMap extract (.osm.pbf): {error}.") from error
    names = list(meta["fields"])
    written = shapely.to_geojson(shapely.from_wkb(shapes))
    for index, geometry in enumerate(written):
        if geometry is not None:
            yield geometry, {name: columns[place][index] for place, name in enumerate(names)}


def _shown(layer: str, facts: Mapping[str, Any]) -> tuple[int, dict[str, str]] | None:
    """Return from which zoom on a thing is shown, and what is kept of it; None if a calm map leaves it out."""
    kept = {name: str(value) for name, value in facts.items() if value}
    if layer == "roads":
        word = kept["highway"].removesuffix("_link")
        kind = next((kind for kind, words in _STREETS if word in words), None)
        return (FIRST_ZOOM[kind], kept) if kind else None
    if layer == "place":
        zoom = _PLACES.get(kept["place"])
        return (zoom, {"kind": kept["place"], "name": kept["name"]}) if zoom else None
    if layer == "landuse":
        word = next((value for value in kept.values() if value in GREEN), "")
        return (_GREEN_AT, {"kind": word}) if word else None
    zooms = {"waterway": FIRST_ZOOM["river"], "water": 0, "building": FIRST_ZOOM["building"]}
    return zooms[layer], {}
