"""What it costs to count a try at the database, beside counting it in the process alone: python -m tests.bench.limits."""

import threading
import time
from pathlib import Path
from statistics import median, quantiles

import psycopg
from limits.storage import MemoryStorage

from cps.app import create_app
from cps.console import migrating
from cps.kernel.postgres import running
from cps.people.attempts import Attempts
from cps.settings import from_environment
from tests.living import a_folder

_ONE_BY_ONE = 3000
_THREADS = 8
_SECONDS = 5.0


def main() -> None:
    """Measure on a durable cluster."""
    with a_folder() as folder, running(folder / "pg", say=lambda _words: None) as url:
        _migrated(url, folder)
        memory = MemoryStorage()
        _one_by_one("in the process", lambda number: memory.incr(f"x{number}", 60))
        _at_the_database(url, "at the database, not logged (ours)")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER TABLE attempt SET LOGGED")
        _at_the_database(url, "at the database, logged")


def _migrated(url: str, folder: Path) -> None:
    app = create_app(from_environment({"CPS_VAR": str(folder / "var"), "CPS_DEMO": "yes"}), database_url=url)
    with app.app_context():
        migrating.to_head()


def _at_the_database(url: str, what: str) -> None:
    counter = Attempts(url)
    _one_by_one(what, lambda number: counter.count(f"x{number % 500}", times=1, seconds=60))
    for keys in (1, 500):
        _at_once(url, f"{what}, {_THREADS} processes, {keys} addresses", keys)


def _one_by_one(what: str, count: object) -> None:
    taken = []
    for number in range(_ONE_BY_ONE):
        begun = time.perf_counter()
        count(number)  # type: ignore[operator]
        taken.append((time.perf_counter() - begun) * 1000)
    print(f"{what}: median {median(taken):.3f} ms, p99 {quantiles(taken, n=100)[98]:.3f} ms", flush=True)


def _at_once(url: str, what: str, keys: int) -> None:
    end, done = time.monotonic() + _SECONDS, [0] * _THREADS

    def work(place: int) -> None:
        counter = Attempts(url)
        while time.monotonic() < end:
            counter.count(f"y{(done[place] * 31 + place) % keys}", times=1, seconds=60)
            done[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(_THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    print(f"{what}: {sum(done) / _SECONDS:,.0f} a second", flush=True)


if __name__ == "__main__":
    main()
