"""`cps city check` tells every fault and leaves with 1; `cps city load` tells what it changed."""

import subprocess
import sys

import pytest
from click.testing import CliRunner
from shapely.geometry import box

from cps.console import city as command
from cps.console.command import main
from cps.kernel.files import CITIES
from tests.city import drawings, town


def run(*arguments):
    return CliRunner().invoke(main, ["city", *map(str, arguments)])


def test_checking_hanoi_counts_what_it_has():
    result = run("check", CITIES / "hanoi")

    assert result.exit_code == 0
    assert result.output.startswith("hanoi: ")
    assert "126 areas, 2 languages (vi, en). No faults." in result.output


def test_checking_tells_which_letters_use_default_words(tmp_path):
    folder = town.a_town(tmp_path / "town")
    (folder / "letters.toml").write_text(
        '[received.vi]\nsubject = "{no}"\nbody = "{link}"\n', encoding="utf-8"
    )

    result = run("check", folder)

    assert result.exit_code == 0
    assert "information: Letters in default words: received (en), transferred (vi, en), " in result.output


def test_checking_tells_every_fault_with_file_and_line(tmp_path):
    folder = town.a_town(tmp_path / "town")
    town.spoil(folder, "categories.csv", "noise,noise,", "noise,trumpet,")
    town.spoil(folder, "departments.csv", "roads,town-hall", "roads,city-hall")
    town.spoil(folder, "routing.csv", "noise,*,@office", "noise,north,@office")

    result = run("check", folder)

    assert result.exit_code == 1
    assert "categories.csv:3: There is no icon 'trumpet'" in result.output
    assert "departments.csv:3: " in result.output
    assert "routing.csv:3: " in result.output
    assert result.output.splitlines()[-1] == f"The profile in {folder} has 3 faults."


def test_checking_with_a_boundary_file_tells_what_does_not_match(tmp_path):
    folder = town.a_town(tmp_path / "town")
    boundaries = tmp_path / "official.geojson"
    boundaries.write_text(town.outlines({"name": "Phường Nam"}, town.WEST), encoding="utf-8")

    result = run("check", folder, "--areas", boundaries)

    assert result.exit_code == 1
    assert "official.geojson:2: Feature 1: No area" in result.output


def test_checking_with_a_list_of_places_counts_what_is_taken_and_what_is_not(tmp_path):
    folder, names = town.a_town(tmp_path / "town"), tmp_path / "names.csv"
    names.write_text("name,lat,lon\nChợ,21.05,105.05\nSài Gòn,10.77,106.70\n", encoding="utf-8")

    result = run("check", folder, "--places", names)

    assert "names.csv: 1 places in the city; left out: 1 outside, 0 that stand there twice." in result.output
    assert "1 place, 2 areas" in result.output


def test_a_list_of_places_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    folder, names = town.a_town(tmp_path / "town"), tmp_path / "names.csv"
    names.write_text("name,lat,lon\nChợ,north,105.05\n", encoding="utf-8")
    monkeypatch.setattr(command, "application", lambda *_: pytest.fail("the database was opened"))

    result = run("load", folder, "--places", names)

    assert result.exit_code == 1
    assert "names.csv:2: 'Chợ': We could not read this place." in result.output


def test_loading_a_faulty_profile_changes_nothing(tmp_path, monkeypatch):
    folder = town.a_town(tmp_path / "town")
    town.spoil(folder, "routing.csv", "pothole,*,roads", "pothole,*,raods")
    monkeypatch.setattr(command, "application", lambda *_: pytest.fail("the database was opened"))

    result = run("load", folder)

    assert result.exit_code == 1
    assert "routing.csv:2: There is no department 'raods'" in result.output


def test_loading_what_is_in_force_changes_nothing(app, database_url, settings, monkeypatch):
    monkeypatch.setenv("CPS_DATABASE_URL", database_url)
    monkeypatch.setenv("CPS_VAR", str(settings.var))

    result = run("load", CITIES / "hanoi")

    assert result.exit_code == 0
    assert result.output == "Nothing changed.\n"


def the_town_and(tmp_path, *shapes, codes=drawings.CODES, ending="shp"):
    return town.a_town(tmp_path / "town"), drawings.drawn(tmp_path / f"wards.{ending}", shapes, codes)


@pytest.mark.parametrize("ending", ["shp", "gpkg", "geojson"])
def test_a_profile_is_checked_with_boundaries_of_every_format(tmp_path, ending):
    folder, file = the_town_and(tmp_path, *drawings.TWO, ending=ending)

    result = run("check", folder, "--areas", file)

    assert (result.exit_code, result.output[:6]) == (0, "town: "), result.output


def test_nothing_is_loaded_from_a_boundary_file_with_errors(tmp_path, monkeypatch):
    folder, file = the_town_and(tmp_path, drawings.TWO[0], drawings.TWO[0].buffer(0.01))
    monkeypatch.setattr(command, "application", lambda *_: pytest.fail("the database was opened"))

    result = run("load", folder, "--areas", file)

    assert result.exit_code == 1
    assert "wards.shp: Feature 2: Area 'east' and area 'west' (feature 1) overlap by" in result.output


def test_loading_asks_for_the_layer_and_takes_it(tmp_path):
    folder, file = the_town_and(tmp_path, *drawings.TWO, ending="gpkg")
    drawings.drawn(file, layer="old", codes=("x", "y"))

    assert "Choose one with --layer: wards, old." in run("check", folder, "--areas", file).output
    assert run("check", folder, "--areas", file, "--layer", "wards").exit_code == 0


def test_areas_tells_errors_and_warnings_apart_and_writes_nothing_with_errors(tmp_path):
    folder, file = the_town_and(tmp_path, *drawings.TWO, codes=("west", "north"))
    out = tmp_path / "areas.geojson"

    result = run("areas", file, "--city", folder, "--out", out)

    assert result.exit_code == 1
    assert "error: areas.csv:3: Area 'east' has no outline in the boundary file." in result.output
    assert "error: wards.shp: Feature 2: No area in areas.csv" in result.output
    assert result.output.splitlines()[-1] == "wards.shp has 2 errors. Nothing was written."
    assert not out.exists()


def test_areas_writes_the_same_bytes_twice_and_a_profile_takes_them(tmp_path):
    folder, file = the_town_and(tmp_path, *reversed(drawings.TWO), codes=("east", "west"))
    first, second = tmp_path / "first.geojson", folder / "areas.geojson"

    told = run("areas", file, "--city", folder, "--out", first)
    run("areas", first, "--city", folder, "--out", second)

    assert told.exit_code == 0
    assert "wards.shp: 2 features in WGS 84, 2 areas of 230.15 km² together; 0 overlaps (0 m²)" in told.output
    assert first.read_bytes() == second.read_bytes()
    assert run("check", folder).exit_code == 0


def test_cleaning_says_what_it_changed_and_leaves_nothing_to_clean(tmp_path):
    wide = box(105.0999, 21.0, 105.2, 21.1)
    folder, file = the_town_and(tmp_path, drawings.TWO[0], wide)
    out = tmp_path / "areas.geojson"

    dirty = run("areas", file, "--city", folder, "--clean", "--out", out)
    clean = run("areas", out, "--city", folder, "--clean", "--out", out)

    assert (dirty.exit_code, clean.exit_code) == (0, 0)
    assert (
        "warning: wards.shp: Feature 2: Area 'east' and area 'west' (feature 1) overlap by 0.12 km²"
        in dirty.output
    )
    assert "cleaned: Area 'west' gained 0 m², lost 0.12 km²." in dirty.output
    assert "Cleaning changed 1 area: 0 m² gained, 0.12 km² lost." in dirty.output
    assert "0 errors, 0 warnings." in clean.output
    assert "Cleaning changed 0 areas" in clean.output


def test_areas_of_no_city_or_no_file_is_one_sentence(tmp_path):
    _folder, file = the_town_and(tmp_path, *drawings.TWO)

    assert (
        run("areas", file, "--city", tmp_path / "nowhere").output
        == f"There is no folder {tmp_path}/nowhere.\n"
    )
    assert "no.gpkg: This file is missing." in run("areas", tmp_path / "no.gpkg").output


def test_the_wards_of_hanoi_fit_their_official_boundaries(shared, tmp_path):
    file = shared / "data" / "boundaries" / "hanoi_wards_2025.geojson"
    outs = [tmp_path / "one.geojson", tmp_path / "two.geojson"]

    results = [run("areas", file, "--city", CITIES / "hanoi", "--clean", "--out", out) for out in outs]

    assert [result.exit_code for result in results] == [0, 0]
    assert "126 features in WGS 84, 126 areas of 3,358.90 km² together" in results[0].output
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert len(outs[0].read_text(encoding="utf-8").splitlines()) == 128


@pytest.mark.parametrize("module", ["cps.app", "cps.console.serve", "cps.console.work", "cps.console.demo"])
def test_whatever_answers_citizens_does_without_gdal(module):
    words = (
        f"import sys, {module}; print([m for m in sys.modules if m.split('.')[0] in ('pyogrio', 'pyproj')])"
    )

    loaded = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)

    assert loaded.stdout == "[]\n"
