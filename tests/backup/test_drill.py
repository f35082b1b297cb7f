"""A drill on a real city: what was restored is right, whatever is wrong with it is found, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from cps.backup import mark, notes, scratch
from cps.backup.drill import drill
from cps.console import restore_drill
from cps.kernel import clock, schema
from cps.kernel.errors import Unusable
from tests.backup.conftest import faults, one_bit_flipped
from tests.living import until

pytestmark = pytest.mark.xdist_group("backup")


def quietly(_words):
    """Hear what takes time."""


def processes_of(folder):
    """Return the processes that have the folder in their command line."""
    found = []
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            told = command.read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) + b"/" in told and int(command.parent.name) != os.getpid():
            found.append(told.replace(b"\0", b" ").decode())
    return found


def test_a_copy_restored_under_load_is_equal_row_for_row(copy):
    report = copy.report

    assert report.faults == []
    assert (report.is_living, report.reports, report.photos) == (True, 3, 1)
    assert report.compared.startswith("every row of every table")
    assert report.tables > 40
    assert report.rows > 1000
    assert report.rpo_seconds is not None
    assert report.media_bytes > 10_000
    assert copy.faults() == []


def test_what_was_restored_holds_the_secret_key_and_no_more_of_a_running_city(copy, installed):
    found = {path.name for path in copy.place.media.iterdir()}

    assert found == {"photos", "secret_key"}
    assert (copy.place.media / "secret_key").read_text() == (installed.var / "secret_key").read_text()


def test_the_restored_server_archives_nothing_and_is_on_no_network(copy):
    with copy.started() as restored, psycopg.connect(restored.url) as connection:
        told = [
            connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("archive_mode", "archive_command", "listen_addresses", "shared_preload_libraries")
        ]

    assert told == ["off", "(disabled)", "", ""]


@pytest.mark.parametrize(
    ("change", "back", "told"),
    [
        (
            "UPDATE complaint SET words = words || ' ' WHERE id = 1",
            "UPDATE complaint SET words = rtrim(words) WHERE id = 1",
            ["The table complaint has as many rows as were restored, but not the same."],
        ),
        (
            "CREATE TABLE stray (id int); CREATE UNLOGGED TABLE fleeting (id int)",
            "DROP TABLE stray, fleeting",
            ["The table stray was restored, but does not live."],
        ),
        (
            "ALTER TABLE alembic_version RENAME TO moved",
            "ALTER TABLE moved RENAME TO alembic_version",
            [
                "The table alembic_version was not restored.",
                "The table moved was restored, but does not live.",
                f"It was restored at migration None, not {schema.needed()}.",
            ],
        ),
        (
            "CREATE TEMPORARY TABLE kept AS TABLE photo; DELETE FROM photo",
            "INSERT INTO photo SELECT * FROM kept",
            ["The table photo has 1 rows, but 0 were restored."],
        ),
        (
            "SET session_replication_role = replica; UPDATE complaint SET version = version + 1 WHERE id = 1",
            "SET session_replication_role = replica; UPDATE complaint SET version = version - 1 WHERE id = 1",
            [
                "The table complaint has as many rows as were restored, but not the same.",
                "There are 1 reports whose version is not the count of their events.",
            ],
        ),
    ],
)
def test_what_is_wrong_in_a_table_is_found(copy, change, back, told):
    with copy.started() as restored, psycopg.connect(restored.url, autocommit=True) as connection:
        connection.execute(change)
        found = faults(restored)
        connection.execute(back)

    assert found == told


def test_without_a_living_city_a_reference_to_nothing_is_found(copy):
    with copy.started() as restored, psycopg.connect(restored.url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica; UPDATE photo SET complaint_id = 999")
        found = faults(replace(restored, living=None))
        connection.execute("UPDATE photo SET complaint_id = NULL")

    assert found == ["There are 1 rows that name what is not there (fk_photo_complaint_id)."]


def test_a_bit_that_flipped_on_a_page_is_found(copy):
    with copy.started() as restored, psycopg.connect(restored.url) as connection:
        table, index = connection.execute(
            "SELECT pg_relation_filepath('event'), pg_relation_filepath('pk_complaint')"
        ).fetchone()

    with one_bit_flipped(copy.place.data / table, 8000):
        of_the_table = copy.faults()
    with one_bit_flipped(copy.place.data / index, 8192 + 8180):
        of_the_index = copy.faults()

    assert "The table event cannot be read: invalid page in block 0" in of_the_table[0]
    assert of_the_index[0].startswith("pg_amcheck found damage:")
    assert "invalid page in block 1" in of_the_index[0]
    assert copy.faults() == []


def test_a_bit_that_flipped_in_a_photo_is_found(copy):
    photo = next(path for path in (copy.place.media / "photos").glob("??/??/*") if path.is_file())

    with one_bit_flipped(photo, 1000):
        found = copy.faults()

    assert found == [f"Photos are damaged: {photo.name}."]


def test_a_photo_that_is_in_no_backup_is_missed_unless_the_living_city_removed_it_too(copy, installed):
    gone, lost, late = (digit * 64 for digit in "bcd")
    path = installed.var / "photos" / late[:2] / late[2:4] / late
    path.parent.mkdir(parents=True)
    path.touch()  # the living city has it, and no backup does
    with (
        copy.started() as restored,
        psycopg.connect(restored.url, autocommit=True) as connection,
        psycopg.connect(installed.url, autocommit=True) as living,
    ):
        for column, key in (("large", gone), ("small", lost), ("clear_large", late)):
            connection.execute(f"UPDATE photo SET {column} = '{key}'")
        living.execute(f"UPDATE photo SET small = '{lost}'")
        found = faults(restored)
        connection.execute("UPDATE photo SET large = NULL, small = NULL, clear_large = NULL")
        living.execute("UPDATE photo SET small = NULL")
    path.unlink()

    assert found[1:] == [f"Photos are missing: {lost}, {late}."]


def test_a_photo_that_was_removed_since_the_moment_comes_from_an_older_snapshot(copy, backups, installed):
    photo = next(path for path in (installed.var / "photos").glob("??/??/*") if path.is_file())
    content = photo.read_bytes()
    photo.unlink()
    backups.media.back_up()
    photo.write_bytes(content)
    newest = backups.media.snapshots()[-1]
    folder = installed.folder / "files without it"

    backups.media.restore(newest, folder, keeps=None)
    restored = folder / photo.relative_to(installed.var)
    was_there = restored.exists()
    backups.media.restore_from_any({photo.name}, folder)

    assert not was_there
    assert restored.read_bytes() == content


def test_a_drill_that_is_killed_leaves_nothing_running_and_the_next_one_works(installed, backups, asked):
    command = [sys.executable, "-m", "cps", "restore-drill", "--into", str(asked.into)]
    before = clock.now()
    with subprocess.Popen(
        command, env={**os.environ, **installed.environment}, stderr=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stderr is not None
        for line in killed.stderr:
            if line.startswith("Verifying"):
                break
        killed.send_signal(signal.SIGKILL)
    until(lambda: not processes_of(asked.into), seconds=30, what="what the drill had started to end")
    left = {path.name for path in asked.into.iterdir()}

    with psycopg.connect(installed.superuser_url, autocommit=True) as living:
        living.execute(
            "SELECT pg_stat_reset_shared('archiver')"
        )  # as after a crash: it forgets what it archived
        living.execute("SET session_replication_role = replica")
        living.execute("UPDATE event SET at = now() WHERE id = (SELECT max(id) FROM event)")
    report = drill(backups, replace(asked, at=before), say=quietly)

    assert {"data", "media"} < left
    assert report.faults == []
    assert report.newest_change < before
    assert report.rpo_seconds is None
    assert report.compared == "3 reports received until then; the living city has 3 of them today"
    assert report.not_compared[-1].startswith("Rows: the living city has gone on")
    assert not any(asked.into.iterdir())


def test_where_no_city_lives_the_newest_is_restored_and_what_was_not_compared_is_said(
    installed, backups, asked
):
    nowhere = asked.url.replace("pg%2Frun", "nowhere").replace("pg/run", "nowhere")

    report = drill(backups, replace(asked, url=nowhere), say=quietly)

    assert report.faults == []
    assert (report.is_living, report.rpo_seconds, report.compared) == (False, None, "nothing")
    assert report.not_compared[0].startswith("Rows: the living database does not answer (No such file")
    assert report.reports == 3
    told = notes.read(installed.var, notes.DRILL)
    assert told == json.loads(json.dumps(report.as_json()))
    assert told["ok"] is True


@pytest.mark.parametrize("beside", ["another's", "unfinished-drill"])
def test_a_drill_restores_over_nothing(backups, asked, tmp_path, beside):
    (tmp_path / "somebody's").touch()
    (tmp_path / beside).touch()

    with pytest.raises(Unusable, match="is not empty"):
        drill(backups, replace(asked, into=tmp_path), say=quietly)

    assert (tmp_path / "somebody's").exists()


def test_two_drills_do_not_share_a_folder(backups, asked, monkeypatch):
    monkeypatch.setattr(scratch, "_PATIENCE_SECONDS", 0)
    with scratch.scratch(asked.into, backups.account, keep=False) as place:
        with pytest.raises(Unusable, match="A drill is running in"):
            drill(backups, asked, say=quietly)
        assert place.data.is_dir()

    assert not place.data.exists()


def test_a_disk_without_room_is_refused_before_anything_is_restored(backups, asked, monkeypatch, installed):
    monkeypatch.setattr(scratch, "_SPARE_BYTES", 2**60)

    with pytest.raises(Unusable, match=r"There is not enough room in .*--into"):
        drill(backups, asked, say=quietly)

    assert not list(asked.into.glob("*"))
    assert notes.read(installed.var, notes.DRILL)["ok"] is False


def test_a_copy_that_cannot_be_started_is_told_by_what_the_server_said(copy):
    control = copy.place.data / "global" / "pg_control"
    control.rename(control.with_name("moved"))

    with pytest.raises(Unusable, match="does not start: could not open file"):
        copy.faults()
    control.with_name("moved").rename(control)

    until(lambda: not processes_of(copy.place.folder), seconds=20, what="its processes to end")


def test_a_base_backup_that_is_made_meanwhile_does_not_mislead_a_drill(backups, asked, monkeypatch):
    really = mark.set_mark

    def marked(url):
        moment = really(url)
        backups.base.back_up()
        return moment

    monkeypatch.setattr(mark, "set_mark", marked)

    report = drill(backups, asked, say=quietly)

    assert report.faults == []
    assert report.compared == "every row of every table with the living city's"


def test_a_living_database_that_does_not_let_a_drill_in_is_not_taken_for_a_lost_one(
    installed, backups, asked
):
    stranger = make_conninfo(asked.url, user="stranger")

    with pytest.raises(Unusable, match=r"does not let this drill in \(FATAL:"):
        drill(backups, replace(asked, url=stranger), say=quietly)

    assert "does not let this drill in" in notes.read(installed.var, notes.DRILL)["faults"][0]


def test_who_writes_for_long_is_not_waited_for_and_holds_nobody_up(installed, monkeypatch):
    monkeypatch.setattr(mark, "_PATIENCE_SECONDS", 0)
    with psycopg.connect(installed.url) as writing:
        writing.execute("UPDATE complaint SET landmark = ''")
        with pytest.raises(Unusable, match="no moment could be marked"):
            mark.set_mark(installed.url)
        with psycopg.connect(installed.url) as other:
            other.execute("SET lock_timeout = 1")
            other.execute("UPDATE department SET phone = phone")
            other.rollback()
        writing.rollback()


def test_without_its_rights_a_drill_says_which_to_give(installed):
    function = "FUNCTION pg_create_restore_point(text)"
    with psycopg.connect(installed.superuser_url, autocommit=True) as connection:
        connection.execute(f"REVOKE EXECUTE ON {function} FROM city")
        with pytest.raises(Unusable, match=r"GRANT EXECUTE ON FUNCTION pg_create_restore_point.* TO city"):
            mark.set_mark(installed.url)
        connection.execute(f"GRANT EXECUTE ON {function} TO city")


def test_the_console_tells_what_was_found_and_leaves_with_a_code_for_monitoring(copy, installed, monkeypatch):
    wrong = replace(copy.report, faults=["Photos are missing: b."])
    told = {}
    for name, report in (("right", copy.report), ("wrong", wrong)):
        monkeypatch.setattr(restore_drill, "drill", lambda *_args, report=report, **_more: report)
        told[name] = installed.cps("restore-drill")
        told[f"{name} for programs"] = installed.cps("restore-drill", "--json")

    assert [one.exit_code for one in told.values()] == [0, 0, 2, 2]
    assert told["right"].output.endswith("The backup is proved.\n")
    assert "WRONG         Photos are missing: b." in told["wrong"].output
    assert told["wrong"].output.endswith("The backup is NOT proved.\n")
    assert json.loads(told["right for programs"].output)["ok"] is True
    assert json.loads(told["wrong for programs"].output)["faults"] == wrong.faults


@pytest.mark.parametrize(("at", "told"), [("yesterday", "no moment like"), ("2999-01-01", "still to come")])
def test_a_moment_that_is_none_is_refused(installed, at, told):
    result = installed.cps("restore-drill", "--at", at)

    assert result.exit_code == 1
    assert told in result.output
