"""Every format and coordinate system becomes the same outlines in WGS84, or one clear sentence."""

import shutil
import sqlite3
import zipfile

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from shapely.geometry import LineString, Point, box

from cps.city.boundary import archive
from cps.city.boundary.source import read_boundaries
from cps.city.files import read
from tests.city import drawings, town


def bounds_of(boundaries):
    return [drawn.geometry.bounds for drawn in boundaries.drawing.features]


def sentences_of(path, **choice):
    boundaries = read_boundaries(path, **choice)
    assert bool(boundaries.faults) != bool(boundaries.drawing.features)
    return [str(fault) for fault in boundaries.faults]


@pytest.mark.parametrize("ending", ["geojson", "shp", "gpkg", "zip"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32648", "EPSG:3405", "EPSG:3857", "EPSG:4756"])
def test_every_format_in_every_coordinate_system_loads_a_town(tmp_path, ending, crs):
    path = tmp_path / f"official.{'shp' if ending == 'zip' else ending}"
    drawings.drawn(path, drawings.moved(drawings.TWO, crs), crs=crs)
    if ending == "zip":
        path = drawings.zipped(tmp_path / "official.zip", *drawings.set_of(path), inside="Shape files/")

    profile, faults = read(town.a_town(tmp_path / "town"), boundaries=read_boundaries(path))

    assert faults == []
    assert profile is not None
    outlines = {area.code: area.polygon for area in profile.areas}
    for code, expected in zip(drawings.CODES, drawings.TWO, strict=True):
        assert outlines[code].bounds == pytest.approx(expected.bounds, rel=0, abs=1e-6)
        assert outlines[code].symmetric_difference(expected).area < 1e-6


def test_a_place_in_utm_is_where_geodesy_says(tmp_path):
    quarter_m = Geodesic.WGS84.Inverse(0, 105, 21, 105)["s12"] * 0.9996  # up the middle of zone 48
    square = box(500_000, quarter_m, 501_000, quarter_m + 1_000)
    path = drawings.drawn(tmp_path / "utm.gpkg", [square], ["west"], crs="EPSG:32648")

    boundaries = read_boundaries(path)

    west, south = min(shapely.get_coordinates(boundaries.drawing.features[0].geometry).round(12).tolist())
    assert (west, south) == (pytest.approx(105, rel=0, abs=1e-9), pytest.approx(21, rel=0, abs=1e-8))
    assert boundaries.drawing.crs == "WGS 84 / UTM zone 48N"


def test_the_vietnamese_datum_is_not_taken_for_wgs84(tmp_path):
    square = box(500_000, 2_300_000, 501_000, 2_301_000)
    vietnamese = drawings.drawn(tmp_path / "vn2000.shp", [square], ["west"], crs="EPSG:3405")
    worldwide = drawings.drawn(tmp_path / "utm.shp", [square], ["west"], crs="EPSG:32648")

    one, other = bounds_of(read_boundaries(vietnamese))[0], bounds_of(read_boundaries(worldwide))[0]

    apart_m = Geodesic.WGS84.Inverse(one[1], one[0], other[1], other[0])["s12"]
    assert 150 < apart_m < 300  # the published shift of the datum is about 220 m here


def test_geojson_of_the_old_kind_may_name_its_coordinate_system(tmp_path):
    metres = drawings.moved(drawings.TWO, "EPSG:3405")
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    path = drawings.geojson(tmp_path / "old.geojson", *map(shapely.geometry.mapping, metres), crs=crs)

    assert bounds_of(read_boundaries(path))[0] == pytest.approx(drawings.TWO[0].bounds, rel=0, abs=1e-6)


@pytest.mark.parametrize("ending", ["shp", "gpkg"])
def test_metres_without_coordinate_system_are_refused(tmp_path, ending):
    metres = drawings.moved(drawings.TWO, "EPSG:32648")
    path = drawings.drawn(tmp_path / f"nameless.{ending}", metres, crs=None)

    (sentence,) = sentences_of(path)

    assert sentence.startswith(
        f"nameless.{ending}: This file does not say its coordinate system (CRS), and its"
    )


def test_degrees_without_coordinate_system_are_taken_for_wgs84_and_that_is_told(tmp_path):
    path = drawings.drawn(tmp_path / "nameless.shp", crs=None)

    boundaries = read_boundaries(path)

    assert boundaries.faults == ()
    assert ["it is taken for WGS84" in str(warning) for warning in boundaries.warnings] == [True]


def test_an_unknown_coordinate_system_is_named(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:MARS::99999"}}
    path = drawings.geojson(tmp_path / "mars.geojson", drawings.square(105, 21), crs=crs)

    assert sentences_of(path) == [
        "mars.geojson: The coordinate system 'urn:ogc:def:crs:MARS::99999' is not known."
    ]


def test_mixed_coordinate_systems_are_refused_feature_by_feature(tmp_path):
    odd = drawings.square(11_688_546, 2_391_878, 1000)
    odd["crs"] = {"type": "name", "properties": {"name": "EPSG:3857"}}
    path = drawings.geojson(tmp_path / "mixed.geojson", drawings.square(105, 21), odd)

    first, second = read_boundaries(path).drawing.features

    assert first.fault == ""
    assert second.fault.startswith("It is in EPSG:3857, the file in WGS84.")


def test_a_geopackage_with_a_geometry_of_another_system_is_refused_there(tmp_path):
    path = drawings.drawn(tmp_path / "mixed.gpkg")
    with sqlite3.connect(path) as database:
        (blob,) = database.execute("SELECT geom FROM mixed WHERE fid = 2").fetchone()
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute(
            "UPDATE mixed SET geom = ? WHERE fid = 2", (blob[:4] + b"\xa8\x7f\x00\x00" + blob[8:],)
        )
    database.close()

    first, second = read_boundaries(path).drawing.features

    assert first.fault == ""
    assert second.fault.startswith("It is in another coordinate system than its layer.")


@pytest.mark.parametrize(
    ("lacking", "said"), [((".shx",), ".shx"), ((".dbf",), ".dbf"), ((".shx", ".dbf"), ".shx and .dbf")]
)
def test_half_a_shapefile_is_refused(tmp_path, lacking, said):
    path = drawings.drawn(tmp_path / "half.shp")
    for ending in lacking:
        path.with_suffix(ending).unlink()

    assert sentences_of(path) == [
        f"half.shp: A Shapefile needs {said} beside its .shp; ask for the whole set."
    ]


@pytest.mark.parametrize("ending", [".shp", ".dbf", ".shx"])
def test_a_shapefile_that_is_cut_off_is_refused(tmp_path, ending):
    path = drawings.drawn(tmp_path / "cut.shp")
    part = path.with_suffix(ending)
    part.write_bytes(part.read_bytes()[:-9])

    assert sentences_of(path) == ["cut.shp: This Shapefile is cut off; copy it again."]


def test_what_only_calls_itself_so_is_refused(tmp_path):
    real = drawings.drawn(tmp_path / "fake.shp")
    real.write_text("<OGRVRTDataSource>" + " " * 200, encoding="utf-8")
    package, unknown, archive_ = tmp_path / "fake.gpkg", tmp_path / "fake.txt", tmp_path / "fake.zip"
    for path in (package, unknown, archive_):
        path.write_text("hello", encoding="utf-8")

    said = [sentences_of(path)[0] for path in (real, package, unknown, archive_)]

    assert [sentence.split(": ")[1] for sentence in said] == [
        "This is no Shapefile, or it is cut off.",
        "This is no GeoPackage.",
        "This is no boundary file",
        "This zip file is broken, or has a password.",
    ]


def test_a_geopackage_that_is_cut_off_is_refused(tmp_path):
    path = drawings.drawn(tmp_path / "cut.gpkg")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert sentences_of(path) == ["cut.gpkg: This GeoPackage is damaged or cut off; copy it again."]


def test_geojson_that_is_cut_off_is_told_with_its_line(tmp_path):
    path = drawings.geojson(tmp_path / "cut.geojson", drawings.square(105, 21), drawings.square(105.1, 21))
    path.write_text(path.read_text(encoding="utf-8")[:-8], encoding="utf-8")

    (sentence,) = sentences_of(path)

    assert sentence.startswith("cut.geojson:3: This is not JSON:")
    assert sentence.endswith("The file seems to be cut off.")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"features": ' + "9" * 5000 + "}"], ids=["deep", "long"])
def test_json_made_to_hurt_is_refused(tmp_path, text):
    path = tmp_path / "odd.geojson"
    path.write_text(text, encoding="utf-8")

    assert sentences_of(path) == ["odd.geojson:1: This is not JSON that anybody would write."]


def test_a_geopackage_of_two_layers_asks_which(tmp_path):
    path = drawings.drawn(tmp_path / "two.gpkg", layer="wards")
    drawings.drawn(path, layer="districts", codes=("d1", "d2"))

    assert sentences_of(path) == [
        "two.gpkg: This GeoPackage has several layers. Choose one with --layer: wards, districts."
    ]
    assert sentences_of(path, layer="streets")[0].startswith("two.gpkg: There is no layer 'streets'")
    assert [f.properties["code"] for f in read_boundaries(path, layer="districts").drawing.features] == [
        "d1",
        "d2",
    ]


def test_a_zip_of_two_shapefiles_asks_which(tmp_path):
    one, other = (
        drawings.drawn(tmp_path / "wards.shp"),
        drawings.drawn(tmp_path / "roads.shp", codes=("r", "s")),
    )
    path = drawings.zipped(tmp_path / "both.zip", *drawings.set_of(one), *drawings.set_of(other))

    assert sentences_of(path) == ["both.zip: This zip file holds roads, wards. Choose one with --layer."]
    assert [f.properties["code"] for f in read_boundaries(path, layer="roads").drawing.features] == ["r", "s"]


def test_a_zip_that_would_fill_the_disk_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 10_000_000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("a.shp", bytes(11_000_000))

    assert path.stat().st_size < 20_000
    assert sentences_of(path) == ["bomb.zip: Unpacked this zip file is larger than 10 MB."]


def test_a_zip_that_lies_about_its_size_is_read_no_further(tmp_path):
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as liar:
        liar.writestr("a.shp", bytes(5_000_000))
    said, truth = (1000).to_bytes(4, "little"), (5_000_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(truth, said))
    folder = tmp_path / "unpacked"
    folder.mkdir()

    assert sentences_of(path) == ["liar.zip: This zip file is broken, or has a password."]
    with pytest.raises(archive.Unusable):
        archive.unpacked(path, folder, None)
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 1000


def test_a_zip_of_a_thousand_files_or_none_that_fits_is_refused(tmp_path):
    crowd, stranger = tmp_path / "crowd.zip", tmp_path / "stranger.zip"
    with zipfile.ZipFile(crowd, "w") as packed:
        for number in range(1001):
            packed.writestr(f"{number}.txt", "")
    with zipfile.ZipFile(stranger, "w") as packed:
        packed.writestr("read me.txt", "hello")

    assert sentences_of(crowd) == ["crowd.zip: This zip file holds 1001 files, too many for a Shapefile."]
    assert sentences_of(stranger) == ["stranger.zip: There is no Shapefile (.shp) in this zip file."]


def test_nothing_in_a_zip_is_written_outside_of_its_folder(tmp_path):
    path = drawings.drawn(tmp_path / "wards.shp")
    packed = drawings.zipped(tmp_path / "slip.zip", *drawings.set_of(path), inside="../../")
    folder = tmp_path / "deep" / "unpacked"
    folder.mkdir(parents=True)

    archive.unpacked(packed, folder, None)

    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["unpacked"]
    assert {file.name for file in folder.iterdir()} >= {"layer.shp", "layer.shx", "layer.dbf"}


def test_points_lines_and_nothing_are_refused_feature_by_feature(tmp_path):
    shapes = [Point(105, 21), LineString([(105, 21), (105.1, 21.1)]), None, box(105, 21, 105.1, 21.1)]
    path = drawings.drawn(tmp_path / "mix.gpkg", shapes, ["p", "l", "n", "ok"], kind="Unknown")

    _profile, faults = read(town.a_town(tmp_path / "town"), boundaries=read_boundaries(path))

    said = [str(fault) for fault in faults if "The geometry is" in fault.sentence]
    assert said == [
        f"mix.gpkg: Feature {number}: The geometry is {kind}; it must be a Polygon or MultiPolygon."
        for number, kind in ((1, "Point"), (2, "LineString"), (3, "missing"))
    ]


def test_whole_numbers_that_a_table_keeps_as_fractions_are_codes(tmp_path):
    path = drawings.drawn(tmp_path / "numbers.gpkg", codes=(30205.0, 30206.0))

    boundaries = read_boundaries(path)

    codes = [boundaries.code_in(feature.properties) for feature in boundaries.drawing.features]
    assert codes == ["30205", "30206"]


def test_a_field_that_is_not_there_is_told_with_those_that_are(tmp_path):
    path = drawings.drawn(tmp_path / "wards.shp")

    assert sentences_of(path, code_field="PSGC") == [
        "wards.shp: There is no field 'PSGC'; there are code, name."
    ]


def test_a_missing_or_empty_file_is_told(tmp_path):
    empty = drawings.geojson(tmp_path / "empty.geojson")

    assert sentences_of(empty) == ["empty.geojson: There is no feature in this file."]
    assert sentences_of(tmp_path / "no.shp") == ["no.shp: This file is missing."]


def test_nothing_is_left_behind_by_a_zip(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "tmp").mkdir()
    path = drawings.zipped(tmp_path / "a.zip", *drawings.set_of(drawings.drawn(tmp_path / "a.shp")))
    shutil.copy(path, tmp_path / "b.zip")

    read_boundaries(path)

    assert list((tmp_path / "tmp").iterdir()) == []


def test_an_outline_beyond_the_reach_of_its_system_is_refused(tmp_path):
    path = drawings.drawn(tmp_path / "far.gpkg", [box(9e30, 9e30, 9.1e30, 9.1e30)], ["west"], crs="EPSG:3857")

    boundaries = read_boundaries(path)
    _profile, faults = read(town.a_town(tmp_path / "town"), boundaries=boundaries)

    assert not np.isfinite(boundaries.drawing.features[0].geometry.bounds).all() or faults
    assert any(fault.file == "far.gpkg" for fault in faults)
