"""`cps backup`, and how `cps doctor` sees what it keeps: repositories that are gone, locked, or open to all."""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from cps.app import create_app
from cps.backup import notes
from cps.backup.base import Base
from cps.backup.mark import close_wal, set_mark
from cps.backup.setup import backups_of
from cps.health import backup as look
from cps.health.finding import State
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.settings import from_environment
from tests.living import until

pytestmark = pytest.mark.xdist_group("backup")


@pytest.fixture
def looked(installed, tmp_path):
    """Look at the backup as `cps doctor` does, with these notes and settings, some time from now."""
    settings = replace(from_environment(installed.environment), var=tmp_path)
    app = create_app(settings, database_url=installed.url)

    def look_with(*, base=None, files=None, drill=None, after=timedelta(), **changes):
        for name, told in ((notes.BASE, base), (notes.FILES, files), (notes.DRILL, drill)):
            if told is not None:
                notes.write(tmp_path, name, {key: _moment(value) for key, value in told.items()})
        with app.app_context(), clock.standing_at(datetime.now(UTC) + after):
            try:
                return look.backup(replace(settings, **changes))
            finally:
                db.session.rollback()

    yield look_with
    with app.app_context():
        db.engine.dispose()


def _moment(value):
    """Return a moment so long ago; what is no span of time, as it is."""
    return (datetime.now(UTC) - value).isoformat() if isinstance(value, timedelta) else value


def ago(**parts):
    """Return a note of so long ago, by the clock of when it is written."""
    return {"at": timedelta(**parts)}


def proved(*, ok=True, **parts):
    return {"ok": ok, "began_at": timedelta(**parts), "faults": [] if ok else ["Photos are missing: b."]}


WELL = {"base": ago(hours=1), "files": ago(minutes=5)}


def test_check_says_what_both_repositories_hold(installed):
    result = installed.cps("backup", "check")

    assert result.exit_code == 0
    assert "Base backup" in result.output
    assert "none yet" not in result.output
    assert notes.read(installed.var, notes.BASE)["kind"] == "full"
    assert notes.read(installed.var, notes.FILES)["snapshots"] >= 1
    assert stat.S_IMODE((installed.var / "backup" / "base.json").stat().st_mode) == 0o644


def test_a_base_backup_is_full_once_a_week_and_small_in_between(backups, monkeypatch):
    asked = []
    monkeypatch.setattr(Base, "_run", _noting(asked, Base._run))

    backups.base.back_up()
    with clock.standing_at(datetime.now(UTC) + timedelta(days=6, hours=13)):
        backups.base.back_up()

    assert asked == ["--type=diff", "--type=full"]
    assert backups.base.kept().newest is not None


def _noting(asked, run):
    def noting(self, command, *options, **more):
        if command == "backup":
            asked.extend(options)
            return ""
        return run(self, command, *options, **more)

    return noting


def test_all_of_a_running_city_is_kept_but_what_others_write(installed, backups):
    for name in ("postgres/data", "photos/incoming", "backup", "later"):
        (installed.var / name).mkdir(parents=True, exist_ok=True)
        (installed.var / name / "file").touch()
    folder = installed.folder / "files"

    backups.media.back_up()
    target = installed.folder / "restored files"
    backups.media.restore(backups.media.snapshots()[-1], target)

    assert folder.is_dir()
    assert {path.name for path in target.iterdir()} == {"photos", "secret_key", "later"}
    assert "incoming" not in {path.name for path in (target / "photos").iterdir()}
    shutil.rmtree(installed.var / "later")
    shutil.rmtree(installed.var / "postgres")
    shutil.rmtree(installed.var / "photos" / "incoming")


def test_files_are_kept_for_five_weeks(installed, backups):
    for days in (60, 20):
        moment = datetime.now(UTC) - timedelta(days=days)
        backups.media._run(
            "backup", f"--host={backups.media.name}", f"--time={moment:%Y-%m-%d %H:%M:%S}", "secret_key"
        )
    before = backups.media.snapshots()

    backups.media.forget()

    ages = [(datetime.now(UTC) - one.at).days for one in backups.media.snapshots()]
    assert [(datetime.now(UTC) - one.at).days for one in before][:2] == [60, 20]
    assert ages[0] == 20
    assert 0 in ages


def test_a_lock_that_was_left_by_a_kill_stands_in_nobodys_way(installed, backups):
    locks = Path(backups.media.repository) / "locks"
    environment = {
        **os.environ,
        "RESTIC_REPOSITORY": backups.media.repository,
        "RESTIC_PASSWORD_FILE": str(backups.media.password_file),
    }
    with subprocess.Popen(
        ["restic", "backup", "--stdin", "--no-cache"], env=environment, stdin=subprocess.PIPE
    ) as killed:
        until(lambda: any(locks.iterdir()), seconds=30, what="the lock")
        killed.kill()
    were_left = any(locks.iterdir())

    backups.media.forget()

    assert were_left
    assert not any(locks.iterdir())


def test_a_wrong_passphrase_is_told_for_either_repository(installed, backups, tmp_path):
    wrong = tmp_path / "password"
    wrong.write_text("another")
    config = _config(installed, tmp_path, "repo1-cipher-pass=", "repo1-cipher-pass=another")

    with pytest.raises(Unusable, match="passphrase in CPS_BACKUP_PASSWORD_FILE does not open"):
        replace(backups.media, password_file=wrong).snapshots()
    with pytest.raises(Unusable, match=r"passphrase \(repo1-cipher-pass\) does not"):
        replace(backups.base, config=config).kept()


def test_a_repository_that_does_not_encrypt_is_refused(installed, backups, tmp_path):
    plain = installed.folder / "plain"
    plain.mkdir()
    shutil.chown(plain, backups.account.uid, backups.account.gid)
    config = _config(installed, tmp_path, "repo1-cipher-type=aes-256-cbc", "repo1-cipher-type=none")
    text = config.read_text().replace(f"{installed.folder}/repository", str(plain))
    config.write_text("\n".join(line for line in text.splitlines() if "cipher-pass" not in line))

    with pytest.raises(Unusable, match="not encrypted: set repo1-cipher-type"):
        replace(backups.base, config=config).prepare()


def _config(installed, folder: Path, old: str, new: str) -> Path:
    """Return a copy of pgBackRest's file that says something else, where its user reads it."""
    path = installed.folder / f"{folder.name}.conf"
    path.write_text(installed.config.read_text().replace(old, new))
    shutil.copymode(installed.config, path)
    found = installed.config.stat()
    shutil.chown(path, found.st_uid, found.st_gid)
    return path


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"backup_stanza": ""}, "No backup is set up: set CPS_BACKUP_STANZA"),
        ({"database_url": None}, "The private cluster under CPS_VAR has no archive"),
        ({"backup_password_file": Path("/there/is/none")}, "cannot be read from /there/is/none"),
    ],
)
def test_what_is_not_set_up_is_told(installed, changes, told):
    with pytest.raises(Unusable, match=told):
        backups_of(replace(from_environment(installed.environment), **changes))


def test_a_passphrase_that_others_can_read_is_refused(installed, tmp_path):
    password = tmp_path / "password"
    password.write_text("geheim")
    password.chmod(0o640)
    settings = replace(from_environment(installed.environment), backup_password_file=password)

    with pytest.raises(Unusable, match="chmod 600"):
        backups_of(settings)
    password.chmod(0o600)
    backups_of(settings)


def test_all_is_well_where_all_is_new(looked):
    found = looked(**WELL, drill=proved(days=3))

    assert (found.state, found.todo) == (State.OK, "")
    assert "proved by a drill 3 days ago" in found.told
    assert found.figures["archive_timeout_seconds"] == 60


@pytest.mark.parametrize(
    ("notes_", "state", "told"),
    [
        ({"base": None}, State.FAULT, "There is no base backup yet."),
        ({"base": ago(hours=25)}, State.OK, ""),
        ({"base": ago(hours=27)}, State.WARNING, "The last base backup was 27 hours ago."),
        ({"base": ago(days=4)}, State.FAULT, "The last base backup was 4 days ago."),
        ({"files": ago(hours=1)}, State.WARNING, "The last backup of the files was 60 minutes"),
        ({"files": ago(days=2)}, State.FAULT, "The last backup of the files was 2 days ago."),
        ({"files": None}, State.FAULT, "There is no backup of the files yet."),
        ({"drill": {}}, State.FAULT, "The last drill failed: no reason was noted."),
        ({"drill": proved(days=41)}, State.WARNING, "The last drill was 41 days ago."),
        ({"drill": proved(days=101)}, State.FAULT, "The last drill was 101 days ago."),
        ({"drill": proved(ok=False)}, State.FAULT, "The last drill failed: Photos are missing: b."),
    ],
)  # fmt: skip
def test_what_is_too_old_or_failed(looked, notes_, state, told):
    found = looked(**{**WELL, "drill": proved(days=1), **notes_})

    assert found.state is state
    assert told in found.told
    assert bool(found.todo) is (state is not State.OK)


def test_a_backup_that_no_drill_has_proved_is_a_warning(looked):
    found = looked(**WELL)

    assert (found.state, found.told) == (State.WARNING, "No drill has proved the backup yet.")


@contextmanager
def without_repository(installed) -> Iterator[None]:
    """Have a file where pgBackRest's repository was, so that it can not be made anew either."""
    repository = installed.folder / "repository"
    moved = repository.rename(installed.folder / "moved")
    repository.touch()
    try:
        yield
    finally:
        repository.unlink()
        moved.rename(repository)
        close_wal(installed.superuser_url)


def test_an_archive_that_is_gone_is_a_warning_at_once_and_then_a_fault(installed, looked, backups):
    failures = "SELECT failed_count FROM pg_stat_archiver"
    with (
        psycopg.connect(installed.superuser_url, autocommit=True) as server,
        without_repository(installed),
    ):
        before = server.execute(failures).fetchone()
        server.execute("UPDATE department SET phone = phone")
        server.execute("SELECT pg_switch_wal()")
        until(lambda: server.execute(failures).fetchone() > before, seconds=30, what="the archive to fail")
        now, later, latest = (
            looked(**WELL, drill=proved(days=1), after=timedelta(minutes=minutes)) for minutes in (0, 40, 90)
        )
        with pytest.raises(Unusable, match="archive does not take the database's changes"):
            set_mark(installed.url)
        with pytest.raises(Unusable, match="pgBackRest cannot read the backups of hanoi"):
            backups.base.kept()

    assert [found.state for found in (now, later, latest)] == [State.WARNING, State.WARNING, State.FAULT]
    assert "The archive has not taken the database's changes for 90 minutes" in latest.told
    assert latest.figures["archive_waiting"] >= 1
    assert looked(**WELL, drill=proved(days=1)).state is State.OK


def test_without_its_right_the_look_says_which_to_give(installed, looked):
    with psycopg.connect(installed.superuser_url, autocommit=True) as server:
        server.execute("REVOKE EXECUTE ON FUNCTION pg_ls_archive_statusdir() FROM city")
        found = looked(**WELL, drill=proved(days=1))
        server.execute("GRANT EXECUTE ON FUNCTION pg_ls_archive_statusdir() TO city")

    assert found.state is State.WARNING
    assert "GRANT EXECUTE ON FUNCTION pg_ls_archive_statusdir() TO city" in found.todo


@pytest.mark.parametrize(
    ("setting", "state", "todo"),
    [("archive_timeout = 0", State.WARNING, "archive_timeout = 60"), ("archive_timeout = 300", State.OK, "")],
)
def test_changes_that_may_stay_out_of_the_archive_for_long(installed, looked, setting, state, todo):
    with psycopg.connect(installed.superuser_url, autocommit=True) as server:
        server.execute(f"ALTER SYSTEM SET {setting}")
        server.execute("SELECT pg_reload_conf()")
        name, value = setting.split(" = ")
        with psycopg.connect(installed.superuser_url, autocommit=True) as other:
            until(
                lambda: (
                    other.execute(f"SELECT setting FROM pg_settings WHERE name = '{name}'").fetchone()
                    == (value,)
                ),
                seconds=10,
                what="the setting",
            )
        found = looked(**WELL, drill=proved(days=1))
        server.execute("ALTER SYSTEM RESET ALL")
        server.execute("SELECT pg_reload_conf()")

    assert found.state is state
    assert todo in found.todo
