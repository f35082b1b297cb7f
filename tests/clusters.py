"""PostgreSQL servers of our own beside each other: primaries and standbys on ports, to be killed, promoted and measured.

As root they run as the unprivileged user that the embedded database has too.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from cps.kernel.postgres_programs import Programs, found, is_server, major, own_account, reachable
from tests.living import free_port, until

_DEFAULTS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "TimeZone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
}
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings of a server that may lose everything with the machine."""


def programs(elsewhere: Path) -> Programs:
    """Return PostgreSQL's programs as their user can run them; a copy is made in `elsewhere` if need be."""
    account, folder = own_account(), found()
    version = major(folder)
    assert version is not None
    return Programs(reachable(folder, account, elsewhere=elsewhere), account, version)


@dataclass(frozen=True)
class Server:
    """One server with its data in `home`, on a port of this machine; everybody on it is its superuser."""

    home: Path
    port: int
    programs: Programs

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return f"postgresql://cps@127.0.0.1:{self.port}/cps"

    def make(self) -> None:
        """Make an empty cluster with pages that are summed up, and the database `cps` in it."""
        names = ["--locale=C.UTF-8"] if self.programs.major < 17 else [*_BUILT_IN]
        self._run("initdb", "-D", self.data, *["-U", "cps", "-A", "trust", "-E", "UTF8", "--no-sync"], *names)

    def make_standby_of(self, primary: str, *, slot: str, name: str) -> None:
        """Copy the primary at this URL, to follow it under this name from a slot of its own."""
        where = make_conninfo(primary, application_name=name, dbname=None)
        self._run(
            *("pg_basebackup", "-D", self.data, "-d", where, "-R", "--no-sync"),
            *("-c", "fast", "-X", "stream", "-C", "-S", slot),
        )

    def start(self, **settings: str) -> None:
        """Start it and wait until it answers."""
        told = {**_DEFAULTS, **settings}
        options = " ".join(f"-c {name}='{value}'" for name, value in told.items())
        words = f"-D '{self.data}' -p {self.port} {options}"  # by the folder it is known again
        self._run("pg_ctl", *["start", "-w", "-t", "120", "-l", "log", "-o"], words, PGDATA=str(self.data))
        with psycopg.connect(self.url.removesuffix("/cps") + "/postgres", autocommit=True) as connection:
            follows = connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
            if (
                not follows
                and not connection.execute("SELECT FROM pg_database WHERE datname = 'cps'").rowcount
            ):
                connection.execute("CREATE DATABASE cps")

    def stop(self, *, fast: bool = False) -> None:
        """Stop it at once, if it runs; `fast`: so that it need not recover at its next start."""
        if self.pid:
            mode = "fast" if fast else "immediate"
            self._run("pg_ctl", *f"stop -m {mode} -t 300".split(), PGDATA=str(self.data))

    def kill(self) -> None:
        """Kill every process of it, as a machine that stops does."""
        pid = self.pid
        assert pid, "it does not run"
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        for one in (pid, *children):
            os.kill(one, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{pid}").exists(), seconds=10, what="the killed server to be gone")

    def promote(self) -> None:
        """Make a standby the primary, and wait until it is."""
        self._run("pg_ctl", *["promote", "-w", "-t", "60"], PGDATA=str(self.data))

    @property
    def pid(self) -> int | None:
        try:
            number = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return number if is_server(number, self.data) else None

    def ask(self, question: str) -> object:
        """Ask one thing, outside of any transaction; return the first value of the answer, if there is any."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(question)  # type: ignore[call-overload]
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def _run(self, *words: str | Path, **environment: str) -> None:
        outcome = self.programs.run(str(words[0]), *words[1:], cwd=self.home, **environment)
        log = self.home / "log"
        said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        assert outcome.is_success, f"{words[0]}: {outcome.said}\n{said}"


_BUILT_IN = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8")


@contextmanager
def a_server(folder: Path, name: str) -> Iterator[Server]:
    """Have a place for a server, not made yet; it is stopped and its data is removed at the end."""
    home, ours = folder / name, programs(folder)
    home.mkdir(mode=0o700)
    shutil.chown(home, ours.account.uid, ours.account.gid)
    server = Server(home, free_port(), ours)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
