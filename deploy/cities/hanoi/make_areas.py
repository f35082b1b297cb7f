#!/usr/bin/env python3
"""Approximate the outlines of Hanoi's 126 wards and communes from their centres and sizes.

Run by hand in the development environment; it writes areas.csv and areas.geojson beside itself.
What it draws is an approximation and says so in every feature: official outlines replace it.
"""

import csv
import json
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import MultiPoint, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree
from vietnamadminunits.database import query

HERE = Path(__file__).parent
HANOI_WARDS = """
    SELECT DISTINCT wardCode, ward, wardShort, wardType, wardLat, wardLon, wardAreaKm2
    FROM admin_units WHERE provinceCode = '01' ORDER BY wardCode
"""
ENGLISH_TYPES = {"Phường": "Ward", "Xã": "Commune"}

# Kilometres per degree at the city's latitude; flat is near enough over 80 km.
KM_PER_DEGREE = (111.32 * math.cos(math.radians(21.0)), 110.7)
RADIUS_FACTOR = 1.10  # a ward's disc in the city's outline, in radii of a circle of the ward's area
SMOOTHING_KM = 2.0  # bays of the outline narrower than twice this are filled
RING_FACTOR = 0.62  # where a ward's helper sites stand, in the same radii
RING_REACH = 0.49  # but never further than this share of the way to the nearest other centre
RING_SITES = 16
GRID_DEGREES = 0.00001  # about 1 m
PLAIN_DEGREES = 0.003  # borders are straightened by up to about this much: finer would feign knowledge


@dataclass(frozen=True)
class Ward:
    """A ward or commune as the package knows it: its centre in kilometres, its area in km²."""

    code: str
    name: str
    english: str
    centre: Point
    radius_km: float


def main() -> None:
    """Write both files; the same package version always gives the same bytes."""
    wards = read_wards()
    cells = tile(wards)
    write_names(wards, HERE / "areas.csv")
    write_outlines(cells, HERE / "areas.geojson")


def read_wards() -> list[Ward]:
    """List the wards of the province in the order of their codes."""
    rows = query(HANOI_WARDS)
    return [
        Ward(
            code=row["wardCode"],
            name=row["ward"],
            english=f"{without_accents(row['wardShort'])} {ENGLISH_TYPES[row['wardType']]}",
            centre=Point(row["wardLon"] * KM_PER_DEGREE[0], row["wardLat"] * KM_PER_DEGREE[1]),
            radius_km=math.sqrt(row["wardAreaKm2"] / math.pi),
        )
        for row in rows
    ]


def without_accents(name: str) -> str:
    """Write a Vietnamese name in plain Latin letters; NFD leaves đ as it is, so it is done by hand."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    return bare.replace("đ", "d").replace("Đ", "D")


def tile(wards: list[Ward]) -> dict[str, BaseGeometry]:
    """Cut the city's outline into one cell per ward code, in degrees, without gaps or overlaps.

    All borders are laid as lines on one grid and the faces between them are handed out, so that
    neighbours share the very same vertices.
    """
    outline = city_outline(wards)
    owners, sites = sites_of(wards)
    diagram = shapely.voronoi_polygons(MultiPoint(sites), extend_to=outline).geoms
    merged = merge_by_owner(diagram, owners, sites)
    borders = [degrees(cell.intersection(outline)).boundary for cell in merged.values()]
    faces = shapely.polygonize([shapely.unary_union(borders, grid_size=GRID_DEGREES)]).geoms
    return hand_out(faces, {code: degrees(cell) for code, cell in merged.items()}, degrees(outline))


def city_outline(wards: list[Ward]) -> Polygon:
    """Join discs that grow with the wards' areas, and smooth the result."""
    discs = [ward.centre.buffer(ward.radius_km * RADIUS_FACTOR) for ward in wards]
    smooth = shapely.union_all(discs).buffer(SMOOTHING_KM).buffer(-SMOOTHING_KM).simplify(0.1)
    assert isinstance(smooth, Polygon), "the discs must touch: a larger RADIUS_FACTOR joins them"
    return Polygon(smooth.exterior)


def sites_of(wards: list[Ward]) -> tuple[list[str], list[Point]]:
    """Give each ward its centre and a ring round it, so that a large ward gets a large cell."""
    centres = STRtree([ward.centre for ward in wards])
    owners, sites = [], []
    for ward in wards:
        for site in [ward.centre, *ring(ward, nearest_km=nearest_other(ward, centres))]:
            owners.append(ward.code)
            sites.append(site)
    return owners, sites


def nearest_other(ward: Ward, centres: STRtree) -> float:
    """Measure how far the next ward's centre is, in kilometres."""
    _, distances = centres.query_nearest(ward.centre, exclusive=True, return_distance=True)
    return float(distances[0])


def ring(ward: Ward, *, nearest_km: float) -> list[Point]:
    """Stand helper sites round the centre of a ward."""
    radius = min(ward.radius_km * RING_FACTOR, nearest_km * RING_REACH)
    angles = (2 * math.pi * step / RING_SITES for step in range(RING_SITES))
    return [
        Point(ward.centre.x + radius * math.cos(angle), ward.centre.y + radius * math.sin(angle))
        for angle in angles
    ]


def merge_by_owner(
    cells: Iterable[BaseGeometry], owners: list[str], sites: list[Point]
) -> dict[str, BaseGeometry]:
    """Join the cells of one ward's sites; the diagram comes in no promised order."""
    tree = STRtree(sites)
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for cell in cells:
        (index,) = tree.query(cell, predicate="contains")
        parts[owners[index]].append(cell)
    return {code: shapely.union_all(parts[code]) for code in sorted(parts)}


def degrees(shape: BaseGeometry) -> BaseGeometry:
    """Turn kilometres into degrees WGS84."""
    return shapely.transform(shape, lambda points: points / KM_PER_DEGREE)


def hand_out(
    faces: Iterable[BaseGeometry], cells: dict[str, BaseGeometry], outline: BaseGeometry
) -> dict[str, BaseGeometry]:
    """Give each face inside the outline to the ward whose cell holds its inner point."""
    codes = list(cells)
    tree = STRtree(list(cells.values()))
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for face in faces:
        inside = face.representative_point()
        if outline.contains(inside):
            (index,) = tree.query_nearest(inside, all_matches=False)
            parts[codes[index]].append(face)
    whole = [shapely.coverage_union_all(parts[code]) for code in codes]
    return dict(zip(codes, shapely.coverage_simplify(whole, PLAIN_DEGREES), strict=True))


def write_names(wards: list[Ward], path: Path) -> None:
    """Write the table of areas, each with its own people's committee as office."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["code", "office", "name_vi", "name_en"])
        table.writerows([ward.code, f"ubnd-{ward.code}", ward.name, ward.english] for ward in wards)


def write_outlines(cells: dict[str, BaseGeometry], path: Path) -> None:
    """Write one feature per line, so that a changed ward is a changed line."""
    lines = ",\n".join(json.dumps(feature(code, cell), separators=(",", ":")) for code, cell in cells.items())
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")


def feature(code: str, cell: BaseGeometry) -> dict[str, object]:
    """Describe one area as GeoJSON, longitude first, 5 decimals."""
    outline = mapping(shapely.normalize(cell))
    return {
        "type": "Feature",
        "properties": {"code": code, "approximate": True},
        "geometry": {"type": outline["type"], "coordinates": rounded(outline["coordinates"])},
    }


def rounded(coordinates: object) -> object:
    """Cut the last digits that binary fractions add to a grid of 5 decimals."""
    if isinstance(coordinates, float):
        return round(coordinates, 5)
    assert isinstance(coordinates, (list, tuple))
    return [rounded(part) for part in coordinates]


if __name__ == "__main__":
    main()
