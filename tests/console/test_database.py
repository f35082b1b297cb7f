"""`cps database`: the connection in use, printed and opened."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from cps.console.session import check_server, database_url
from cps.kernel.errors import Unusable
from cps.kernel.postgres import running
from cps.settings import from_environment

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "postgresql://ana:geheim@127.0.0.1:1/cps"

# The group alone, so that the rest of the program need not be whole; Unusable is told as `cps` tells it.
THE_COMMAND = """
import sys
from cps.console.database import database
from cps.kernel.errors import Unusable
try:
    database()
except Unusable as reason:
    print(reason, file=sys.stderr)
    sys.exit(1)
"""


@pytest.fixture
def var() -> Iterator[Path]:
    """A short folder that PostgreSQL's user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="cps-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def cps_database(word: str, *, typed: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CPS_", "PG"))}
    return subprocess.run(
        [sys.executable, "-c", THE_COMMAND, word],
        cwd=ROOT,
        env={**environment, **settings},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_url_prints_the_operators_connection_as_psql_reads_it() -> None:
    printed = cps_database("url", CPS_DATABASE_URL="postgres://ana:geheim@db.example.org/cps")

    assert printed.stdout == "postgresql://ana:geheim@db.example.org/cps\n"


def test_url_of_the_embedded_cluster_is_the_one_it_has_and_starts_nothing(var: Path) -> None:
    before = cps_database("url", CPS_VAR=str(var))
    made = list(var.iterdir())
    with running(var, say=lambda _words: None) as url:
        meanwhile = cps_database("url", CPS_VAR=str(var))
        with psycopg.connect(meanwhile.stdout.strip()) as connection:
            is_reached = connection.info.dbname == "cps"

    assert before.stdout == meanwhile.stdout == f"{url}\n"
    assert made == []
    assert is_reached


def test_shell_starts_the_embedded_cluster_for_its_duration(var: Path) -> None:
    shell = cps_database("shell", typed="SELECT 'in ' || current_database();\n", CPS_VAR=str(var))

    assert "in cps" in shell.stdout, shell.stderr
    assert shell.returncode == 0
    assert (var / "postgres" / "data").is_dir()
    assert not (var / "postgres" / "data" / "postmaster.pid").exists()


def test_shell_opens_the_operators_connection_without_showing_its_password(var: Path) -> None:
    with running(var, say=lambda _words: None, durable=False) as url:
        as_url = url.replace("cps@", "cps:geheim@")
        shell = cps_database(
            "shell",
            typed="\\! tr '\\0' ' ' < /proc/$PPID/cmdline\nSELECT 'in ' || 'it';\n",
            CPS_DATABASE_URL=as_url,
        )

    assert "in it" in shell.stdout, shell.stderr
    assert "--dbname" in shell.stdout
    assert "geheim" not in shell.stdout + shell.stderr


def test_shell_hands_on_the_exit_code_of_psql(var: Path) -> None:
    with running(var, say=lambda _words: None, durable=False) as url:
        shell = cps_database("shell", typed="\\set ON_ERROR_STOP on\nSELECT nothing;\n", CPS_DATABASE_URL=url)

    assert shell.returncode == 3


def test_a_server_out_of_reach_is_one_sentence_and_exit_code_1() -> None:
    shell = cps_database("shell", CPS_DATABASE_URL=NOWHERE)

    assert shell.returncode == 1
    assert shell.stderr.count("\n") == 1
    assert "cps on 127.0.0.1 cannot be reached" in shell.stderr
    assert "refused" in shell.stderr
    assert "geheim" not in shell.stderr


def test_wrong_settings_are_told_and_exit_code_1(var: Path) -> None:
    printed = cps_database("url", CPS_VAR=str(var), CPS_WEB_WORKERS="none")

    assert printed.returncode == 1
    assert "CPS_WEB_WORKERS" in printed.stderr
    assert "Traceback" not in printed.stderr


@contextmanager
def a_server_of_version(version: str) -> Iterator[str]:
    """Answer one client as a PostgreSQL of that version does, up to its first question."""

    def greet() -> None:
        client, _address = listener.accept()
        with client:
            client.recv(1024)
            name = b"server_version\0" + version.encode() + b"\0"
            client.sendall(b"R" + struct.pack("!ii", 8, 0))  # signed in
            client.sendall(b"S" + struct.pack("!i", 4 + len(name)) + name)
            client.sendall(b"Z" + struct.pack("!i", 5) + b"I")  # ready
            client.recv(1024)  # until it goes

    with socket.create_server(("127.0.0.1", 0)) as listener:
        greeting = threading.Thread(target=greet)
        greeting.start()
        port = listener.getsockname()[1]
        yield f"postgresql://cps@127.0.0.1:{port}/cps?sslmode=disable&gssencmode=disable"
        greeting.join()


def test_an_old_server_is_refused() -> None:
    with a_server_of_version("14.19") as url, pytest.raises(Unusable) as reason:
        check_server(url)

    assert (
        str(reason.value)
        == "The database cps on 127.0.0.1 is PostgreSQL 14, but PostgreSQL 15 or newer is needed."
    )


@pytest.mark.parametrize("version", ["15.0", "18.6"])
def test_a_server_from_15_on_is_taken(version: str) -> None:
    with a_server_of_version(version) as url:
        assert check_server(url) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("url", ["postgresql://ana:geheim@h:port/cps", "postgresql://ana:geheim@[h/cps"])
def test_a_url_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Unusable) as reason:
        check_server(url)

    assert "geheim" not in str(reason.value)


def test_the_embedded_server_is_new_enough_and_the_session_yields_it(var: Path) -> None:
    settings = from_environment({"CPS_VAR": str(var)})
    heard: list[str] = []

    with database_url(settings, heard.append) as url:
        check_server(url)

    assert str(var) in url
    assert any("Making a database" in words for words in heard)
