"""A small reform of the small town: its two areas become three, two departments end, one bears another name.

West (with its office) becomes north and south, which share an office; east goes on.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from shapely.geometry import box

from cps.city.plan import Plan
from cps.city.profile import Area, Department, Profile
from cps.city.rule import Rule
from cps.complaints import rehoming, reorganising
from cps.complaints.reorganising import Prospect
from cps.geo.point import Point
from cps.kernel.db import db

DAY = date(2030, 1, 7)
IN_NORTH, IN_SOUTH, IN_EAST = Point(21.09, 105.05), Point(21.01, 105.05), Point(21.05, 105.15)
RULES = (Rule("pothole", "*", "roads"), Rule("noise", "*", "@office"), Rule("*", "*", "town-hall"))


def a_department(code: str, name: str, parent: str | None = "town-hall") -> Department:
    return Department(code, {"vi": name, "en": name}, parent, "1022", "")


def after(profile: Profile, **changes: Any) -> Profile:
    """Return the town after its reform: south is twice as large as north."""
    town_hall, roads, _west_office = profile.departments
    _west, east = profile.areas
    values = {
        "departments": (town_hall, roads, a_department("borough-office", "Borough Office")),
        "areas": (
            an_area("north", "North Ward", box(105.0, 21.07, 105.1, 21.1)),
            an_area("south", "South Ward", box(105.0, 21.0, 105.1, 21.07)),
            east,
        ),
        "rules": RULES,
    }
    return replace(profile, **{**values, **changes})


def an_area(code: str, name: str, polygon: Any, office: str | None = "borough-office") -> Area:
    return Area(code, {"vi": name, "en": name}, office, polygon, False)


def a_plan(**changes: Any) -> Plan:
    return Plan(**{"digest": "one", "folder": Path(), "day": DAY, **changes})


def reorganised(profile: Profile, **plan: Any) -> Prospect:
    """Carry out a reform to its end, but for the commits."""
    prospect = reorganising.begin(a_plan(**plan), profile)
    while rehoming.walk(prospect.reform.id) is not None:
        pass
    swept = rehoming.sweep(after=0)
    while swept is not None:
        swept = rehoming.sweep(after=swept.last)
    db.session.expire_all()
    return prospect
