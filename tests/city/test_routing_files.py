"""Rules, groups of areas and assets are read from their files, every fault told with file and line."""

import json
from datetime import date

import pytest
from shapely.geometry import LineString

from cps.city.files import read
from cps.city.profile import AreaGroup, Asset
from cps.city.rule import Rule
from tests.city import town

GROUPS = "code,parent,name_vi,name_en\ndelta,,Đồng bằng,Delta\nriver,delta,Ven sông,Riverside\n"
RULES = (
    "category,area,department,owner,hours,season,from,until\n"
    "pothole,*,roads,roads,,,,\n"
    "pothole,river,town-hall,*,closed,11-02..01-29,2026-07-01,2027-06-30\n"
    "noise,*,@office,,22:00-06:00,,,\n"
    "*,*,town-hall,,,,,\n"
)
ROAD = {
    "type": "Feature",
    "properties": {"owner": "roads", "within_m": 20, "name": "QL 1"},
    "geometry": {"type": "LineString", "coordinates": [[105.0, 21.05], [105.2, 21.05]]},
}


@pytest.fixture
def folder(tmp_path):
    folder = town.a_town(tmp_path / "town")
    (folder / "area_groups.csv").write_text(GROUPS, encoding="utf-8")
    (folder / "routing.csv").write_text(RULES, encoding="utf-8")
    (folder / "areas.csv").write_text(
        "code,office,group,name_vi,name_en\nwest,west-office,river,Phường Tây,West\neast,,,Xã Đông,East\n",
        encoding="utf-8",
    )
    put(folder, ROAD)
    return folder


def put(folder, *features):
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    text = '{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n"
    (folder / "assets.geojson").write_text(text, encoding="utf-8")


def faults_of(folder):
    profile, faults = read(folder, icons=town.ICONS)
    assert (profile is None) == bool(faults)
    return [str(fault) for fault in faults]


def test_all_that_a_rule_can_name_is_read(folder):
    profile, faults = read(folder, icons=town.ICONS)

    assert profile is not None, faults
    assert profile.rules == (
        Rule("pothole", "*", "roads", owner="roads"),
        Rule(
            "pothole",
            "river",
            "town-hall",
            hours="closed",
            season="11-02..01-29",
            first_day=date(2026, 7, 1),
            last_day=date(2027, 6, 30),
        ),
        Rule("noise", "*", "@office", hours="22:00-06:00"),
        Rule("*", "*", "town-hall"),
    )
    assert profile.groups[1] == AreaGroup("river", {"vi": "Ven sông", "en": "Riverside"}, "delta")
    assert [area.group for area in profile.areas] == ["river", None]
    road = LineString([(105.0, 21.05), (105.2, 21.05)])
    assert profile.assets == (Asset("roads", {"vi": "QL 1", "en": "QL 1"}, road, 20.0),)


@pytest.mark.parametrize(
    ("file", "before", "after", "fault"),
    [
        ("routing.csv", "22:00-06:00", "22-06", "routing.csv:4: '22-06' are no hours"),
        ("routing.csv", "22:00-06:00", "06:00-06:00", "routing.csv:4: '06:00-06:00' are no hours"),
        ("routing.csv", "11-02..01-29", "11-02..02-30", "routing.csv:3: '11-02..02-30' is no season"),
        ("routing.csv", "2027-06-30", "2026-06-30", "routing.csv:3: This rule ends on 2026-06-30, before"),
        ("routing.csv", "2027-06-30", "30.6.2027", "routing.csv:3: '30.6.2027' in 'until' is no date"),
        (
            "routing.csv",
            "roads,roads",
            "roads,west-office",
            "routing.csv:2: This rule never decides: nothing in",
        ),
        (
            "routing.csv",
            "pothole,river",
            "pothole,district-9",
            "routing.csv:3: There is no area 'district-9'",
        ),
        ("areas.csv", "west-office,river", "west-office,rivers", "areas.csv:2: The group 'rivers'"),
        (
            "areas.csv",
            "west-office,river",
            "west-office,",
            "routing.csv:3: This rule never decides: no area belongs",
        ),
        (
            "area_groups.csv",
            "delta,,",
            "delta,river,",
            "area_groups.csv:2: Group 'delta' stands above itself",
        ),
        ("area_groups.csv", "river,delta", "river,sea", "area_groups.csv:3: The parent 'sea'"),
        ("area_groups.csv", "river,delta", "west,delta", "area_groups.csv:3: The code 'west' is an area's"),
        ("assets.geojson", '"owner": "roads"', '"owner": "nobody"', "assets.geojson:2: The owner 'nobody'"),
        (
            "assets.geojson",
            '"owner"',
            '"whose"',
            "assets.geojson:2: Feature 1: The property 'owner' is missing",
        ),
        (
            "assets.geojson",
            '"within_m": 20',
            '"within_m": -1',
            "assets.geojson:2: Feature 1: 'within_m' is -1",
        ),
        (
            "assets.geojson",
            "105.2, 21.05",
            "21.05, 105.2",
            "assets.geojson:2: Feature 1: The geometry is not in",
        ),
        ("assets.geojson", '"LineString"', '"Line"', "assets.geojson:2: Feature 1: The geometry is Line"),
    ],
)
def test_one_fault_is_told_where_it_stands(folder, file, before, after, fault):
    town.spoil(folder, file, before, after)

    assert any(told.startswith(fault) for told in faults_of(folder)), faults_of(folder)


def test_two_rules_for_the_same_at_different_times_of_day_are_at_peace(folder):
    text = RULES.replace("*,*,town-hall,,,,,\n", "noise,*,@office,,06:00-22:00,,,\n*,*,town-hall,,,,,\n")
    (folder / "routing.csv").write_text(text, encoding="utf-8")
    assert faults_of(folder) == []

    (folder / "routing.csv").write_text(text.replace("06:00-22:00", "05:00-22:00"), encoding="utf-8")
    (fault,) = faults_of(folder)
    assert fault.startswith("routing.csv:5: This rule quarrels with line 4")
