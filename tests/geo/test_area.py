"""Every place within the city counts to exactly one area, always the same."""

import json
import time

from hypothesis import given
from hypothesis import strategies as st
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


def test_a_thousand_places_in_official_wards_are_found_quickly(shared):
    path = shared / "data" / "boundaries" / "hanoi_wards_2025.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    wards = [(feature["properties"]["code"], shape(feature["geometry"])) for feature in features]
    area_map = AreaMap(wards, tolerance_m=0)
    inside = [(code, polygon.representative_point()) for code, polygon in wards]

    begun = time.process_time()
    found = [area_map.containing(Point(place.y, place.x)) for _code, place in inside * 8]
    taken = time.process_time() - begun

    assert found == [code for code, _place in inside] * 8
    assert taken / len(found) < 200e-6  # about 20 µs; the margin is for a busy machine
