"""Places that may be homes: shown at the middle of a mesh of about 50 metres, always the same one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.geo.point import Point, metres_between
from cps.geo.rounding import MESH_METRES, all_rounded, rounded

PLACES = st.builds(Point, st.floats(-85, 85), st.floats(-179.9, 179.9))


@given(PLACES)
def test_a_rounded_place_is_near_and_never_the_corner_of_another_mesh(place):
    shown = rounded(place)

    assert metres_between(place, shown) < MESH_METRES
    assert metres_between(rounded(shown), shown) < 0.01


def test_two_doors_of_one_mesh_are_shown_as_one():
    door = rounded(Point(21.028700, 105.852300))

    assert rounded(Point(door.latitude + 0.0001, door.longitude - 0.0001)) == door


@pytest.mark.parametrize("latitude", [-90.0, 90.0])
def test_there_are_meshes_at_the_poles_too(latitude):
    assert abs(rounded(Point(latitude, 180.0)).latitude) <= 90
    assert abs(rounded(Point(latitude, 180.0)).longitude) <= 180


def test_many_places_are_rounded_as_each_is():
    latitudes, longitudes = all_rounded(np.array([21.0, 37.5]), np.array([105.8, 127.0]))

    assert Point(latitudes[1], longitudes[1]) == rounded(Point(37.5, 127.0))
