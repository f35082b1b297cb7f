"""The kit holds every row that is in the database, nothing personal outside its folder, and no secret anywhere."""

import csv
import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner
from PIL import Image
from psycopg import sql
from sqlalchemy import LargeBinary, select

from cps.city.load import load
from cps.city.queries import in_force
from cps.complaints import filing, lifecycle, tracking
from cps.complaints.filing import Report
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.console.checking import checked
from cps.console.command import main
from cps.console.exitkit import kit, parting
from cps.console.exitkit.describing import meaning_in
from cps.console.exitkit.parting import Part, columns_in, handed_on, part_of
from cps.geo.point import Point
from cps.kernel.db import Base, db
from cps.kernel.files import CITIES
from cps.people.models import Person, Role
from cps.photos import album
from cps.photos.models import Photo, State

# What may be nowhere but in `personal/`: one word for each place where somebody can be named.
CANARIES = {
    "email": "canary-mail@example.org",
    "phone": "+97798canary",
    "name": "Canary Citizen",
    "words": '=canary words, "quoted"\nand broken',
    "landmark": "canary landmark",
    "official": "Canary Official",
    "note": "canary note of an official",
    "latitude": "27.660017",
}


def run(*arguments):
    return CliRunner().invoke(main, ["city", *map(str, arguments)])


@pytest.fixture
def told(own_city):
    """Lalitpur with a private and a public report, an answer, a photo and officials, all of whom are canaries."""
    with own_city.app_context():
        load(checked(CITIES / "lalitpur"))
        db.session.commit()
        city = in_force()
        official = Person(
            name=CANARIES["official"],
            email="official@lalitpur.example",
            role=Role.COORDINATOR,
            department_id=city.department_ids["sahayata"],
            password_hash="argon2-canary-hash",
        )
        db.session.add(official)
        for category in ("noise", "pothole"):
            filed = filing.file(
                Report(
                    submission_key=uuid4(),
                    category=category,
                    point=Point(float(CANARIES["latitude"]), 85.32),
                    area="ward-04",
                    landmark=CANARIES["landmark"],
                    words=CANARIES["words"],
                    contact=Contact(email=CANARIES["email"], phone=CANARIES["phone"]),
                    name=CANARIES["name"],
                    language="ne",
                    consent="",
                )
            )
            db.session.flush()
            lifecycle.start(filed.complaint, by=official)
            lifecycle.resolve(filed.complaint, by=official, result=CANARIES["note"])
        _photo(filed.complaint)
        db.session.commit()
        db.session.remove()
    return own_city


def _photo(complaint):
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "red").save(drawn, "JPEG")
    key = album.storage().put(drawn.getvalue())
    db.session.add(
        Photo(
            complaint_id=complaint.id, original=key, original_size=9, large=key, small=key, state=State.READY
        )
    )


def database(app):
    with app.app_context():
        return db.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("part", [Part.SHARED, Part.PERSONAL])
def test_every_row_of_every_table_is_found_again(told, tmp_path, part):
    result = run("export", tmp_path / "kit")
    assert result.exit_code == 0, result.output

    manifest = json.loads((tmp_path / "kit" / "manifest.json").read_text())
    seen = 0
    with psycopg.connect(database(told)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for table in handed_on():
            columns = columns_in(table, part)
            if not columns:
                assert not (tmp_path / "kit" / part / f"{table.name}.csv").exists()
                continue
            query = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
                sql.SQL(", ").join(
                    sql.SQL("{}::text").format(sql.Identifier(column.name)) for column in columns
                ),
                sql.Identifier(table.name),
                sql.SQL(", ").join(sql.Identifier(table.name, one.name) for one in table.primary_key.columns),
            )
            kept = [tuple(_as_csv(value) for value in row) for row in connection.execute(query)]
            with (tmp_path / "kit" / part / f"{table.name}.csv").open(encoding="utf-8", newline="") as opened:
                header, *read = csv.reader(opened)
            assert header == [column.name for column in columns]
            assert [tuple(row) for row in read] == kept
            assert manifest["rows"][f"{part}/{table.name}.csv"] == len(kept)
            assert _hash(read) == _hash(kept)
            seen += len(kept)
    assert seen > 5


def _as_csv(value):
    return {None: "", "true": "t", "false": "f"}.get(value, value)


def _hash(rows):
    return hashlib.sha256(json.dumps([list(row) for row in rows]).encode()).hexdigest()


def test_rows_of_both_parts_can_be_put_together_again(told, tmp_path):
    run("export", tmp_path / "kit")

    def read(part):
        with (tmp_path / "kit" / part / "complaint.csv").open(encoding="utf-8", newline="") as opened:
            return {row["id"]: row for row in csv.DictReader(opened)}

    shared, personal = read("tables"), read("personal/tables")
    assert shared.keys() == personal.keys()
    assert all(row["words"] == CANARIES["words"] for row in personal.values())


@pytest.mark.parametrize("options", [(), ("--without-personal-data",)])
def test_nothing_personal_is_outside_its_folder(told, tmp_path, options):
    assert run("export", tmp_path / "kit", *options).exit_code == 0

    files = files_of(tmp_path / "kit")
    outside = {name: path.read_text() for name, path in files.items() if not name.startswith("personal/")}
    for what, canary in CANARIES.items():
        public_place = {"complaints.geojson"} if what == "latitude" else set()
        found = {name for name, text in outside.items() if canary in text}
        assert found == public_place, what
    assert any(name.startswith("personal/") for name in files) is (not options)


def test_with_personal_data_every_canary_is_in_its_folder(told, tmp_path):
    run("export", tmp_path / "kit")

    inside = "".join(
        path.read_text()
        for name, path in files_of(tmp_path / "kit").items()
        if name.startswith("personal/tables")
    )
    for canary in CANARIES.values():
        assert canary.replace('"', '""') in inside


def test_only_places_that_everybody_was_told_exactly_are_on_the_map(told, tmp_path):
    run("export", tmp_path / "kit", "--without-personal-data")

    features = json.loads((tmp_path / "kit" / "complaints.geojson").read_text())["features"]
    placed = {one["properties"]["category"]: one["geometry"] for one in features}
    assert placed == {"noise": None, "pothole": {"type": "Point", "coordinates": [85.32, 27.660017]}}


def test_a_place_that_others_are_told_roughly_is_not_on_the_map(told, tmp_path):
    with psycopg.connect(database(told)) as connection:
        connection.execute("UPDATE category SET is_rounded = true")

    run("export", tmp_path / "kit", "--without-personal-data")

    features = json.loads((tmp_path / "kit" / "complaints.geojson").read_text())["features"]
    assert [one["geometry"] for one in features] == [None, None]


def test_no_secret_is_anywhere(told, tmp_path):
    with told.app_context():
        city = in_force()
        complaints = db.session.scalars(select(Complaint)).all()
        secrets = [
            "argon2-canary-hash",
            city.reference_key.hex(),
            *(str(one.submission_key) for one in complaints),
            *(tracking.secret_for(one.submission_key) for one in complaints),
            *(one.tracking_hash.hex() for one in complaints),
            *(photo.key for photo in db.session.scalars(select(Photo))),
        ]

    run("export", tmp_path / "kit")

    whole = b"".join(path.read_bytes() for path in files_of(tmp_path / "kit").values())
    for secret in secrets:
        assert secret.encode() not in whole


def test_whatever_opens_something_is_kept_back_also_in_tables_to_come():
    opening = ("hash", "secret", "password", "unsubscribe")
    for table in handed_on():
        for column in table.columns:
            if isinstance(column.type, LargeBinary) or any(word in column.name for word in opening):
                assert part_of(column) is Part.KEPT_BACK, f"{table.name}.{column.name}"
            if column.name in ("key", "submission_key"):
                assert part_of(column) is Part.KEPT_BACK, f"{table.name}.{column.name}"


def test_a_column_that_nobody_sorted_is_personal():
    assert part_of(Base.metadata.tables["reporter"].c.email) is Part.PERSONAL
    assert part_of(Base.metadata.tables["complaint"].c.words) is Part.PERSONAL
    for names in (parting._SHARED, parting._KEPT_BACK):
        for table, columns in names.items():
            assert columns <= set(Base.metadata.tables[table].columns.keys())
    assert set(Base.metadata.tables) >= parting._WHOLE | set(parting.LEFT_OUT)


def test_photos_are_files_with_a_manifest_that_says_what_their_bytes_are(told, tmp_path):
    run("export", tmp_path / "kit")

    with (tmp_path / "kit" / "personal" / "photos.csv").open(encoding="utf-8") as opened:
        (row,) = csv.DictReader(opened)
    data = (tmp_path / "kit" / "personal" / row["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == row["sha256"]
    assert Image.open(BytesIO(data)).size == (40, 30)
    assert int(row["bytes"]) == len(data)


def test_a_photo_that_is_not_in_the_storage_is_told(told, tmp_path):
    with told.app_context():
        (photo,) = db.session.scalars(select(Photo))
        album.storage().remove(photo.large)

    result = run("export", tmp_path / "kit")

    assert result.exit_code == 0
    assert "warning: 1 photo was not in the storage" in result.output
    assert json.loads((tmp_path / "kit" / "manifest.json").read_text())["missing_photos"] == [1]


def test_the_checksums_are_of_every_other_file(told, tmp_path):
    run("export", tmp_path / "kit")

    done = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "kit", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == len(files_of(tmp_path / "kit")) - 1


def test_the_dictionary_has_every_table_and_column(told, tmp_path):
    run("export", tmp_path / "kit")

    with (tmp_path / "kit" / "dictionary.csv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    told_of = {(row["table"], row["column"]) for row in rows}
    for table in handed_on():
        assert {(table.name, column.name) for column in table.columns} <= told_of
    by_name = {(row["table"], row["column"]): row for row in rows}
    assert by_name["complaint", "latitude"]["unit"] == "degrees, WGS84"
    assert by_name["complaint", "status"]["meaning"].startswith("one of received")
    assert by_name["complaint", ""]["meaning"].startswith("A report as it stands now.")
    assert (
        by_name["complaint", "flagged_at"]["meaning"] == "`flagged_at`: when an official marked it as abusive"
    )


def test_the_meaning_of_a_column_is_the_sentence_that_speaks_of_it():
    doc = "A thing. `one`, `two`: what they are; more. `three` says\n    how."

    assert meaning_in(doc, "two") == "`one`, `two`: what they are"
    assert meaning_in(doc, "three") == "`three` says how"
    assert meaning_in(doc, "four") == ""


def test_the_profile_goes_in_if_it_is_the_one_in_force_and_else_nothing_is_written(told, tmp_path):
    assert run("export", tmp_path / "kit", "--profile", CITIES / "lalitpur").exit_code == 0
    assert checked(tmp_path / "kit" / "profile").code == "lalitpur"

    changed = tmp_path / "changed"
    changed.mkdir()
    for path in (tmp_path / "kit" / "profile").iterdir():
        (changed / path.name).write_bytes(path.read_bytes().replace(b"Citizen Help Desk", b"Help Desk"))
    result = run("export", tmp_path / "other", "--profile", changed)

    assert result.exit_code == 1
    assert "is not the one in force: loading it would make 1 change" in result.output
    assert not (tmp_path / "other").exists()
    with psycopg.connect(database(told)) as connection:  # what was tried is not in force
        (names,) = connection.execute("SELECT names FROM department WHERE code = 'sahayata'").fetchone()
    assert names["en"] == "Citizen Help Desk"


def test_a_folder_that_is_not_empty_is_refused_and_an_empty_one_taken(told, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    (tmp_path / "empty").mkdir()

    result = run("export", tmp_path / "full")

    assert result.exit_code == 1
    assert "is there and is no empty folder" in result.output
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine"]
    assert run("export", tmp_path / "empty").exit_code == 0
    assert (tmp_path / "empty" / "README.md").exists()
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_run_that_fails_leaves_nothing_and_one_that_was_killed_is_cleared_away(told, tmp_path, monkeypatch):
    monkeypatch.setattr(
        kit, "_described", lambda *_args, **_options: (_ for _ in ()).throw(OSError(28, "full"))
    )
    result = run("export", tmp_path / "kit")
    assert result.exit_code == 1
    assert "is full: nothing was left there" in result.output
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()

    killed = subprocess.run(
        [sys.executable, "-c", _KILLED.format(folder=tmp_path / "kit", url=database(told))], check=False
    )
    assert killed.returncode == -9
    assert not (tmp_path / "kit").exists()
    assert (tmp_path / "kit.unfinished").exists()


_KILLED = """
import os, signal
from cps.app import create_app
from cps.city.queries import in_force
from cps.console.exitkit import kit
from cps.photos import album
from cps.settings import from_environment

kit._described = lambda *_args, **_options: os.kill(os.getpid(), signal.SIGKILL)
app = create_app(from_environment({{"CPS_DEMO": "yes"}}), database_url="{url}")
with app.app_context():
    source = kit.Source("{url}", album.storage(), in_force().profile, None, {{}})
    from pathlib import Path
    kit.write(source, Path("{folder}"), has_personal=True, say=print)
"""


def test_what_a_killed_run_left_is_cleared_away_and_what_somebody_else_left_is_not(told, tmp_path):
    (tmp_path / "kit.unfinished" / "tables").mkdir(parents=True)
    refused = run("export", tmp_path / "kit")
    assert refused.exit_code == 1
    assert "File exists" in refused.output

    (tmp_path / "kit.unfinished" / "UNFINISHED").touch()
    assert run("export", tmp_path / "kit").exit_code == 0
    assert not (tmp_path / "kit.unfinished").exists()


def test_the_kit_can_be_read_by_its_owner_alone(told, tmp_path):
    run("export", tmp_path / "kit")

    assert (tmp_path / "kit").stat().st_mode & 0o077 == 0


def test_moments_are_in_utc(told, tmp_path):
    run("export", tmp_path / "kit")

    with (tmp_path / "kit" / "tables" / "complaint.csv").open(encoding="utf-8", newline="") as opened:
        received = next(csv.DictReader(opened))["received_at"]
    assert datetime.fromisoformat(received).tzinfo == UTC
