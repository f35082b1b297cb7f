"""A city that is about to be hurt: a durable cluster of ours, `cps demo` on it, and a real mail server.

The cluster is not the demo's own, so that nobody but the test starts it again, as systemd would.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from cps.kernel import jobs
from cps.kernel.postgres_cluster import Cluster
from cps.kernel.postgres_programs import Account, Programs, found, major, own_account, reachable
from tests.living import Living, living, until
from tests.mailserver import SENDER
from tests.reliability.inbox import Inbox, an_inbox
from tests.reliability.processes import children, is_alive, kill

_PATIENCE_SECONDS = 60
_TAKE_UP = jobs.take_up_stalled_jobs.name
_DEFERRING = App(connector=SyncPsycopgConnector())


@dataclass(frozen=True)
class City:
    """A living city and what it stands on."""

    folder: Path
    cluster: Cluster
    demo: Living
    inbox: Inbox

    @property
    def base_url(self) -> str:
        """Where it answers."""
        return self.demo.base_url

    @property
    def var(self) -> Path:
        """Where it keeps photos."""
        return self.demo.var

    @property
    def photos(self) -> Path:
        """Where the blobs of photos are."""
        return self.var / "photos"

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask its database."""
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            answer = connection.execute(query.encode(), values or None)
            return answer.fetchall() if answer.description else []

    def master(self) -> int:
        """Return the web side's first process, once there is one."""
        return self._child("serve")

    def worker(self) -> int:
        """Return the background worker, once there is one."""
        return self._child("work")

    def web_workers(self) -> list[int]:
        """Return the processes that answer, once there are any."""
        found: list[int] = until(
            lambda: children(self.master()), seconds=_PATIENCE_SECONDS, what="web workers"
        )
        return found

    def backends(self) -> list[int]:
        """Return the database's processes that serve the city."""
        return [
            pid
            for (pid,) in self.rows(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        ]

    def time_goes_by(self) -> None:
        """Let half a minute pass for workers that are dead, and have their jobs taken up, which is done every 15 seconds."""
        with psycopg.connect(self.cluster.url, autocommit=True) as connection, suppress(AlreadyEnqueued):
            connection.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '40 seconds'"
                " WHERE last_heartbeat < now() - interval '11 seconds'"
            )
            _DEFERRING.configure_task(
                _TAKE_UP, allow_unknown=True, queue=jobs.OTHERS, queueing_lock=_TAKE_UP, connection=connection
            ).defer(timestamp=0)

    def _child(self, word: str) -> int:
        found: list[int] = until(
            lambda: children(self.demo.process.pid, word), seconds=_PATIENCE_SECONDS, what=f"a process {word}"
        )
        return found[0]


def kill_cluster(cluster: Cluster) -> None:
    """Kill the postmaster and all its children at one moment, as when a machine runs out of memory."""
    first = postmaster(cluster)
    if first is None:
        return
    family = [first, *children(first)]
    for pid in family:
        kill(pid)
    until(lambda: not any(is_alive(pid) for pid in family), seconds=30, what="the cluster to be dead")


def postmaster(cluster: Cluster) -> int | None:
    """Return the first process of a cluster that runs."""
    with suppress(OSError, ValueError):
        pid = int((cluster.data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        return pid if is_alive(pid) else None
    return None


def control(cluster: Cluster, *arguments: str) -> bool:
    """Ask pg_ctl; say whether it did so."""
    run = cluster.home / "run"
    return cluster.programs.run("pg_ctl", *arguments, cwd=run, PGDATA=str(cluster.data)).is_success


def a_cluster(home: Path, kind: Callable[[Path, Account, int], Programs] = Programs) -> Cluster:
    """Make a durable cluster, which does not run yet; `kind` says how its programs are run."""
    cluster = Cluster(home, programs(home, kind), durable=True)
    lock = os.open(home / "lock", os.O_RDONLY | os.O_CREAT)
    try:
        cluster.make(lock)
    finally:
        os.close(lock)
    return cluster


def programs(home: Path, kind: Callable[[Path, Account, int], Programs] = Programs) -> Programs:
    """Return PostgreSQL's programs, run as a user that may run them."""
    account, bindir = own_account(), os.environ.get("CPS_PG_BINDIR")
    folder = reachable(found(Path(bindir) if bindir else None), account, elsewhere=home)
    number = major(folder, account)
    assert number is not None
    return kind(folder, account, number)


@contextmanager
def a_city(folder: Path, *, cluster: Cluster | None = None, **environment: str) -> Iterator[City]:
    """Have a city without reports in this folder until the block ends."""
    with ExitStack() as stack:
        inbox = stack.enter_context(an_inbox(folder))
        ours = cluster or a_cluster(_made(folder / "pg"))
        ours.start()
        stack.callback(ours.stop)
        var = _made(folder / "var")
        settings = {
            "CPS_DATABASE_URL": ours.url,
            "CPS_MAIL_URL": f"smtp://127.0.0.1:{inbox.port}",
            "CPS_MAIL_FROM": SENDER,
            **environment,
        }
        demo = stack.enter_context(living(var, complaints=0, **settings))
        yield City(folder, ours, demo, inbox)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o755, exist_ok=True)
    folder.chmod(0o755)
    return folder
