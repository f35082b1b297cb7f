"""A profile kept as JSON comes back as it was, so that what is planned is what was checked."""

import json
from dataclasses import replace
from datetime import date

import pytest
from shapely.geometry import LineString

from cps.city import kept
from cps.city.files import read
from cps.city.profile import AreaGroup, Asset
from cps.kernel.files import CITIES, STATIC

ICONS = {icon.stem for icon in STATIC.glob("icons/*.svg")}


@pytest.mark.parametrize("code", ["hanoi", "seoul", "lalitpur", "san-fernando", "template"])
def test_every_city_that_comes_along_comes_back_as_it_was(code):
    profile, _faults = read(CITIES / code, icons=ICONS)

    assert kept.from_json(json.loads(json.dumps(kept.as_json(profile)))) == profile


def test_what_is_told_roughly_stays_told_roughly(profile):
    rounded = replace(profile, categories=tuple(replace(one, is_rounded=True) for one in profile.categories))

    assert kept.from_json(json.loads(json.dumps(kept.as_json(rounded)))) == rounded


def test_days_and_owners_of_places_come_back(profile):
    hall, roads, office = profile.departments
    west, east = profile.areas
    dated = replace(
        profile,
        departments=(hall, roads, replace(office, last_day=date(2030, 3, 1))),
        areas=(replace(west, first_day=date(2030, 1, 1), group="north"), east),
        groups=(AreaGroup("north", {"en": "North"}, None),),
        assets=(Asset("roads", {"en": "Highway"}, LineString([(105, 21), (105.1, 21.1)]), 25.0),),
    )

    assert kept.from_json(json.loads(json.dumps(kept.as_json(dated)))) == dated
