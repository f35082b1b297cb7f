"""Cells of the map: their numbers, which of them a window touches, and that too many become larger ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.geo import cells
from cps.geo.cells import DEEPEST, Cells, Window, covering

WORLD = Window(-180, -90, 180, 90)
LATITUDES, LONGITUDES = st.floats(-85, 85), st.floats(-180, 180)


def cell_of(latitude, longitude, level):
    key = cells.keys(np.array([latitude]), np.array([longitude])) >> (2 * (DEEPEST - level))
    (x,), (y,) = cells.columns_rows(key)
    return int(x), int(y)


def test_cells_are_numbered_like_the_tiles_of_every_web_map():
    assert cell_of(21.0287, 105.8523, 16) == (52037, 28850)


@given(LATITUDES, LONGITUDES)
def test_the_middle_of_a_key_is_where_it_came_from(latitude, longitude):
    found = cells.middles(cells.keys(np.array([latitude]), np.array([longitude])))

    assert found[0][0] == pytest.approx(latitude, abs=2e-5)
    assert found[1][0] == pytest.approx(longitude, abs=2e-5)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, st.integers(0, 21))
def test_whatever_lies_in_a_window_lies_in_its_cells(south, west, north, east, level):
    window = Window(min(west, east), min(south, north), max(west, east), max(south, north))

    block = covering(window, level=level, most_per_side=30)

    for latitude, longitude in [(window.south, window.west), (window.north, window.east)]:
        x, y = cell_of(latitude, longitude, block.level)
        assert block.west <= x <= block.east
        assert block.north <= y <= block.south


def test_the_whole_world_at_the_closest_zoom_is_a_few_large_cells():
    block = covering(WORLD, level=21, most_per_side=30)

    assert block.level == 4
    assert block.side == 16


def test_places_beyond_the_edge_of_the_map_lie_on_it():
    assert cell_of(90, 180, 4) == (15, 0)
    assert cell_of(-90, -180, 4) == (0, 15)


def test_the_keys_of_a_block_are_those_of_its_cells_in_order():
    block = Cells(3, 2, 1, 4, 5)

    x, y = cells.columns_rows(block.keys())

    assert sorted(zip(x.tolist(), y.tolist(), strict=True)) == [
        (c, r) for c in range(2, 5) for r in range(1, 6)
    ]
    assert (np.diff(block.keys()) > 0).all()
