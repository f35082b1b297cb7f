"""`cps city check` tells every fault and leaves with 1; `cps city load` tells what it changed."""

import pytest
from click.testing import CliRunner

from cps.console import city as command
from cps.console.command import main
from cps.kernel.files import CITIES
from tests.city import town


def run(*arguments):
    return CliRunner().invoke(main, ["city", *map(str, arguments)])


def test_checking_hanoi_counts_what_it_has():
    result = run("check", CITIES / "hanoi")

    assert result.exit_code == 0
    assert result.output.startswith("hanoi: ")
    assert "126 areas, 2 languages (vi, en). No faults." in result.output


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
