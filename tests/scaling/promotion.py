"""A primary that is killed while citizens file, its standby promoted, and what became of every report.

`python -m tests.scaling.promotion` (`make promotion`) does so ROUNDS times each way: waiting for the standby with every
commit, and not; on clusters that sync. A client sends the same form again until it is told that it is kept.
"""

import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from cps.app import create_app
from cps.city.load import load
from cps.console import migrating
from cps.console.checking import checked
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.settings import from_environment
from tests.clusters import Server, a_server
from tests.living import a_folder, answers, free_port, until
from tests.makers import a_report_form

ROUNDS = int(os.environ.get("ROUNDS", "10"))
CLIENTS = 8
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
_STANDBY = "second"
WAITING = {"synchronous_standby_names": _STANDBY}
"""What lets a primary acknowledge only what its standby has too."""


@dataclass
class Ledger:
    """What the clients sent and what they were told; times are of one clock."""

    sent: set[str] = field(default_factory=set)
    kept: dict[str, float] = field(default_factory=dict)
    refused: list[tuple[int, bool]] = field(default_factory=list)
    """Status, and whether it said when to come again."""
    longest: float = 0.0


@dataclass(frozen=True)
class Pair:
    """A primary, and a standby that is not made yet."""

    first: Server
    second: Server
    folder: Path

    @property
    def url(self) -> str:
        """Both, of which the one that takes writes is used."""
        hosts = f"127.0.0.1:{self.first.port},127.0.0.1:{self.second.port}"
        return f"postgresql://cps@{hosts}/cps?target_session_attrs=read-write&connect_timeout=2"


@dataclass(frozen=True)
class Outcome:
    """What a fail-over cost: acknowledged reports that are gone or doubled, and seconds until the next was kept."""

    kept: int
    lost: int
    doubled: int
    seconds: float
    promoting: float
    refused: list[tuple[int, bool]]


@contextmanager
def a_pair(make: Callable[[Server], None], **settings: str) -> Iterator[Pair]:
    """Have a primary, made as told, and the standby that follows it."""
    with (
        a_folder("cps-pair-") as folder,
        a_server(folder, "first") as first,
        a_server(folder, "second") as second,
    ):
        make(first)
        first.start(**settings)
        second.make_standby_of(first.url, slot=_STANDBY, name=_STANDBY)
        # Once it is promoted it has nobody to wait for; whoever manages both says so again when there is a new one.
        second.start(**{**settings, "synchronous_standby_names": ""})
        follows = f"SELECT count(*) FROM pg_stat_replication WHERE application_name = '{_STANDBY}' AND state = 'streaming'"
        until(lambda: first.ask(follows), seconds=30, what="the standby to follow")
        yield Pair(first, second, folder)


def killed_and_promoted(pair: Pair, *, before: int, after: int) -> Outcome:
    """Kill the primary once `before` reports are kept, promote the standby, and go on until `after` more are."""
    with serving(pair) as base_url, filing(base_url) as ledger:
        until(lambda: len(ledger.kept) >= before, seconds=60, what=f"{before} reports to be kept")
        pair.first.kill()
        killed = time.monotonic()
        pair.second.promote()
        promoted = time.monotonic()
        until(
            lambda: sum(at > promoted for at in list(ledger.kept.values())) >= after,
            seconds=60,
            what="filing to go on",
        )
    seconds = min(at for at in ledger.kept.values() if at > promoted) - killed
    with psycopg.connect(pair.second.url) as connection:
        there = [str(key) for (key,) in connection.execute("SELECT submission_key FROM complaint")]
    known = set(there)
    return Outcome(
        kept=len(ledger.kept),
        lost=len(ledger.kept.keys() - known),
        doubled=len(there) - len(known),
        seconds=seconds,
        promoting=promoted - killed,
        refused=ledger.refused,
    )


@contextmanager
def serving(pair: Pair) -> Iterator[str]:
    """Have `cps serve` on both servers' address; yield where it answers."""
    port = free_port()
    environment = {
        **os.environ,
        "CPS_VAR": str(pair.folder / "var"),
        "CPS_DATABASE_URL": pair.url,
        "CPS_BASE_URL": f"http://127.0.0.1:{port}",
        "CPS_DEMO": "yes",
    }
    with (pair.folder / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "cps", "serve", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
            cwd=Path(__file__).resolve().parents[2],
        )
    try:
        base_url = f"http://127.0.0.1:{port}"
        until(lambda: answers(base_url), seconds=60, what="the web side to answer")
        yield base_url
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def filing(base_url: str) -> Iterator[Ledger]:
    """Have citizens file as fast as they are answered, until the block ends."""
    ledger, done = Ledger(), threading.Event()
    threads = [threading.Thread(target=_file, args=(base_url, ledger, done)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield ledger
    finally:
        done.set()
        for thread in threads:
            thread.join()


def _file(base_url: str, ledger: Ledger, done: threading.Event) -> None:
    host = base_url.removeprefix("http://")
    while not done.is_set():
        key = str(uuid4())
        ledger.sent.add(key)
        body = urlencode(a_report_form(key=key, contact=f"{key[:8]}@citizen.example"))
        while not done.is_set():
            connection = http.client.HTTPConnection(host, timeout=30)
            try:
                connection.request("POST", "/complaints", body, _FORM)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                done.wait(0.1)
                continue
            finally:
                connection.close()
            if answer.status == 303:
                ledger.kept[key] = time.monotonic()
                break
            ledger.refused.append((answer.status, "Retry-After" in answer.headers))
            done.wait(0.1)


def a_city(server: Server) -> None:
    """Make a cluster with Hanoi in it."""
    server.make()
    server.start()
    environ = {"CPS_VAR": str(server.home.parent / "var"), "CPS_DEMO": "yes", "CPS_DATABASE_URL": server.url}
    app = create_app(from_environment(environ), database_url=server.url)
    with app.app_context():
        migrating.to_head()
        load(checked(CITIES / "hanoi"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    server.stop(fast=True)


def main() -> int:
    """Print what every round cost; return whether something was lost although the primary waited."""
    lost = 0
    for title, settings in (("waiting for the standby", WAITING), ("not waiting", {})):
        outcomes = []
        for _round in range(ROUNDS):
            with a_pair(a_city, **settings) as pair:
                outcomes.append(killed_and_promoted(pair, before=500, after=50))
                print(f"   {outcomes[-1]}"[:200], flush=True)
        gone = [outcome.lost for outcome in outcomes]
        seconds = sorted(outcome.seconds for outcome in outcomes)
        print(
            f"{title}: {len(outcomes)} rounds, {sum(o.kept for o in outcomes):,} reports kept, lost {sum(gone)} (most in a"
            f" round {max(gone)}), doubled {sum(o.doubled for o in outcomes)}; filing went on after"
            f" {statistics.median(seconds):.1f} s (longest {seconds[-1]:.1f}), of which promoting"
            f" {statistics.median(o.promoting for o in outcomes):.1f}",
            flush=True,
        )
        if settings:
            lost = sum(gone) + sum(o.doubled for o in outcomes)
    return lost


if __name__ == "__main__":
    sys.exit(main() > 0)
