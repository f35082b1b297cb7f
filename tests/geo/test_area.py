"""Every place within the city counts to exactly one area, always the same."""

import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import scale
from shapely.geometry import MultiPolygon, Polygon, box, shape

from cps.geo.area import AreaMap
from cps.geo.point import Point

WEST, EAST = box(105.0, 21.0, 105.1, 21.1), box(105.1, 21.0, 105.2, 21.1)
TWO = AreaMap([("west", WEST), ("east", EAST)], tolerance_m=1000)
METRE = 1 / 110_700  # degrees of latitude here


def test_a_place_counts_to_the_area_it_lies_in():
    assert TWO.containing(Point(21.05, 105.05)) == "west"
    assert TWO.containing(Point(21.05, 105.15)) == "east"


def test_on_a_shared_border_the_smaller_code_decides_in_whatever_order_areas_came():
    turned = AreaMap([("east", EAST), ("west", WEST)], tolerance_m=1000)

    assert TWO.containing(Point(21.05, 105.1)) == "east"
    assert turned.containing(Point(21.05, 105.1)) == "east"


def test_just_outside_the_nearest_area_takes_it_up_to_the_tolerance():
    assert TWO.containing(Point(21.1 + 990 * METRE, 105.02)) == "west"
    assert TWO.containing(Point(21.1 + 1010 * METRE, 105.02)) is None


def test_the_tolerance_is_in_metres_east_and_west_too():
    metre_east = METRE / 0.9336  # the cosine of 21 degrees

    assert TWO.containing(Point(21.05, 105.2 + 980 * metre_east)) == "east"
    assert TWO.containing(Point(21.05, 105.2 + 1020 * metre_east)) is None


def test_a_gap_between_areas_belongs_to_the_nearest_however_wide_it_is():
    ring = Polygon(box(105.0, 21.0, 106.0, 22.0).exterior, [box(105.1, 21.1, 105.9, 21.9).exterior])
    lake_shore = AreaMap([("ring", ring)], tolerance_m=0)

    assert lake_shore.containing(Point(21.5, 105.5)) == "ring"


def test_an_area_may_have_several_parts():
    islands = AreaMap([("isles", MultiPolygon([WEST, box(105.5, 21.0, 105.6, 21.1)]))], tolerance_m=0)

    assert islands.containing(Point(21.05, 105.55)) == "isles"
    assert islands.containing(Point(21.05, 105.3)) is None


def test_a_city_without_areas_contains_nothing():
    assert AreaMap([], tolerance_m=1000).containing(Point(21.05, 105.05)) is None


@given(st.floats(21.0, 21.1), st.floats(105.0, 105.2))
def test_every_place_inside_has_an_area_that_holds_it(latitude, longitude):
    code = TWO.containing(Point(latitude, longitude))

    assert code == ("east" if longitude >= 105.1 else "west")


def test_a_thousand_places_in_official_wards_are_found(shared):
    path = shared / "data" / "boundaries" / "hanoi_wards_2025.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    wards = [(feature["properties"]["code"], shape(feature["geometry"])) for feature in features]
    area_map = AreaMap(wards, tolerance_m=0)
    inside = [(code, polygon.representative_point()) for code, polygon in wards]

    found = [area_map.containing(Point(place.y, place.x)) for _code, place in inside * 8]

    assert found == [code for code, _place in inside] * 8


def a_jigsaw(pieces):
    """Areas with wavy borders, corner on corner, one of them in two parts and with a hole; two overlap."""
    random = np.random.default_rng(5)
    hull = box(105.3, 20.6, 106.0, 21.4)
    middles = shapely.multipoints(
        np.column_stack((random.uniform(105.3, 106, pieces), random.uniform(20.6, 21.4, pieces)))
    )
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(middles, extend_to=hull)), hull)

    def wavy(corners):
        x, y = corners.T
        return np.column_stack((x + 0.0006 * np.sin(900 * y), y + 0.0006 * np.sin(1100 * x)))

    drawn = shapely.transform(shapely.segmentize(cells, 0.002), wavy).tolist()
    drawn[1] = drawn[1].union(box(106.1, 20.7, 106.2, 20.9)).difference(drawn[1].centroid.buffer(0.002))
    drawn[2] = drawn[2].buffer(0.003)
    return [(f"{number:03d}", polygon) for number, polygon in enumerate(drawn)]


def the_slow_way(areas):
    """Return what asks every outline, in order of the codes; nearness is left out."""
    south, north = shapely.total_bounds([polygon for _code, polygon in areas])[[1, 3]]
    squeeze = math.cos(math.radians((south + north) / 2))
    squeezed = [(code, scale(polygon, xfact=squeeze, origin=(0, 0))) for code, polygon in areas]

    def containing(point):
        place = shapely.Point(point.longitude * squeeze, point.latitude)
        return next((code for code, polygon in squeezed if polygon.intersects(place)), None)

    return containing


def places_in(areas, count):
    """Anywhere, on corners, on the middles of sides, and a hair's breadth beside them."""
    random = np.random.default_rng(7)
    west, south, east, north = shapely.total_bounds([polygon for _code, polygon in areas])
    corners = shapely.get_coordinates([polygon for _code, polygon in areas])
    chosen = random.choice(len(corners) - 1, count)
    middles = (corners[chosen] + corners[chosen + 1]) / 2
    anywhere = random.uniform((west, south), (east, north), (count, 2))
    beside = corners[chosen] + random.choice((-1e-9, 1e-9), (count, 2))
    return [Point(y, x) for x, y in np.concatenate((anywhere, corners[chosen], middles, beside)).tolist()]


@pytest.mark.parametrize("pieces", [3, 60])
def test_the_net_of_cells_answers_as_if_every_outline_were_asked(pieces):
    areas = a_jigsaw(pieces)
    area_map, slowly = AreaMap(areas, tolerance_m=0), the_slow_way(areas)

    wrong = [
        (place, said, expected)
        for place in places_in(areas, 250)
        if (expected := slowly(place)) is not None and (said := area_map.containing(place)) != expected
    ]

    assert wrong == []


def test_places_on_the_lines_between_cells_are_found_as_well():
    areas = [
        (f"{row}{column}", box(column, row, column + 1, row + 1)) for row in range(8) for column in range(8)
    ]
    area_map, slowly = AreaMap(areas, tolerance_m=0), the_slow_way(areas)
    eighths = [number / 8 for number in range(65)]

    wrong = [
        (latitude, longitude)
        for latitude in eighths
        for longitude in eighths
        if area_map.containing(Point(latitude, longitude)) != slowly(Point(latitude, longitude))
    ]

    assert wrong == []
