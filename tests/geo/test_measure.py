"""Sizes are those of the ellipsoid, to a few millionths."""

import pytest
import shapely
from geographiclib.geodesic import Geodesic
from shapely.geometry import MultiPolygon, Polygon, box

from cps.geo.measure import all_square_metres, square_metres


def by_geodesics(outline):
    """Go around in steps so short that every kind of straight is the same."""
    around = Geodesic.WGS84.Polygon()
    for longitude, latitude in shapely.segmentize(outline, 0.0002).exterior.coords[:-1]:
        around.AddPoint(latitude, longitude)
    return abs(around.Compute()[2])


@pytest.mark.parametrize(
    ("longitude", "latitude"), [(105.8, 21.0), (121.0, 14.6), (127.0, 37.5), (-70.0, -53.1)]
)
def test_a_ward_is_as_large_as_geodesics_say(longitude, latitude):
    ward = Polygon(
        [(longitude, latitude), (longitude + 0.02, latitude + 0.003), (longitude + 0.01, latitude + 0.02)]
    )

    size_m2 = square_metres(shapely.segmentize(ward, 0.0002))

    assert size_m2 == pytest.approx(by_geodesics(ward), rel=1e-6)


def test_parts_count_and_holes_do_not():
    ward, hole = box(105.0, 21.0, 105.1, 21.1), box(105.02, 21.02, 105.04, 21.04)
    island = box(105.2, 21.0, 105.3, 21.1)

    whole, holed, both = all_square_metres([ward, ward.difference(hole), MultiPolygon([ward, island])])

    assert holed == pytest.approx(whole - square_metres(hole), rel=1e-9)
    assert both == pytest.approx(2 * whole, rel=1e-9)
