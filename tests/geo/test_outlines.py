"""Outlines made light: few enough bytes for a phone, and still where they were."""

import gzip
import json

import numpy as np
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape

from cps.geo import outlines


def test_a_plain_outline_stays_as_it_is_to_four_decimals():
    square = Polygon([(105.12344, 21.0), (105.2, 21.0), (105.2, 21.1), (105.12344, 21.1)])

    [light] = outlines.light([square])

    assert light["type"] == "Polygon"
    assert shape(light).equals(box(105.1234, 21.0, 105.2, 21.1))


def test_an_outline_with_many_corners_is_made_to_fit():
    winding = [_ragged(105 + column / 10, 21 + row / 10) for column in range(10) for row in range(10)]

    light = outlines.light(winding)

    assert len(gzip.compress(json.dumps(winding[0].__geo_interface__).encode())) * 100 > 300_000
    assert len(gzip.compress(json.dumps(light).encode(), compresslevel=6)) <= 60_000
    assert all(shape(geometry).is_valid for geometry in light)
    assert all(shape(a).hausdorff_distance(b) < 0.01 for a, b in zip(light, winding, strict=True))


def test_an_area_smaller_than_the_grid_is_not_lost():
    dot = Point(105.85, 21.03).buffer(0.00001)

    [light] = outlines.light([dot])

    assert shape(light).area > 0


def test_islands_stay_part_of_their_area():
    islands = MultiPolygon([box(105, 21, 105.1, 21.1), box(106, 21, 106.1, 21.1)])

    [light] = outlines.light([islands])

    assert light["type"] == "MultiPolygon"
    assert len(light["coordinates"]) == 2


def _ragged(x: float, y: float) -> Polygon:
    """A circle of 5 km with a thousand random corners."""
    angles = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    radius = 0.045 + np.random.default_rng(7).uniform(0, 0.003, 1000)
    return Polygon(zip(x + radius * np.cos(angles), y + radius * np.sin(angles), strict=True))
