"""One PostgreSQL cluster in one folder: made, started, stopped, each failure in one sentence.

Whoever calls these holds the lock on starting (see `kernel.postgres`): two never do so at once.
"""

import hashlib
import os
import shlex
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from cps.kernel.errors import Unusable
from cps.kernel.postgres_programs import Account, Outcome, Programs, is_server

_PORT = 5432
_LONGEST_SOCKET = 100  # bytes; the system's limit is 104 (macOS) or 108
_RECOVERY_SECONDS = 300
_PATIENCE_SECONDS = 10
_POLL_SECONDS = 0.05

_LIMITS = {"shared_buffers": "64MB", "max_connections": "100", "TimeZone": "UTC", "log_timezone": "UTC"}
# What people wrote stands in statements and in the details of errors, and has no place in a log.
_DISCREET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# What a server says while the processes of its killed forerunner still go.
_FORERUNNER = ("pre-existing shared memory block", '"postmaster.pid" already exists')
_LEAST_FREE_BYTES = 1 << 20
_FULL = ("No space left on device", "Disk quota exceeded")


def socket_folder(home: Path, uid: int) -> Path:
    """Return where the cluster's socket lies: in `home`, or in /tmp where that path would be too long."""
    folder = home / "run"
    is_short = len(os.fsencode(folder / f".s.PGSQL.{_PORT}")) <= _LONGEST_SOCKET
    if is_short and not set(str(folder)) & set(",\"'\\"):
        return folder
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(f"/tmp/cps-{uid}-{mark}")  # noqa: S108 - its owner and mode are checked


def url(socket: Path) -> str:
    """Return the connection to the cluster whose socket lies in this folder."""
    return f"postgresql://cps@/cps?host={quote(str(socket))}&port={_PORT}"


def is_there(socket: Path) -> bool:
    """Say whether a server listens on this socket, be it that it starts, recovers or stops."""
    return PGconn.ping(_where(socket)) in (Ping.OK, Ping.REJECT)


def _where(socket: Path) -> bytes:
    return make_conninfo(
        host=str(socket), port=_PORT, user="cps", dbname="postgres", connect_timeout=5
    ).encode()


@dataclass(frozen=True)
class Cluster:
    """A cluster in `home`: its data, and the folder of its log and socket, both its account's alone."""

    home: Path
    programs: Programs
    durable: bool

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket(self) -> Path:
        return socket_folder(self.home, self.programs.account.uid)

    @property
    def url(self) -> str:
        return url(self.socket)

    def is_made(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def make(self, lock: int) -> None:
        """Make the cluster; `lock` is the open lock on starting, which an orphaned initdb keeps held.

        It is made aside and renamed, so that a half-made one is never mistaken for a cluster.
        """
        aside = self.home / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        _own(aside, self.programs.account)
        outcome = self.programs.run("initdb", "-D", aside, *self._kind(), cwd=aside, keeps=lock)
        if not outcome.is_success:
            shutil.rmtree(aside, ignore_errors=True)
            raise self._unusable("made", outcome.said)
        aside.rename(self.data)
        _sync(self.home)

    def start(self) -> None:
        """Bring the cluster up, or find it up; recover it if it was killed. Make its database if need be."""
        self._refuse_other_version()
        _own(self.home / "run", self.programs.account)
        _own(self.socket, self.programs.account)
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            self._clear_the_way()
            outcome = self._launch()
            said = f"{outcome.said}\n{self._log()}"
            if outcome.is_success:
                break
            if time.monotonic() > end or not any(words in said for words in _FORERUNNER):
                raise self._unusable("started", said)
            time.sleep(_POLL_SECONDS)
        self._make_database()

    def stop(self) -> None:
        """Stop the server, if it runs; wait until it has. One that cannot end in order, as on a broken disk, just ends."""
        for mode in ("fast", "immediate") if self.durable else ("immediate",):
            if self._server() is None or self._control("stop", "-m", mode, "-t", "60").is_success:
                return

    def discard(self) -> None:
        """Remove a stopped cluster."""
        for folder in (self.data, self.home / "run", self.socket, *self.home.glob("programs-*")):
            shutil.rmtree(folder, ignore_errors=True)

    def _kind(self) -> list[str]:
        if self.programs.major >= 17:
            # ICU is not in the wheel; with a ctype of plain C, pg_trgm drops every letter that is not ASCII.
            names = [
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--lc-collate=C",
                "--lc-ctype=C.UTF-8",
            ]
        else:
            names = ["--locale=C.UTF-8"]
        care = ["--data-checksums"] if self.durable else ["--no-sync"]
        return ["-U", "cps", "-A", "trust", "-E", "UTF8", *names, *care]

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if made_by != str(self.programs.major):
            raise Unusable(
                f"The database in {self.data} was made by PostgreSQL {made_by}, but the programs in "
                f"{self.programs.folder} are version {self.programs.major}: set CPS_PG_BINDIR to those of {made_by}."
            )

    def _answers(self) -> bool:
        """Say whether a server answers on the socket; wait for one that starts, recovers or stops."""
        where, end = _where(self.socket), time.monotonic() + _RECOVERY_SECONDS
        while (answer := PGconn.ping(where)) == Ping.REJECT and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
        return answer == Ping.OK

    def _clear_the_way(self) -> None:
        """End a server that nobody can reach; drop the mark of one whose number another process got."""
        note = self.data / "postmaster.pid"
        if self._server() is not None:
            if not self._comes_up():
                self._control("stop", "-m", "fast", "-t", "60")
        elif note.exists() and _is_alive(_first_number(note)):
            note.unlink(missing_ok=True)
            (self.socket / f".s.PGSQL.{_PORT}.lock").unlink(missing_ok=True)

    def _comes_up(self) -> bool:
        end = time.monotonic() + _PATIENCE_SECONDS
        while self._server() is not None and time.monotonic() < end:
            if self._answers():
                return True
            time.sleep(_POLL_SECONDS)
        return False

    def _server(self) -> int | None:
        """Return the number of this cluster's living server process."""
        pid = _first_number(self.data / "postmaster.pid")
        return pid if pid and is_server(pid, self.data) else None

    def _launch(self) -> Outcome:
        log = self.home / "run" / "log"
        if log.exists():
            log.replace(log.with_name("log.old"))
        settings = {
            **_LIMITS,
            **_DISCREET,
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
        }
        settings |= {} if self.durable else _CARELESS
        options = [f"-c{name}={value}" for name, value in settings.items()]
        words = shlex.join(["-D", str(self.data), "-p", str(_PORT), *options])
        return self._control("start", "-w", "-t", str(_RECOVERY_SECONDS), "-l", "log", "-o", words)

    def _control(self, *arguments: str) -> Outcome:
        # By PGDATA and a relative log: pg_ctl would hand paths to a shell without quoting them.
        return self.programs.run("pg_ctl", *arguments, cwd=self.home / "run", PGDATA=str(self.data))

    def _make_database(self) -> None:
        try:
            with psycopg.connect(
                host=str(self.socket), port=_PORT, user="cps", dbname="postgres", autocommit=True
            ) as connection:
                if not connection.execute("SELECT FROM pg_database WHERE datname = 'cps'").rowcount:
                    connection.execute("CREATE DATABASE cps")
        except psycopg.Error as error:
            raise self._unusable("prepared", str(error)) from error

    def _log(self) -> str:
        try:
            return (self.home / "run" / "log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def _unusable(self, done: str, said: str) -> Unusable:
        # A disk so full that not even the log can be written leaves no words to know it by.
        if any(words in said for words in _FULL) or shutil.disk_usage(self.home).free < _LEAST_FREE_BYTES:
            return Unusable(f"The disk is full: the database in {self.home} cannot be {done}.")
        return Unusable(f"The database in {self.home} cannot be {done}: {_telling_line(said)}")


def _telling_line(said: str) -> str:
    """Return the line that names the cause: the last grave one, else the last one at all."""
    lines = [
        line.strip() for line in said.splitlines() if line.strip() and "Examine the log" not in line
    ] or ["it said nothing."]
    for mark in ("PANIC:", "FATAL:", "error:"):
        grave = [line.partition(mark)[2].strip() for line in lines if mark in line]
        if grave:
            return grave[-1]
    return lines[-1]


def _own(folder: Path, account: Account) -> None:
    """Make a folder that is the account's alone; refuse one that is somebody else's."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        there = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or there.st_uid != account.uid:
            raise Unusable(
                f"PostgreSQL, as {account.name}, needs {folder}, but that is somebody else's."
            ) from None
        return
    if not account.is_ourselves:
        os.chown(folder, account.uid, account.gid)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _first_number(note: Path) -> int | None:
    try:
        first = note.read_text(encoding="ascii", errors="replace").partition("\n")[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdigit() else None


def _is_alive(pid: int | None) -> bool:
    """Say whether such a process lives; a note without a number is as good as one of a stranger."""
    if pid is None:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
