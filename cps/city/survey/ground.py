"""Where the areas of a surveyed city are: by a boundary file, else drawn around the places of their offices.

What is drawn is marked approximate and fits together; where one area ends and the next begins is made up then.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import shapely
from shapely.geometry import MultiPoint, Point, box
from shapely.geometry.base import BaseGeometry

from cps.city.boundary.source import read_boundaries
from cps.city.boundary.writing import geojson
from cps.city.reading.features import features_of
from cps.city.reading.findings import Fault, Findings
from cps.city.reading.outlines import Boundaries, official_outlines
from cps.city.reading.tables import Row
from cps.city.survey.answers import Answers, Entry, Problem
from cps.city.survey.notes import Notes
from cps.city.survey.sheets_of_answering import AREAS
from cps.city.survey.usual import WHOLE_CITY
from cps.kernel.text import folded

FILE: Final = "areas.geojson"
_CODE: Final = re.compile(r"[a-z0-9-]+")
_KM_PER_DEGREE: Final = 111.0
_CELL_KM: Final = 3.0  # the side of an area of which nothing is known
_CITY_KM: Final = 20.0  # the side of a city of which nothing is known
_DRAWN_TOLERANCE_M: Final = 500


@dataclass(slots=True)
class Ground:
    """The areas and their outlines; where the map opens; how far outside them a point still counts."""

    areas: Sequence[Entry] = ()
    outlines: Mapping[str, BaseGeometry] = field(default_factory=dict)
    is_drawn: bool = False
    problems: list[Problem] = field(default_factory=list)
    latitude: float = 0.0
    longitude: float = 0.0

    @property
    def tolerance_m(self) -> int:
        """Metres outside the outlines at which a point still counts; 0 for official ones."""
        return _DRAWN_TOLERANCE_M if self.is_drawn else 0

    @property
    def zoom(self) -> int:
        """How near the map opens: so that the whole city is on it."""
        west, south, east, north = shapely.union_all(list(self.outlines.values())).bounds
        return max(8, min(15, round(math.log2(360 / max(east - west, north - south, 0.001)))))

    def geojson(self) -> str:
        """Write the outlines as `areas.geojson`."""
        return geojson(self.outlines, {}, are_approximate=self.is_drawn)


def ground_of(answers: Answers, folder: Path, languages: Sequence[str], notes: Notes) -> Ground:
    """Find or draw the outlines; `folder`: where the boundary file is looked for."""
    city = answers.one("city")
    named = city["boundaries"]
    ground = _official(answers, folder / named, languages, notes) if named else _drawn(answers, notes)
    if city["latitude"] and city["longitude"]:
        ground.latitude, ground.longitude = float(city["latitude"]), float(city["longitude"])
    elif ground.outlines:
        middle = shapely.union_all(list(ground.outlines.values())).centroid
        ground.latitude, ground.longitude = round(middle.y, 4), round(middle.x, 4)
        notes.assume("city.toml", "The map opens in the middle of the outlines.")
    return ground


def _official(answers: Answers, path: Path, languages: Sequence[str], notes: Notes) -> Ground:
    where = answers.one("city").where("boundaries")
    if path.name != answers.one("city")["boundaries"] or not path.is_file():
        return Ground(problems=[Problem(where, f"There is no file '{path.name}' beside the survey.")])
    boundaries = read_boundaries(path)
    if not answers.rows("area"):
        return _as_in_file(boundaries, languages, notes)
    rows = answers.rows("area")
    findings = Findings()
    found = official_outlines(
        boundaries, [_as_row(row, n, findings) for n, row in enumerate(rows)], None, findings
    )
    problems = [
        Problem(rows[fault.line].where("code"), fault.sentence)
        if fault.file == _AREA_ROWS
        else _in_file(fault)
        for fault in findings.faults
    ]
    return Ground(rows, {code: polygon for code, (polygon, _mark) in found.items()}, problems=problems)


_AREA_ROWS: Final = "sheet of areas"


def _in_file(fault: Fault) -> Problem:
    return Problem(f"{fault.file}:{fault.line}" if fault.line else fault.file, fault.sentence)


def _as_row(entry: Entry, number: int, findings: Findings) -> Row:
    return Row(_AREA_ROWS, number, dict(entry.cells), findings)


def _as_in_file(boundaries: Boundaries, languages: Sequence[str], notes: Notes) -> Ground:
    """Take the areas themselves from the boundary file, for nobody listed them."""
    findings = Findings(list(boundaries.faults))
    ground = Ground()
    rows: list[Entry] = []
    outlines: dict[str, BaseGeometry] = {}
    for feature in features_of(boundaries.drawing, None, findings):
        name = (
            boundaries.name_in(feature.properties)
            or boundaries.code_in(feature.properties)
            or f"{feature.number}"
        )
        code = (boundaries.code_in(feature.properties) or "").lower()
        if not _CODE.fullmatch(code) or code in outlines:
            code = f"{re.sub(r'[^a-z0-9]+', '-', folded(name)).strip('-') or 'area'}"
        if code in outlines:
            code = f"{code}-{feature.number}"
        if feature.polygon is not None:
            outlines[code] = feature.polygon
        cells = {"code": code, **{f"name_{language}": name for language in languages}}
        rows.append(Entry(AREAS, cells, f"{boundaries.drawing.file}, feature {feature.number}"))
    ground.areas, ground.outlines = rows, outlines
    ground.problems = [_in_file(fault) for fault in findings.faults]
    notes.assume(
        "areas.csv",
        f"The {len(rows)} areas, their codes and names come from {boundaries.drawing.file}, in every language alike.",
    )
    return ground


def _drawn(answers: Answers, notes: Notes) -> Ground:
    rows = list(answers.rows("area"))
    centre = _point(answers.one("city"))
    if not rows:
        notes.assume(FILE, f"The city is a square of {_CITY_KM:g} km: there is no boundary file yet.")
        whole = {f"name_{language}": name for language, name in WHOLE_CITY.items()}
        rows = [Entry(AREAS, {"code": "whole-city", **whole}, answers.source)]
        return Ground(rows, {"whole-city": _square(centre, _CITY_KM)}, is_drawn=True)
    if rows[0]["latitude"]:
        return _around_offices(rows, notes)
    notes.assume(
        FILE,
        f"The {len(rows)} areas are squares in a grid, made up: almost every place gets a wrong area. Load official "
        "boundaries before citizens come: `cps city load PATH --areas FILE`.",
    )
    side = math.ceil(math.sqrt(len(rows)))
    north, east = _CELL_KM / _KM_PER_DEGREE, _CELL_KM / _km_east(centre.y)
    west, south = centre.x - side * east / 2, centre.y - side * north / 2
    cells = {
        row["code"]: box(
            west + (n % side) * east,
            south + (n // side) * north,
            west + (n % side + 1) * east,
            south + (n // side + 1) * north,
        )
        for n, row in enumerate(rows)
    }
    return Ground(rows, cells, is_drawn=True)


def _around_offices(rows: Sequence[Entry], notes: Notes) -> Ground:
    """Give each area what is nearer to its office than to any other, not farther than the offices lie apart."""
    points = [_point(row) for row in rows]
    problems = [
        Problem(row.where("latitude"), "Another area stands at the same place. Each needs its own.")
        for n, (row, point) in enumerate(zip(rows, points, strict=True))
        if point in points[:n]
    ]
    if problems:
        return Ground(rows, problems=problems)
    notes.assume(
        FILE,
        f"The borders of the {len(rows)} areas lie half-way between their offices. Load official boundaries before "
        "citizens come: `cps city load PATH --areas FILE`.",
    )
    hull = MultiPoint(points).convex_hull
    reach = max(math.sqrt(hull.area / len(points)), _CELL_KM / _KM_PER_DEGREE / 2)
    outline = hull.buffer(reach, quad_segs=4)
    if len(points) == 1:
        return Ground(rows, {rows[0]["code"]: outline}, is_drawn=True)
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=outline, ordered=True).geoms
    drawn = {row["code"]: shapely.intersection(cell, outline) for row, cell in zip(rows, cells, strict=True)}
    return Ground(rows, drawn, is_drawn=True)


def _point(entry: Entry) -> Point:
    return Point(float(entry["longitude"] or 0), float(entry["latitude"] or 0))


def _square(centre: Point, side_km: float) -> BaseGeometry:
    north, east = side_km / 2 / _KM_PER_DEGREE, side_km / 2 / _km_east(centre.y)
    return box(centre.x - east, centre.y - north, centre.x + east, centre.y + north)


def _km_east(latitude: float) -> float:
    return _KM_PER_DEGREE * max(math.cos(math.radians(latitude)), 0.01)
