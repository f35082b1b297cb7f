"""An official boundary file takes the place of the drawn outlines, area by area."""

import pytest

from cps.city.boundary.source import read_boundaries
from cps.city.files import read
from cps.kernel.files import CITIES
from tests.city import town


@pytest.fixture
def folder(tmp_path):
    return town.a_town(tmp_path / "town")


def a_boundary_file(folder, *features):
    path = folder.parent / "official.geojson"
    path.write_text(town.outlines(*features), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("west", "east"),
    [
        ({"code": "west"}, {"code": "east"}),
        ({"MA_XA": "west", "name": "something else"}, {"Ma_Xa": "east"}),
        ({"ten": "Phường Tây"}, {"ten": "Xã Đông"}),
        ({"TEN_XA": "tay"}, {"TEN_XA": "ĐÔNG"}),
        ({"name": "West"}, {"name": "East Commune"}),
    ],
)
def test_areas_are_found_by_code_or_by_name_without_accents_and_prefix(folder, west, east):
    boundaries = a_boundary_file(folder, east, town.EAST, west, town.WEST)

    profile, faults = read(folder, boundaries=read_boundaries(boundaries))

    assert faults == []
    assert profile is not None
    assert {area.code: area.polygon.bounds[0] for area in profile.areas} == {"west": 105.0, "east": 105.1}
    assert not any(area.approximate for area in profile.areas)


def test_what_does_not_match_is_told_from_both_sides(folder):
    boundaries = a_boundary_file(folder, {"name": "Phường Tây"}, town.WEST, {"name": "Phường Nam"}, town.EAST)

    _profile, faults = read(folder, boundaries=read_boundaries(boundaries))

    assert [(fault.file, fault.line) for fault in faults] == [("areas.csv", 3), ("official.geojson", 3)]
    assert "Area 'east' has no outline" in faults[0].sentence
    assert faults[1].sentence.startswith(
        "Feature 2: No area in areas.csv has this code or name (name 'Phường Nam')"
    )


def test_a_name_that_two_areas_share_decides_nothing(folder):
    town.spoil(folder, "areas.csv", "Xã Đông,East Commune", "Xã Tây,West Commune")
    boundaries = a_boundary_file(folder, {"name": "Tây"}, town.WEST, {"name": "Xã Tây"}, town.EAST)

    _profile, faults = read(folder, boundaries=read_boundaries(boundaries))

    assert [fault.sentence.split(":")[0] for fault in faults if fault.file == "official.geojson"] == [
        "Feature 1"
    ]


def test_a_missing_boundary_file_is_told(folder):
    _profile, faults = read(folder, boundaries=read_boundaries(folder / "nowhere.geojson"))

    assert "nowhere.geojson:1: This file is missing." in [str(fault) for fault in faults]


def test_the_official_wards_of_hanoi_replace_the_drawn_ones(shared):
    path = shared / "data" / "boundaries" / "hanoi_wards_2025.geojson"

    profile, faults = read(CITIES / "hanoi", boundaries=read_boundaries(path))

    assert faults == []
    assert profile is not None
    assert len(profile.areas) == 126
    assert not any(area.approximate for area in profile.areas)
