"""Departments and areas are in force from a day to a day; the city in force changes by itself at midnight."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from cps.city import models
from cps.city.files import read
from cps.city.load import load
from cps.city.queries import in_force
from cps.kernel import clock
from cps.kernel.db import db
from cps.routing.route import router_of
from tests.city import town
from tests.makers import MONDAY

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = date(2030, 1, 7)
YESTERDAY = date(2030, 1, 6)


def days_of(model, code):
    return db.session.execute(select(model.first_day, model.last_day).where(model.code == code)).all()


def without_east(profile):
    return replace(profile, areas=tuple(area for area in profile.areas if area.code != "east"))


def dated(things, code, **days):
    return tuple(replace(thing, **days) if thing.code == code else thing for thing in things)


def faults(folder):
    _profile, found = read(folder, icons=town.ICONS)
    return [str(fault) for fault in found]


def test_a_new_city_is_since_ever(profile, no_city):
    load(profile)

    assert days_of(models.Area, "east") == [(None, None)]
    assert days_of(models.Department, "roads") == [(None, None)]


def test_what_is_new_opens_with_the_day_of_the_load(profile, no_city):
    load(without_east(profile))
    load(profile)

    assert days_of(models.Area, "east") == [(TODAY, None)]
    assert days_of(models.Area, "west") == [(None, None)]
    assert load(profile) == []


def test_what_vanishes_ended_the_day_before(profile, no_city):
    load(profile)
    load(without_east(profile))

    assert days_of(models.Area, "east") == [(None, YESTERDAY)]


def test_what_comes_back_opens_anew(profile, no_city):
    load(profile)
    load(without_east(profile))
    with clock.standing_at(MONDAY + timedelta(days=3)):
        load(profile)

    assert days_of(models.Area, "east") == [(date(2030, 1, 10), None)]


def test_what_comes_back_the_same_day_was_never_away(profile, no_city):
    load(profile)
    load(without_east(profile))
    load(profile)

    assert days_of(models.Area, "east") == [(None, None)]


def test_a_code_borne_anew_leaves_the_old_one_its_name(profile, no_city):
    load(profile)
    before = in_force()
    renamed = dated(profile.departments, "roads", names={"vi": "Cầu đường", "en": "Roads and Bridges"})

    load(replace(profile, departments=renamed), day=date(2030, 1, 3), new_departments=["roads"])

    old, new = before.department_ids["roads"], in_force().department_ids["roads"]
    assert old != new
    assert in_force().department_names[old]["en"] == "Roads"
    assert in_force().department_names[new]["en"] == "Roads and Bridges"
    assert days_of(models.Department, "roads") == [(None, date(2030, 1, 2)), (date(2030, 1, 3), None)]
    assert load(replace(profile, departments=renamed)) == []


def test_a_code_borne_anew_that_vanishes_comes_back_as_who_bore_it_last(profile, no_city):
    load(profile)
    load(profile, day=date(2030, 1, 3), new_areas=["east"])
    number = in_force().area_ids["east"]
    load(without_east(profile))

    load(profile)

    assert in_force().area_ids["east"] == number


def test_what_is_to_come_comes_at_midnight_of_the_city_and_what_is_over_goes(profile, no_city):
    departments = dated(profile.departments, "west-office", last_day=date(2030, 1, 8))
    areas = dated(profile.areas, "west", last_day=date(2030, 1, 8))
    areas = dated(areas, "east", first_day=date(2030, 1, 9))
    load(replace(profile, departments=departments, areas=areas))
    midnight = datetime(2030, 1, 9, tzinfo=ZONE)

    assert (in_force().area("west") is not None, in_force().area("east")) == (True, None)
    with clock.standing_at(midnight - timedelta(microseconds=1)):
        assert list(in_force().area_ids) == ["west"]
    with clock.standing_at(midnight):
        assert list(in_force().area_ids) == ["east"]
        assert "west-office" not in in_force().department_ids
        assert in_force().department_names[in_force_id("west-office")]["en"] == "West office"
    assert list(in_force().area_ids) == ["west"]


def in_force_id(code):
    return db.session.scalars(select(models.Department.id).where(models.Department.code == code)).one()


def test_a_rule_for_what_is_not_yet_in_force_decides_nothing(profile, no_city):
    departments = dated(profile.departments, "roads", first_day=date(2030, 2, 1))
    load(replace(profile, departments=departments))

    def answers(category):
        sent = router_of(in_force()).send(category, area="east", point=None, at=clock.now())
        return sent.department

    assert answers("pothole") == "town-hall"
    with clock.standing_at(datetime(2030, 2, 1, tzinfo=ZONE)):
        assert answers("pothole") == "roads"


def test_a_city_that_names_no_days_keeps_its_picture_over_midnight(profile, no_city):
    load(profile)
    city = in_force()

    with clock.standing_at(MONDAY + timedelta(days=400)):
        assert in_force() is city


@pytest.fixture
def folder(tmp_path):
    folder = town.a_town(tmp_path / "town")
    for file, rows in (("departments.csv", town.DEPARTMENTS), ("areas.csv", town.AREAS)):
        header, *lines = rows.splitlines()
        (folder / file).write_text(
            "\n".join([f"{header},from,until", *(f"{line},," for line in lines)]) + "\n"
        )
    return folder


def test_days_are_read_from_the_tables(folder):
    town.spoil(folder, "areas.csv", "East Commune,,", "East Commune,2025-07-01,2031-12-31")

    profile, found = read(folder, icons=town.ICONS)

    assert found == []
    assert profile.areas[1].first_day == date(2025, 7, 1)
    assert profile.areas[1].last_day == date(2031, 12, 31)
    assert profile.areas[0].first_day is None


@pytest.mark.parametrize(
    ("file", "before", "after", "fault"),
    [
        (
            "areas.csv",
            "East Commune,,",
            "East Commune,1/7/2025,",
            "areas.csv:3: 'from' is '1/7/2025'; it must be a date like 2026-01-02, or empty.",
        ),
        (
            "areas.csv",
            "East Commune,,",
            "East Commune,2025-07-01,2025-06-30",
            "areas.csv:3: 'east' ends on 2025-06-30, before it begins.",
        ),
        (
            "departments.csv",
            "West office,,",
            "West office,2025-07-01,",
            "areas.csv:2: 'west' is in force always, its office 'west-office' from 2025-07-01.",
        ),
        (
            "departments.csv",
            "Town hall,,",
            "Town hall,,2031-12-31",
            "departments.csv:3: 'roads' is in force always, its parent 'town-hall' until 2031-12-31.",
        ),
    ],
)
def test_days_that_contradict_each_other_are_faults(folder, file, before, after, fault):
    town.spoil(folder, file, before, after)

    assert fault in faults(folder)


def test_there_must_be_a_fallback_desk_on_every_day(folder):
    town.spoil(folder, "departments.csv", "Roads,,", "Roads,,2031-12-31")
    town.spoil(folder, "routing.csv", "*,*,town-hall", "*,*,roads")

    (fault,) = (fault for fault in faults(folder) if "no other rule" in fault)
    assert fault.startswith(
        "routing.csv:1: No rule says who takes what no other rule does from 2032-01-01 on."
    )


def test_rules_quarrel_only_while_both_their_departments_are_in_force(folder):
    path = folder / "departments.csv"
    path.write_text(path.read_text() + "parks,town-hall,1022,,Công viên,Parks,2031-01-01,\n")
    town.spoil(folder, "departments.csv", "Roads,,", "Roads,,2030-12-31")
    town.spoil(folder, "routing.csv", "noise,*,@office", "pothole,*,parks\nnoise,*,@office")
    assert faults(folder) == []

    town.spoil(folder, "departments.csv", "Roads,,2030-12-31", "Roads,,2031-01-01")
    (fault,) = faults(folder)
    assert fault.startswith("routing.csv:3: This rule quarrels with line 2")


def test_maps_of_different_days_may_cover_each_other(folder):
    text = (folder / "areas.csv").read_text() + "all,,Thị trấn,The whole town,2032-01-01,\n"
    (folder / "areas.csv").write_text(
        text.replace("West Ward,,", "West Ward,,2031-12-31").replace(
            "East Commune,,", "East Commune,,2031-12-31"
        )
    )
    whole = [[105.0, 21.0], [105.2, 21.0], [105.2, 21.1], [105.0, 21.1], [105.0, 21.0]]
    (folder / "areas.geojson").write_text(
        town.outlines({"code": "west"}, town.WEST, {"code": "east"}, town.EAST, {"code": "all"}, whole)
    )
    assert faults(folder) == []

    town.spoil(folder, "areas.csv", "East Commune,,2031-12-31", "East Commune,,2032-12-31")

    (fault,) = (fault for fault in faults(folder) if "overlap" in fault)
    assert fault.startswith("areas.geojson:4: Feature 3: Area 'all' and area 'east' (feature 2) overlap")
