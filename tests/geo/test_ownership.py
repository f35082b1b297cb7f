"""A place belongs to the nearest thing that reaches as far."""

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, box
from shapely.geometry import Point as Spot

from cps.geo.ownership import OwnerMap
from cps.geo.point import Point, metres_between

ROAD = LineString([(105.80, 21.00), (105.90, 21.00)])
PARK = box(105.84, 21.0003, 105.86, 21.02)


def north_of_the_road(metres):
    return Point(21.0 + metres / metres_between(Point(21.0, 105.85), Point(22.0, 105.85)), 105.82)


def test_a_place_on_the_road_or_beside_it_belongs_to_its_owner():
    owners = OwnerMap([("highways", ROAD, 20.0)])

    assert owners.owner_of(north_of_the_road(0)) == "highways"
    assert owners.owner_of(north_of_the_road(19)) == "highways"
    assert owners.owner_of(north_of_the_road(21)) is None


def test_the_nearest_of_two_decides_and_one_that_does_not_reach_does_not_count():
    owners = OwnerMap([("highways", ROAD, 40.0), ("parks", PARK, 0.0)])
    at_the_gate = Point(21.00029, 105.85)  # 32 m from the road, a metre before the park

    assert owners.owner_of(Point(21.001, 105.85)) == "parks"
    assert owners.owner_of(at_the_gate) == "highways"


def test_without_things_nobody_owns_anything():
    assert OwnerMap([]).owner_of(Point(21.0, 105.85)) is None


@given(st.floats(20.99, 21.01), st.floats(105.79, 105.91), st.sampled_from([0.0, 5.0, 50.0, 500.0]))
def test_it_says_what_measuring_over_the_ellipsoid_says(latitude, longitude, reach):
    nearest = ROAD.interpolate(ROAD.project(Spot(longitude, latitude)))
    away = metres_between(Point(latitude, longitude), Point(nearest.y, nearest.x))

    owner = OwnerMap([("highways", ROAD, reach)]).owner_of(Point(latitude, longitude))

    if abs(away - reach) > 0.01 * reach + 0.01:
        assert (owner == "highways") == (away < reach)
