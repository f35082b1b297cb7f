"""How many reports a second one process sends on their way, beside the floor: the tree of outlines alone.

A city of 500 areas with an office each, in 20 groups, 40 categories with rules for areas, groups, offices,
hours and seasons, and 200 pieces of road with owners.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import shapely
from shapely.geometry import LineString, MultiPoint, box
from shapely.geometry import Point as Spot
from shapely.geometry.base import BaseGeometry

from cps.city.profile import Area, AreaGroup, Asset, Category, Department, Profile
from cps.city.rule import Rule
from cps.console.checking import checked
from cps.geo.area import AreaMap
from cps.geo.point import Point
from cps.kernel.files import CITIES
from cps.routing.route import router_for

AREAS, GROUPS, CATEGORIES, ROADS, ASKED = 500, 20, 40, 200, 200_000
_WEST, _SOUTH, _EAST, _NORTH = 105.6, 20.9, 106.0, 21.2
_START = datetime(2030, 1, 1, tzinfo=UTC)


def measure() -> None:
    """Print routings a second, and the floor."""
    random = Random(1)
    profile = _city(random)
    asked = [_report(random) for _n in range(ASKED)]
    router = router_for(profile)
    areas = AreaMap(((a.code, a.polygon) for a in profile.areas), tolerance_m=100)
    tree = shapely.STRtree([area.polygon for area in profile.areas])

    def route() -> None:
        for category, point, at in asked:
            router.send(category, area=areas.containing(point), point=point, at=at)

    def floor() -> None:
        for _category, point, _at in asked:
            tree.query(Spot(point.longitude, point.latitude), predicate="intersects")

    sent, bare = _per_second(route), _per_second(floor)
    print(f"\n── routing, {AREAS} areas, one process " + "─" * 30)
    print(
        f"point → area → department  {sent:9,.0f}/s   floor (tree of outlines) {bare:9,.0f}/s   × {sent / bare:.1f}"
    )


def _per_second(work: Callable[[], None]) -> float:
    work()
    begun = time.process_time()
    work()
    return ASKED / (time.process_time() - begun)


def _report(random: Random) -> tuple[str, Point, datetime]:
    point = Point(random.uniform(_SOUTH, _NORTH), random.uniform(_WEST, _EAST))
    return (
        f"kind-{random.randrange(CATEGORIES)}",
        point,
        _START + timedelta(minutes=random.randrange(525_600)),
    )


def _city(random: Random) -> Profile:
    frame = checked(CITIES / "template")
    names = {"en": "x"}
    offices = tuple(Department(f"office-{n}", names, None, "", "") for n in range(AREAS))
    outlines = _outlines(random)
    areas = tuple(
        Area(f"area-{n:03}", names, f"office-{n}", outlines[n], False, group=f"group-{n % GROUPS}")
        for n in range(AREAS)
    )
    categories = tuple(replace(frame.categories[0], code=f"kind-{n}") for n in range(CATEGORIES))
    return replace(
        frame,
        departments=(*frame.departments, *offices),
        areas=areas,
        groups=tuple(AreaGroup(f"group-{n}", names, None) for n in range(GROUPS)),
        categories=categories,
        rules=(*frame.rules, *_rules(categories)),
        assets=tuple(_road(random, n) for n in range(ROADS)),
    )


def _outlines(random: Random) -> Sequence[BaseGeometry]:
    frame = box(_WEST, _SOUTH, _EAST, _NORTH)
    middles = MultiPoint(
        [(random.uniform(_WEST, _EAST), random.uniform(_SOUTH, _NORTH)) for _n in range(AREAS)]
    )
    cells = shapely.get_parts(shapely.voronoi_polygons(middles, extend_to=frame))
    return [_crooked(cell.intersection(frame)) for cell in cells]


def _crooked(cell: BaseGeometry) -> BaseGeometry:
    """Give an outline as many corners as a ward has, about a hundred."""
    return shapely.segmentize(cell, cell.length / 100)


def _rules(categories: Sequence[Category]) -> list[Rule]:
    rules = []
    for n, category in enumerate(categories):
        rules += [
            Rule(category.code, "*", f"office-{n}"),
            Rule(category.code, "*", "@office"),
            Rule(category.code, f"group-{n % GROUPS}", f"office-{n + 1}"),
            Rule(category.code, f"area-{n:03}", f"office-{n + 2}", hours="closed"),
        ]
        if n % 4 == 0:
            rules.append(Rule(category.code, "*", "office-0", owner="office-1"))
    return rules


def _road(random: Random, number: int) -> Asset:
    x, y, turn = random.uniform(_WEST, _EAST), random.uniform(_SOUTH, _NORTH), random.uniform(0, math.tau)
    ends = [(x + far * math.cos(turn), y + far * math.sin(turn)) for far in (0, 0.01, 0.02)]
    return Asset("office-1", {"en": f"Road {number}"}, LineString(ends), 15.0)
