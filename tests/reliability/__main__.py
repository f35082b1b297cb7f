"""`make survive`: every fault at full size, a line for each with its figure; ends with 1 if anything is breached.

KILLS, COMPLAINTS and SEED say how often something is killed, how many reports are acknowledged meanwhile, and where
chance begins; MINUTES ends the kills earlier; ONLY names the faults to try (`R4 R7`).
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.living import a_folder
from tests.reliability import checker, lines, outages, storage
from tests.reliability.citizens import Habits
from tests.reliability.city import a_city
from tests.reliability.disks import IS_ROOT, SmallDisk
from tests.reliability.nemesis import BACKEND, CLUSTER, KINDS, WEB_MASTER, WEB_WORKER, WORKER, Nemesis
from tests.reliability.results import Result, at_most
from tests.reliability.rounds import Round, a_round, on_small_disks

KILLS = int(os.environ.get("KILLS") or 1000)
COMPLAINTS = int(os.environ.get("COMPLAINTS") or 100_000)
SEED = int(os.environ.get("SEED") or 20150401)
MINUTES = float(os.environ.get("MINUTES") or "inf")
ONLY = os.environ.get("ONLY", "").split()

_CITIZENS = 6
_HABITS = Habits(photos=0.02, letters=0.1)
_SILENCE_SECONDS = 10
_NAMES = {WEB_WORKER: "R1", WEB_MASTER: "R1", WORKER: "R2", BACKEND: "R3", CLUSTER: "R4"}
_DISKS = {"pg": 800, "var": 64, "var/photos": 48, "tmp": 24}


def main() -> int:
    """Try everything that is wanted; return how the process ends."""
    results: list[Result] = []
    begun = time.monotonic()
    print(f"KILLS={KILLS} COMPLAINTS={COMPLAINTS} SEED={SEED}", flush=True)
    for result in _results():
        results.append(result)
        print(result.line, flush=True)
        for breach in result.breaches[:5]:
            print(f"    {breach}", flush=True)
    wrong = sum(bool(result.breaches) for result in results)
    print(f"{len(results)} faults in {time.monotonic() - begun:.0f} s, {wrong} of them breached something.")
    return 1 if wrong or not results else 0


def _results() -> Iterator[Result]:
    if _wanted("R1", "R2", "R3", "R4"):
        with _on_a_plain_disk() as (books, _folder):
            yield from _kills(books)
    if _wanted("R5", "R6", "R8", "R14", "R17", "R18"):
        with _on_a_plain_disk() as (books, folder):
            yield from _tried(_of_one_city(books, folder))
    if _wanted("R6", "R7") and not IS_ROOT:
        yield Result(
            "R6, R7 on disks of their own", "not tried", "", ["only root mounts disks: run it as root"]
        )
        return
    if _wanted("R6"):
        with a_folder() as folder:
            yield storage.power(folder, SEED, times=10)
    if _wanted("R7"):
        with on_small_disks(SEED, _DISKS) as (books, disks):
            yield from _full(books, disks)


def _of_one_city(books: Round, folder: Path) -> list[tuple[str, Callable[[], Result]]]:
    return [
        ("R5", lambda: outages.restarts(books, times=20)),
        ("R5", lambda: outages.outage(books, seconds=60)),
        ("R6", lambda: storage.instants(books, folder, times=20)),
        ("R8", lambda: storage.no_sync(books, reports=200)),
        ("R8", lambda: storage.no_photo_sync(books, reports=50)),
        ("R14", lambda: lines.cuts(books, every=1)),
        ("R17", lambda: outages.rolling(books, times=100)),
        ("R18", lambda: storage.rot(books, folder, times=10)),
    ]


def _full(books: Round, disks: dict[str, SmallDisk]) -> Iterator[Result]:
    yield storage.full(books, "the database's disk", disks["pg"], seconds=30)
    yield storage.full(books, "the photo folder", disks["var/photos"], seconds=30)
    yield storage.full(books, "the disk of logs", disks["var"], seconds=30, is_needed=False)
    yield storage.full(books, "/tmp", disks["tmp"], seconds=30, habits=storage.HEAVY, is_needed=False)


def _kills(books: Round) -> Iterator[Result]:
    """Kill everything in turn, and judge once all is done: rows, photos and letters."""
    nemesis, begun = Nemesis(books.city, SEED), time.monotonic()
    with books.reporting(_CITIZENS, _HABITS) as crowd:
        nemesis.storm(crowd, kills=KILLS, reports=COMPLAINTS, seconds=60 * MINUTES)
    seconds = time.monotonic() - begun
    books.explained += nemesis.tally.all
    for kind in KINDS:
        silence = nemesis.tally.silence[kind] or [0.0]
        yield Result(
            f"{_NAMES[kind]} kill -9 of a {kind}",
            f"{nemesis.tally.kills[kind]} kills, filing again after {median(silence):.2f} s, at most {max(silence):.1f} s",
            f"≤ {_SILENCE_SECONDS} s",
            at_most("filing again", max(silence), _SILENCE_SECONDS),
        )
    settled = books.settle(seconds=1800, is_patient=True)
    account, found = books.account(), books.found()
    yield Result(
        "R1–R4 everything afterwards",
        f"{len(account.told):,} acknowledged ({len(account.told) / seconds:.0f}/s), {len(found.mails):,} letters, "
        f"{checker.came_again(found)} came again, queue empty after {settled:.0f} s",
        "0 lost, 0 doubled",
        [*crowd.failures, *checker.judge(account, found, kills=books.explained)],
    )


def _wanted(*faults: str) -> bool:
    return not ONLY or bool(set(ONLY) & set(faults))


def _tried(faults: list[tuple[str, Callable[[], Result]]]) -> Iterator[Result]:
    for name, fault in faults:
        if _wanted(name):
            yield fault()


@contextmanager
def _on_a_plain_disk() -> Iterator[tuple[Round, Path]]:
    with a_folder() as folder, a_city(folder) as city, a_round(city, folder, SEED) as books:
        yield books, folder


if __name__ == "__main__":
    sys.exit(main())
