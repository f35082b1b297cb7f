"""Outlines that nearly fit are made to fit; nothing else is changed, and what is clean stays as it is."""

import json

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box, shape

from cps.city.boundary.cleaning import changes, clean, rounded
from cps.city.boundary.writing import geojson, write
from cps.geo.measure import square_metres

WEST, EAST = box(105.0, 21.0, 105.1, 21.1), box(105.1, 21.0, 105.2, 21.1)


def test_the_smaller_code_keeps_what_two_areas_claim():
    wide = box(105.0999, 21.0, 105.2, 21.1)

    for names, owner in (("ab", WEST.bounds), ("ba", box(105.0, 21.0, 105.0999, 21.1).bounds)):
        after = clean(dict(zip(names, (WEST, wide), strict=True)))

        assert after[names[0]].bounds == pytest.approx(owner, rel=0, abs=1e-9)
        assert after["a"].intersection(after["b"]).area == 0


def test_a_sliver_goes_to_the_area_with_the_longest_border_to_it():
    bay = Polygon([(105.1, 21.03), (105.0999, 21.05), (105.1, 21.07)])

    after = clean({"b": WEST.difference(bay), "a": EAST})

    assert shapely.union_all(list(after.values())).area == pytest.approx(WEST.area + EAST.area, abs=1e-12)
    assert after["b"].area == pytest.approx(WEST.area, abs=1e-12)  # two sides to one


def test_what_is_clean_stays_as_it_is():
    after = clean({"west": WEST, "east": EAST})

    assert (after["west"].equals(WEST), after["east"].equals(EAST)) == (True, True)
    assert changes({"west": WEST, "east": EAST}, after) == []


def test_what_changed_is_told_in_square_metres():
    wide = box(105.0999, 21.0, 105.2, 21.1)
    before = {"west": WEST, "east": wide}

    (change,) = changes(before, clean(before))

    assert (change.code, round(change.gained_m2)) == ("west", 0)
    assert change.lost_m2 == pytest.approx(square_metres(WEST.intersection(wide)), rel=1e-6)


@pytest.mark.parametrize("name", ["seoul_gu", "hanoi_wards_2025", "hanoi_districts_pre2025"])
def test_real_boundaries_become_a_coverage_and_stay_one(shared, name):
    text = (shared / "data" / "boundaries" / f"{name}.geojson").read_text(encoding="utf-8")
    areas = {f["properties"]["code"]: shape(f["geometry"]) for f in json.loads(text)["features"]}

    once = clean(areas)
    twice = clean(
        {code: shape(json.loads(json.dumps(shapely.geometry.mapping(p)))) for code, p in once.items()}
    )

    assert shapely.coverage_is_valid([once[code] for code in sorted(once)])
    assert not any(len(part.interiors) for part in shapely.get_parts(shapely.union_all(list(once.values()))))
    assert geojson(once, {}) == geojson(twice, {})
    moved = shapely.area(shapely.symmetric_difference(list(areas.values()), [once[code] for code in areas]))
    assert moved.sum() < 0.01 * sum(polygon.area for polygon in areas.values())


def test_rounding_keeps_shared_corners_shared():
    one = Polygon([(105.00000049, 21), (105.1, 21.00000051), (105.05, 21.1)])

    assert shapely.get_coordinates(rounded(one)).tolist()[:2] == [[105.0, 21.0], [105.1, 21.000001]]


def test_a_needle_that_rounding_would_break_is_put_together_anew():
    needle = Polygon([(105, 21), (105.1, 21), (105.1, 21.1), (105.05, 21.0000004), (105, 21.1)])

    after = rounded(needle)

    assert after.is_valid
    assert np.array_equal(shapely.get_coordinates(after).round(6), shapely.get_coordinates(after))


def test_the_written_file_is_the_same_whatever_the_order_and_where_rings_begin(tmp_path):
    turned = Polygon([*EAST.exterior.coords[2:-1], *EAST.exterior.coords[:3]]).reverse()

    text = geojson({"b": EAST, "a": WEST}, {"a": "Tây"})
    write(tmp_path / "areas.geojson", text)

    assert text == geojson({"a": WEST, "b": turned}, {"a": "Tây"})
    assert (tmp_path / "areas.geojson").read_text(encoding="utf-8") == text
    assert text.splitlines()[1].startswith(
        '{"type":"Feature","properties":{"code":"a","name":"Tây"},"geometry"'
    )
    assert len(text.splitlines()) == 4
    assert shape(json.loads(text)["features"][1]["geometry"]).exterior.is_ccw
