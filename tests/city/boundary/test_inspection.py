"""All that is wrong with outlines is told, errors apart from warnings, each with feature and place."""

import json

import pytest

from cps.city.boundary.inspection import KnownAreas, inspected
from cps.city.boundary.source import read_boundaries
from cps.city.files import area_list
from cps.city.reading.findings import Findings
from tests.city import drawings, town

GOOD = (drawings.square(105.0, 21.0), drawings.square(105.1, 21.0), drawings.square(105.0, 21.1))


def looked_at(path, folder=None, **choice):
    findings, city = Findings(), None
    if folder is not None:
        centre, languages, rows = area_list(folder, findings)
        city = KnownAreas(centre, rows, languages[0])
    return inspected(read_boundaries(path, **choice), city, findings)


def errors_of(path, folder=None, **choice):
    return [str(error) for error in looked_at(path, folder, **choice).errors]


def warnings_of(path, folder=None, **choice):
    return [str(warning) for warning in looked_at(path, folder, **choice).warnings]


def test_what_is_good_is_counted_and_nothing_is_said(tmp_path):
    found = looked_at(drawings.geojson(tmp_path / "good.geojson", *GOOD))

    assert (found.crs, found.features, sorted(found.areas)) == ("WGS 84", 3, ["a1", "a2", "a3"])
    assert (found.errors, found.warnings) == ((), ())


def holed(outer, inner):
    return {"type": "Polygon", "coordinates": [outer["coordinates"][0], inner["coordinates"][0]]}


NAN = float("nan")


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        (
            drawings.ring((105.2, 21.0), (105.3, 21.1), (105.3, 21.0), (105.2, 21.1)),
            "The outline crosses itself, at 21.050000, 105.250000.",
        ),
        (
            holed(drawings.square(105.2, 21.0), drawings.square(105.5, 21.0)),
            "A hole lies outside its outline, at 21.000000, 105.500000.",
        ),
        (
            drawings.ring((105.2, 21.0), (105.25, 21.05), (105.3, 21.1)),
            "Ring 1 of the outline has no area, at 21.000000, 105.200000.",
        ),
        (
            holed(
                drawings.square(105.2, 21.0), drawings.ring((105.22, 21.02), (105.24, 21.02), (105.23, 21.02))
            ),
            "Ring 2 of the outline has no area, at 21.020000, 105.220000.",
        ),
        (
            drawings.ring((179.9, 21.0), (-179.9, 21.0), (-179.9, 21.1), (179.9, 21.1)),
            "The outline crosses the date line (180° east), which cannot be handled. Cut it there in two areas.",
        ),
        (
            drawings.ring((179.9, 21.0), (180.1, 21.0), (180.1, 21.1), (179.9, 21.1)),
            "The outline crosses the date line (180° east), which cannot be handled. Cut it there in two areas.",
        ),
        (drawings.square(121.0, 14.6), "The outline lies far from the map's centre, at 14.650, 121.050."),
        (
            drawings.ring((105.2, 21.0), (NAN, 21.0), (105.3, 21.1)),
            "The outline has coordinates that are no numbers.",
        ),
        (
            drawings.ring((105.2, 21.0), (float("inf"), 21.0), (105.3, 21.1)),
            "The outline has coordinates that are no numbers.",
        ),
        ({"type": "Polygon", "coordinates": []}, "The outline is empty."),
        ({"type": "MultiPolygon", "coordinates": []}, "The outline is empty."),
        (
            {"type": "Point", "coordinates": [105, 21]},
            "The geometry is Point; it must be a Polygon or MultiPolygon.",
        ),
        (
            {"type": "LineString", "coordinates": [[105, 21], [106, 21]]},
            "The geometry is LineString; it must be a Polygon or MultiPolygon.",
        ),
        (None, "The geometry is missing; it must be a Polygon or MultiPolygon."),
        (
            drawings.square(11_700_000, 2_400_000, 900),
            "The outline is not in degrees WGS84. Convert it to EPSG:4326.",
        ),
    ],
)
def test_an_outline_that_cannot_be_used_is_told_with_line_feature_and_place(tmp_path, geometry, sentence):
    path = drawings.geojson(tmp_path / "bad.geojson", *GOOD, geometry)

    assert errors_of(path) == [f"bad.geojson:5: Feature 4: {sentence}"]


@pytest.mark.parametrize(
    "coordinates", [["no", "numbers"], [[["a", "b"], ["c", "d"]]], [[[1, 2], [3, 4]]], 7]
)
def test_an_outline_that_is_none_is_refused(tmp_path, coordinates):
    path = drawings.geojson(tmp_path / "bad.geojson", *GOOD, {"type": "Polygon", "coordinates": coordinates})

    (error,) = errors_of(path)

    assert error.startswith("bad.geojson:5: Feature 4: The outline ")


def test_heights_are_left_out_and_that_is_told_once(tmp_path):
    high = drawings.ring((105.2, 21.0, 7), (105.3, 21.0, 8), (105.3, 21.1, 9))
    path = drawings.geojson(
        tmp_path / "high.geojson", *GOOD, high, drawings.ring((106, 21, 1), (106.1, 21, 1), (106, 21.1, 1))
    )

    found = looked_at(path)

    assert [str(warning) for warning in found.warnings] == [
        "high.geojson:5: Feature 4: 2 of 5 outlines have heights (3D); they are left out."
    ]
    assert not found.areas["a4"].polygon.has_z


def test_heights_are_told_after_a_change_of_coordinate_system_too(tmp_path):
    path = tmp_path / "high.geojson"
    crs = {"type": "name", "properties": {"name": "EPSG:3857"}}
    drawings.geojson(path, drawings.ring((0, 0, 7), (900, 0, 8), (900, 900, 9)), crs=crs)

    assert warnings_of(path) == [
        "high.geojson:2: Feature 1: 1 of 1 outlines have heights (3D); they are left out."
    ]


def test_a_large_overlap_is_an_error_and_a_small_one_a_warning_with_size_and_share(tmp_path):
    large = drawings.geojson(tmp_path / "large.geojson", *GOOD[:2], drawings.square(105.18, 21.0))
    small = drawings.geojson(tmp_path / "small.geojson", *GOOD[:2], drawings.square(105.1999, 21.0))

    assert (errors_of(large), warnings_of(large)) == (
        [
            (
                "large.geojson:4: Feature 3: Area 'a3' and area 'a2' (feature 2) overlap by 23.02 km², "
                "20% of the smaller one, at 21.05000, 105.19000."
            )
        ],
        [],
    )
    assert (errors_of(small), warnings_of(small)) == (
        [],
        [
            (
                "small.geojson:4: Feature 3: Area 'a3' and area 'a2' (feature 2) overlap by 0.12 km², "
                "0.1% of the smaller one, at 21.05000, 105.19995."
            )
        ],
    )


@pytest.mark.parametrize(("width", "kind"), [(0.05, "errors"), (0.0005, "warnings")])
def test_a_gap_is_an_error_and_a_sliver_a_warning(tmp_path, width, kind):
    left = drawings.ring(
        (105.0, 21.0), (105.1, 21.0), (105.1, 21.03), (105.1 - width, 21.03), (105.1 - width, 21.07), (105.1, 21.07),
        (105.1, 21.1), (105.0, 21.1),
    )  # fmt: skip
    found = looked_at(drawings.geojson(tmp_path / "gap.geojson", left, GOOD[1]))

    told = {"errors": found.errors, "warnings": found.warnings}
    (said,) = map(str, told.pop(kind))
    assert said.startswith("gap.geojson:1: There is a gap of ")
    assert said.endswith("between areas a1, a2.")
    assert list(told.values()) == [()]
    assert found.misfits.gaps == 1


def test_less_than_a_square_metre_is_nothing(tmp_path):
    path = drawings.geojson(tmp_path / "hair.geojson", GOOD[0], drawings.square(105.1 - 1e-11, 21.0))

    assert (errors_of(path), warnings_of(path)) == ([], [])


def test_uncoded_doubly_coded_and_unnamed_features_are_told(tmp_path):
    path = drawings.drawn(
        tmp_path / "codes.gpkg",
        [*drawings.TWO, *drawings.moved(drawings.TWO[:1], "EPSG:4326")],
        ["west", None, "west"],
        names=["West", "  ", "West again"],
    )

    found = looked_at(path)

    assert [str(error) for error in found.errors if "overlap" not in error.sentence] == [
        "codes.gpkg: Feature 2: It has no code.",
        "codes.gpkg: Feature 3: Feature 1 is area 'west' already.",
    ]
    assert [str(warning) for warning in found.warnings] == ["codes.gpkg: Feature 2: It has no name."]


def test_a_code_of_odd_letters_is_an_error(tmp_path):
    path = drawings.geojson(tmp_path / "odd.geojson", *GOOD, codes=["a1", "Ward 2", "a3"])

    assert errors_of(path) == [
        "odd.geojson:3: Feature 2: The code 'Ward 2' must consist of a-z, 0-9 and '-'."
    ]


def test_a_file_without_a_field_that_looks_like_a_code_asks_for_one(tmp_path):
    path = tmp_path / "wards.geojson"
    path.write_text(
        drawings.geojson(path, *GOOD).read_text(encoding="utf-8").replace('"code"', '"adm4"'),
        encoding="utf-8",
    )

    assert errors_of(path) == [
        "wards.geojson: No field looks like a code. Choose one with --code-field: adm4."
    ]
    assert errors_of(path, code_field="adm4") == []


def test_a_city_s_areas_are_held_against_the_file_from_both_sides(tmp_path):
    folder = town.a_town(tmp_path / "town")
    path = drawings.drawn(tmp_path / "wards.shp", codes=("west", "north"), names=["Phường Tây", "Phường Bắc"])

    found = looked_at(path, folder)

    assert [str(error) for error in found.errors] == [
        "areas.csv:3: Area 'east' has no outline in the boundary file.",
        (
            "wards.shp: Feature 2: No area in areas.csv has this code or name (code 'north', name 'Phường Bắc'). "
            "Add a row for it."
        ),
    ]
    assert found.names == {"west": "Phường Tây", "east": "Xã Đông"}


def test_a_name_field_decides_alone(tmp_path):
    folder = town.a_town(tmp_path / "town")
    path = tmp_path / "names.geojson"
    features = [
        {"type": "Feature", "properties": {"a": "Xã Đông", "b": "Phường Tây"}, "geometry": GOOD[0]},
        {"type": "Feature", "properties": {"a": "Phường Tây", "b": "Xã Đông"}, "geometry": GOOD[1]},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")

    found = looked_at(path, folder, name_field="b")

    assert {code: feature.number for code, feature in found.areas.items()} == {"west": 1, "east": 2}


BOUNDARIES = [
    ("hanoi_wards_2025", {}, 126, 0, 241, 0),
    ("hanoi_districts_pre2025", {}, 30, 0, 40, 0),
    ("quezon_city_barangays", {"code_field": "adm4_psgc", "name_field": "adm4_en"}, 142, 0, 0, 0),
    ("seoul_gu", {"name_field": "sigungu"}, 25, 0, 50, 0),
    (
        "kathmandu_valley_municipalities",
        {"code_field": "municipality_code", "name_field": "gapa_napa"},
        28,
        1,
        0,
        1,
    ),
]


@pytest.mark.parametrize(("name", "choice", "areas", "errors", "overlaps", "unnamed"), BOUNDARIES)
def test_real_boundaries_are_known_for_what_they_are(shared, name, choice, areas, errors, overlaps, unnamed):
    found = looked_at(shared / "data" / "boundaries" / f"{name}.geojson", **choice)

    nameless = [warning for warning in found.warnings if "no name" in warning.sentence]
    assert (len(found.areas), len(found.errors), found.misfits.overlaps, len(nameless)) == (
        areas,
        errors,
        overlaps,
        unnamed,
    )
