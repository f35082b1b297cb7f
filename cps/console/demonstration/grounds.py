"""Where in the city things happen: points inside each area, crowded round its hotspots; pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import shapely
from shapely.geometry.base import BaseGeometry

from cps.city.profile import Area, MapView, Profile
from cps.geo.area import AreaMap
from cps.geo.point import Point

# Points keep this far from the border, so that moving one by the wobble leaves it inside.
_MARGIN_DEGREES = 0.0004
WOBBLE_DEGREES = 0.00025

_HOTSPOTS = 3
_HOTSPOT_SHARE = 0.45
_HOTSPOT_DEGREES = 0.002
_BUSY_KM = 9.0
_KM_PER_DEGREE = 111.2
_MOST_TRIES = 40


@dataclass(frozen=True)
class Ward:
    """An area with places in it: (latitude, longitude) pairs, which may be moved by `wobble` degrees."""

    code: str
    id: int
    share: float
    spots: Sequence[tuple[float, float]]
    wobble: float


def wards_of(
    profile: Profile, ids: Mapping[str, int], area_map: AreaMap, *, spots: int, random: Random
) -> list[Ward]:
    """Find `spots` places in each area; areas near the middle of the map are the busiest."""
    return [
        _ward(area, ids[area.code], profile.map, area_map, spots=spots, random=random)
        for area in profile.areas
    ]


def _ward(area: Area, number: int, middle: MapView, area_map: AreaMap, *, spots: int, random: Random) -> Ward:
    inner = area.polygon.buffer(-_MARGIN_DEGREES)
    ground, wobble = (area.polygon, 0.0) if inner.is_empty else (inner, WOBBLE_DEGREES)
    shapely.prepare(ground)
    centres = [_anywhere(ground, random) for _n in range(_HOTSPOTS)]
    found = [_spot(ground, centres, random) for _n in range(spots)]
    truly_inside = [
        (latitude, longitude)
        for latitude, longitude in found
        if area_map.containing(Point(latitude, longitude)) == area.code
    ]
    return Ward(area.code, number, _share(area, middle, random), truly_inside, wobble)


def _spot(
    ground: BaseGeometry, centres: Sequence[tuple[float, float]], random: Random
) -> tuple[float, float]:
    if random.random() < _HOTSPOT_SHARE:
        latitude, longitude = random.choice(centres)
        near = (random.gauss(latitude, _HOTSPOT_DEGREES), random.gauss(longitude, _HOTSPOT_DEGREES))
        if shapely.contains_xy(ground, near[1], near[0]):
            return near
    return _anywhere(ground, random)


def _anywhere(ground: BaseGeometry, random: Random) -> tuple[float, float]:
    west, south, east, north = ground.bounds
    for _n in range(_MOST_TRIES):
        latitude, longitude = random.uniform(south, north), random.uniform(west, east)
        if shapely.contains_xy(ground, longitude, latitude):
            return latitude, longitude
    inside = ground.representative_point()
    return inside.y, inside.x


def _share(area: Area, middle: MapView, random: Random) -> float:
    centre = area.polygon.centroid
    east = (centre.x - middle.longitude) * math.cos(math.radians(middle.latitude))
    km = math.hypot(east, centre.y - middle.latitude) * _KM_PER_DEGREE
    return (math.exp(-km / _BUSY_KM) + 0.05) * random.lognormvariate(0, 0.5)
