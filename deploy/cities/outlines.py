"""Outlines of areas that fit together without gaps or overlaps, for the scripts that draw a city's areas.

Used by hand in the development environment, never by a running city. All that comes out of here is marked
approximate: official outlines replace it.
"""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import MultiPoint, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

RADIUS_FACTOR = 1.10  # a place's disc in the city's outline, in radii of a circle of the place's size
RING_FACTOR = 0.62  # where a place's helper sites stand, in the same radii
RING_REACH = 0.49  # but never further than this share of the way to the nearest other centre
RING_SITES = 16
GRID_DEGREES = 0.00001  # about 1 m

_KM_PER_DEGREE_EAST = 111.32  # on the equator
_KM_PER_DEGREE_NORTH = 110.7


@dataclass(frozen=True)
class Place:
    """An area as a list knows it: its centre in kilometres, and the radius of a circle of its size."""

    code: str
    centre: Point
    radius_km: float


@dataclass(frozen=True)
class Ground:
    """The lie of a city: flat is near enough over 80 km.

    `smoothing_km`: bays of the outline narrower than twice this are filled. `plain_degrees`: borders are
    straightened by up to about this much, as finer would feign knowledge.
    """

    latitude: float
    smoothing_km: float
    plain_degrees: float

    @property
    def km_per_degree(self) -> tuple[float, float]:
        """East and north."""
        return _KM_PER_DEGREE_EAST * math.cos(math.radians(self.latitude)), _KM_PER_DEGREE_NORTH

    def point(self, *, latitude: float, longitude: float) -> Point:
        """Turn degrees into kilometres."""
        east, north = self.km_per_degree
        return Point(longitude * east, latitude * north)

    def kilometres(self, shape: BaseGeometry) -> BaseGeometry:
        """Turn degrees WGS84 into kilometres."""
        return shapely.transform(shape, lambda points: points * self.km_per_degree)

    def degrees(self, shape: BaseGeometry) -> BaseGeometry:
        """Turn kilometres into degrees WGS84."""
        return shapely.transform(shape, lambda points: points / self.km_per_degree)


def radius_of(area_km2: float) -> float:
    """Return the radius of a circle of that size, in kilometres."""
    return math.sqrt(area_km2 / math.pi)


def tile(places: Sequence[Place], ground: Ground) -> dict[str, BaseGeometry]:
    """Draw one cell per place in an outline made of discs, in degrees; larger places get larger cells."""
    outline = outline_of(places, ground)
    owners, sites = _sites_of(places)
    diagram = shapely.voronoi_polygons(MultiPoint(sites), extend_to=outline).geoms
    merged = _merge_by_owner(diagram, owners, sites)
    return jigsaw(
        {code: ground.degrees(cell) for code, cell in merged.items()},
        ground.degrees(outline),
        plain_degrees=ground.plain_degrees,
        borders=[ground.degrees(cell.intersection(outline)).boundary for cell in merged.values()],
    )


def outline_of(places: Iterable[Place], ground: Ground) -> Polygon:
    """Join discs that grow with the places' sizes, and smooth the result; kilometres."""
    discs = [place.centre.buffer(place.radius_km * RADIUS_FACTOR) for place in places]
    smooth = shapely.union_all(discs).buffer(ground.smoothing_km).buffer(-ground.smoothing_km).simplify(0.1)
    assert isinstance(smooth, Polygon), "the discs must touch: more smoothing joins them"
    return Polygon(smooth.exterior)


def jigsaw(
    cells: Mapping[str, BaseGeometry],
    outline: BaseGeometry,
    *,
    plain_degrees: float,
    borders: Sequence[BaseGeometry] | None = None,
) -> dict[str, BaseGeometry]:
    """Make cells that may overlap or leave slivers fill the outline exactly, in degrees.

    All borders are laid as lines on one grid and the faces between them are handed out, so that
    neighbours share the very same vertices. What two cells claim goes to the one that comes first, what
    none does to the nearest.
    """
    if borders is None:
        borders = [outline.boundary, *(cell.intersection(outline).boundary for cell in cells.values())]
    faces = shapely.polygonize([shapely.unary_union(borders, grid_size=GRID_DEGREES)]).geoms
    codes = list(cells)
    tree = STRtree(list(cells.values()))
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for face in faces:
        inside = face.representative_point()
        if outline.contains(inside):
            parts[codes[min(tree.query_nearest(inside))]].append(face)
    whole = [shapely.coverage_union_all(parts[code]) for code in codes]
    return dict(zip(codes, shapely.coverage_simplify(whole, plain_degrees), strict=True))


def write_names(path: Path, languages: Sequence[str], rows: Iterable[tuple[str, str, Sequence[str]]]) -> None:
    """Write the table of areas: code, its own office's code, its name in each language."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["code", "office", *(f"name_{language}" for language in languages)])
        table.writerows([code, office, *names] for code, office, names in rows)


def write_outlines(cells: Mapping[str, BaseGeometry], path: Path) -> None:
    """Write one feature per line, so that a changed area is a changed line."""
    lines = ",\n".join(
        json.dumps(_feature(code, cell), separators=(",", ":")) for code, cell in cells.items()
    )
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")


def _sites_of(places: Sequence[Place]) -> tuple[list[str], list[Point]]:
    """Give each place its centre and a ring round it, so that a large place gets a large cell."""
    centres = STRtree([place.centre for place in places])
    owners, sites = [], []
    for place in places:
        for site in [place.centre, *_ring(place, nearest_km=_nearest_other(place, centres))]:
            owners.append(place.code)
            sites.append(site)
    return owners, sites


def _nearest_other(place: Place, centres: STRtree) -> float:
    """Measure how far the next place's centre is, in kilometres."""
    _, distances = centres.query_nearest(place.centre, exclusive=True, return_distance=True)
    return float(distances[0])


def _ring(place: Place, *, nearest_km: float) -> list[Point]:
    """Stand helper sites round the centre of a place."""
    radius = min(place.radius_km * RING_FACTOR, nearest_km * RING_REACH)
    angles = (2 * math.pi * step / RING_SITES for step in range(RING_SITES))
    return [
        Point(place.centre.x + radius * math.cos(angle), place.centre.y + radius * math.sin(angle))
        for angle in angles
    ]


def _merge_by_owner(
    cells: Iterable[BaseGeometry], owners: Sequence[str], sites: Sequence[Point]
) -> dict[str, BaseGeometry]:
    """Join the cells of one place's sites; the diagram comes in no promised order."""
    tree = STRtree(sites)
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for cell in cells:
        (index,) = tree.query(cell, predicate="contains")
        parts[owners[index]].append(cell)
    return {code: shapely.union_all(parts[code]) for code in sorted(parts)}


def _feature(code: str, cell: BaseGeometry) -> dict[str, object]:
    """Describe one area as GeoJSON, longitude first, 5 decimals."""
    outline = mapping(shapely.normalize(cell))
    return {
        "type": "Feature",
        "properties": {"code": code, "approximate": True},
        "geometry": {"type": outline["type"], "coordinates": _rounded(outline["coordinates"])},
    }


def _rounded(coordinates: object) -> object:
    """Cut the last digits that binary fractions add to a grid of 5 decimals."""
    if isinstance(coordinates, float):
        return round(coordinates, 5)
    assert isinstance(coordinates, (list, tuple))
    return [_rounded(part) for part in coordinates]
