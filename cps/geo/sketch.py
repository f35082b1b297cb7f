"""What a calm map shows of a vector tile: water, green, buildings, streets and the names of places.

Layers and kinds are recognised by the words that OpenMapTiles, Protomaps, Shortbread and plain
OpenStreetMap tags use for them; whatever is not recognised is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mapbox_vector_tile
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

GRID = 2048
"""A tile is so many units wide and high; x grows to the east, y to the south, from the north-west corner."""

_WATER = {"water", "water_polygons", "ocean"}
_RIVERS = {"waterway", "waterways", "water_lines"}
_LAND = {"landcover", "landuse", "land", "park", "parks", "natural", "sites"}
_BUILDINGS = {"building", "buildings"}
_STREETS = {"roads", "road", "streets", "transportation"}
_STREET_NAMES = {"transportation_name", "street_labels", "road_label"}
_PLACES = {"place", "places", "place_label", "place_labels"}

GREEN = {
    "park",
    "parks",
    "grass",
    "forest",
    "wood",
    "garden",
    "meadow",
    "recreation_ground",
    "village_green",
    "cemetery",
    "grassland",
    "scrub",
    "nature_reserve",
    "national_park",
    "farmland",
    "orchard",
    "pitch",
    "playground",
    "golf_course",
    "tree",
}
MAIN = {"motorway", "trunk", "primary", "highway", "major_road"}
MIDDLE = {"secondary", "tertiary", "medium_road"}
MINOR = {
    "residential",
    "unclassified",
    "living_street",
    "minor",
    "minor_road",
    "pedestrian",
    "road",
    "street",
}
PATHS = {"service", "footway", "path", "steps", "cycleway", "track", "bridleway"}
FIRST_ZOOM = {"main": 0, "middle": 11, "minor": 13, "path": 15, "building": 14, "river": 11}
_ORDER = ("green", "water", "river", "building", "path", "minor", "middle", "main", "name", "place")
_KIND_WORDS = ("highway", "kind_detail", "class", "kind", "landuse", "leisure", "natural", "subclass", "type")

Part = list[int]
Drawing = list[tuple[str, str, list[Part]]]
"""(kind, name, parts), to be drawn in this order; a part is x, y of its first point, then steps from each
point to the next, in units of GRID. Kinds: green water building are filled; river path minor middle main
name are lines (of `name` only the name is shown); place is a point."""


@dataclass(frozen=True)
class _Thing:
    kind: str
    name: str
    geometry: BaseGeometry


def draw(data: bytes, *, zoom: int) -> Drawing:
    """Read an MVT tile and keep what is shown at this zoom; raise what protobuf and shapely raise for no tile."""
    grouped: dict[tuple[str, str], list[BaseGeometry]] = {}
    for thing in _things(mapbox_vector_tile.decode(data, default_options={"y_coord_down": True}), zoom):
        grouped.setdefault((thing.kind, thing.name), []).append(thing.geometry)
    ordered = sorted(grouped.items(), key=lambda entry: (_ORDER.index(entry[0][0]), entry[0][1]))
    drawn = ((kind, name, _parts(kind, geometries)) for (kind, name), geometries in ordered)
    return [(kind, name, parts) for kind, name, parts in drawn if parts]


def _things(layers: Mapping[str, Any], zoom: int) -> Iterator[_Thing]:
    for title, layer in layers.items():
        scale = GRID / (layer["extent"] or 4096)
        for feature in layer["features"]:
            geometry, facts = feature["geometry"], feature["properties"]
            kind = _kind(title, facts, geometry["type"])
            if kind and zoom >= FIRST_ZOOM.get(kind, 0):
                yield _Thing(kind, _name(kind, facts), _scaled(shape(geometry), scale))


def _kind(title: str, facts: Mapping[str, Any], form: str) -> str | None:
    is_line, is_filled = form.endswith("LineString"), form.endswith("Polygon")
    if title in _STREETS and is_line:
        return _street(facts)
    if title in _STREET_NAMES and is_line:
        return "name"
    if title in _PLACES and form == "Point":
        return "place"
    if (title in _RIVERS or title in _WATER) and is_line:
        return "river"
    return _filled(title, facts) if is_filled else None


def _filled(title: str, facts: Mapping[str, Any]) -> str | None:
    if title in _WATER:
        return "water"
    if title in _BUILDINGS:
        return "building"
    return "green" if title in _LAND and (title in GREEN or _words(facts) & GREEN) else None


def _street(facts: Mapping[str, Any]) -> str | None:
    words = {word.removesuffix("_link") for word in _words(facts)}
    kinds = (("main", MAIN), ("middle", MIDDLE), ("path", PATHS), ("minor", MINOR))
    detailed = {str(facts[key]).removesuffix("_link") for key in ("highway", "kind_detail") if facts.get(key)}
    for known in (detailed, words):
        found = next((kind for kind, meant in kinds if known & meant), None)
        if found:
            return found
    return None


def _words(facts: Mapping[str, Any]) -> set[str]:
    return {str(facts[key]) for key in _KIND_WORDS if facts.get(key)}


def _name(kind: str, facts: Mapping[str, Any]) -> str:
    """Return the name as signs on the spot have it; filled areas go without, to be drawn in one go."""
    if kind in ("green", "water", "building", "river"):
        return ""
    return str(facts.get("name") or "")


def _scaled(geometry: BaseGeometry, scale: float) -> BaseGeometry:
    scaled: BaseGeometry = shapely.transform(geometry, lambda points: (points * scale).round())
    return scaled


def _parts(kind: str, geometries: list[BaseGeometry]) -> list[Part]:
    if kind in ("green", "water", "building"):
        rings = (ring for geometry in geometries for ring in _rings(geometry))
        return [part for part in map(_steps, rings) if len(part) >= 6]
    if kind == "place":
        return [_steps(geometry) for geometry in geometries]
    return _joined([line for geometry in geometries for line in _lines(geometry)])


def _joined(lines: list[BaseGeometry]) -> list[Part]:
    """Join the pieces of one street, so that it is said in few words and has room for its name."""
    if not lines:
        return []
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    return [part for part in map(_steps, merged) if len(part) >= 4]


def _rings(geometry: BaseGeometry) -> Iterable[BaseGeometry]:
    return shapely.get_rings(geometry).tolist()  # type: ignore[no-any-return]


def _lines(geometry: BaseGeometry) -> list[BaseGeometry]:
    return [line for line in shapely.get_parts(geometry).tolist() if line.length > 0]


def _steps(geometry: BaseGeometry) -> Part:
    points = [(int(x), int(y)) for x, y in shapely.get_coordinates(geometry)]
    steps = list(points[0])
    for before, after in pairwise(points):
        if before != after:
            steps += [after[0] - before[0], after[1] - before[1]]
    return steps
