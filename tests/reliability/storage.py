"""Disks that lose power (R6), are full (R7), cannot sync (R8) and rot (R18)."""

import random
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from cps.backup import checks
from cps.kernel.errors import Unusable
from cps.kernel.postgres_cluster import Cluster
from cps.photos.storage import FolderStorage
from tests.reliability import checker
from tests.reliability.calls import Syncing, Watched, syncing
from tests.reliability.citizens import Habits
from tests.reliability.city import City, a_city, kill_cluster, postmaster
from tests.reliability.copies import PowerDisk, a_power_disk, copied, flip_a_bit, frozen, started
from tests.reliability.disks import SmallDisk
from tests.reliability.outages import reading, strange
from tests.reliability.results import Result, at_most
from tests.reliability.rounds import Round, a_round
from tests.reliability.serving import a_web

ROOM_SECONDS = 30
_PAGE_BYTES = 8192
PHOTOS = Habits(photos=1.0, letters=0.0)
HEAVY = Habits(photos=1.0, letters=0.0, weight=800_000)
"""Photos that do not fit into memory on their way: the web side keeps them in /tmp until it has all of them."""
_MIXED = Habits(photos=0.2, letters=0.2)


def instants(books: Round, folder: Path, *, times: int) -> Result:
    """Copy the database at instants of chance while citizens report; start each copy and look at all that was told by then."""
    chance, breaches, known = random.Random(books.seed), [], 0
    with books.reporting(habits=_MIXED) as crowd:
        for turn in range(times):
            crowd.go_on(chance.randint(3, 30))
            with frozen(books.city.cluster) as moment:
                copy = copied(books.city.cluster, folder / f"copy-{turn}")
            account = books.account().until(moment)
            with started(copy):
                found = checker.look(copy, books.city.photos, [])
            known += len(account.told)
            breaches += checker.judge(account, found, has_mail=False)
    books.settle()
    figure = f"{times} copies, {known} reports told by then looked for in them"
    return Result("R6 a copy of the database at any instant", figure, "nothing told is missing", breaches)


def power(folder: Path, seed: int, *, times: int) -> Result:
    """Do so with a disk of which only what was synced is copied, database and photos; a city of its own lives on it."""
    chance, breaches, known = random.Random(seed), [], 0
    with (
        a_power_disk(folder / "disk", folder / "city", mebibytes=1024) as disk,
        a_city(disk.folder) as city,
        a_round(city, folder, seed) as books,
    ):
        with books.reporting(habits=_MIXED) as crowd:
            for _turn in range(times):
                crowd.go_on(chance.randint(20, 60))
                with frozen(city.cluster) as moment:
                    disk.cut(folder / "cut")
                account = books.account().until(moment)
                breaches += _after_the_cut(folder, disk, city, books, moment)
                known += len(account.told)
        books.settle()
        breaches += books.breaches()
    figure = f"{times} cuts, {known} reports told by then looked for, with their photos"
    return Result("R6 power cut: only what was synced is left", figure, "nothing told is missing", breaches)


def _after_the_cut(folder: Path, disk: PowerDisk, city: City, books: Round, moment: float) -> list[str]:
    with a_power_disk(folder / "cut", folder / "after") as after:
        copy = replace(city.cluster, home=after.folder / "pg")
        (copy.data / "postmaster.pid").unlink(missing_ok=True)
        shutil.rmtree(copy.home / "run")  # whose socket names the living one
        copy.start()
        try:
            found = checker.look(copy, after.folder / "var" / "photos", [])
        finally:
            copy.stop()
    (folder / "cut").unlink()
    return checker.judge(books.account().until(moment), found, has_mail=False)


def full(
    books: Round,
    what: str,
    disk: SmallDisk,
    *,
    seconds: float,
    habits: Habits = PHOTOS,
    is_needed: bool = True,
) -> Result:
    """Fill a disk for so long while citizens report and others read; then have room again.

    `is_needed`: a report cannot be taken without it, so that somebody must be told so.
    """
    city = books.city
    with _kept_up(city), reading(city.base_url) as reader, books.reporting(habits=habits) as crowd:
        crowd.go_on(5)
        disk.fill()
        refused, got = crowd.refused, crowd.acknowledged
        threading.Event().wait(seconds)
        refused, got = crowd.refused - refused, crowd.acknowledged - got
        answered = dict(reader.answers)
        disk.free()
        back = crowd.go_on(5, seconds=120)
    books.explained += 1
    books.settle()
    pages = sum(answered.values())
    breaches = [
        *crowd.failures,
        *strange(reader, "200"),
        *at_most("filing again", back, ROOM_SECONDS),
        *(["nobody noticed"] if is_needed and not refused else []),
    ]
    figure = f"{refused} told to come again, {got} taken, {answered.get('200', 0)}/{pages} pages read, filing after {back:.1f} s"
    return Result(f"R7 {what} full", figure, "reads go on, 503, back ≤ 30 s", breaches + books.breaches())


def no_sync(books: Round, *, reports: int) -> Result:
    """Let nothing be synced by the database for a while: nothing may be acknowledged that is not there afterwards."""
    city = books.city
    with syncing() as calls:
        watched = _watched(city.cluster, calls)
        city.cluster.stop()
        watched.start()
        with books.reporting() as crowd:
            crowd.go_on(reports)
            calls.fails = True
            threading.Event().wait(1)
            calls.fails = False
            kill_cluster(watched)  # it has given up, and does not even end in order
            watched.start()
            back = crowd.go_on(reports)
        books.explained += 2
        failed = calls.failed
        watched.stop()
    city.cluster.start()
    books.settle()
    breaches = [*crowd.failures, *([] if failed else ["no call failed"])]
    figure = f"{failed} calls failed, {crowd.refused} told to come again, filing {back:.1f} s after a restart"
    return Result("R8 the database cannot sync", figure, "nothing told is a lie", breaches + books.breaches())


def no_photo_sync(books: Round, *, reports: int) -> Result:
    """Let nothing be synced by the web side for a while, which keeps photos."""
    with syncing() as calls:
        with (
            a_web(books.city, before=calls.watch) as web,
            books.reporting(habits=PHOTOS, base_url=web.base_url) as crowd,
        ):
            crowd.go_on(reports)
            calls.fails, refused = True, crowd.refused
            threading.Event().wait(1)
            calls.fails, refused = False, crowd.refused - refused
            crowd.go_on(reports)
        failed = calls.failed
    books.settle()
    breaches = [*crowd.failures, *([] if failed and refused else ["no call failed, or nobody noticed"])]
    figure = f"{failed} calls failed, {refused} told to come again"
    return Result(
        "R8 the photo folder cannot sync", figure, "503, nothing told is a lie", breaches + books.breaches()
    )


def rot(books: Round, folder: Path, *, times: int) -> Result:
    """Flip a bit of a page of reports, and one of a photo, in copies: both must be noticed."""
    chance, noticed = random.Random(books.seed), 0
    city = books.city
    ((path, pages),) = city.rows(
        "SELECT pg_relation_filepath('complaint'), pg_relation_size('complaint') / 8192"
    )
    city.rows("CHECKPOINT")
    originals = sorted(city.photos.glob("??/??/*"))
    for turn in range(times):
        with frozen(city.cluster):
            copy = copied(city.cluster, folder / f"rot-{turn}")
        flip_a_bit(
            copy.data / path, chance.randrange(pages) * _PAGE_BYTES + chance.randrange(24, _PAGE_BYTES)
        )
        with started(copy):
            noticed += bool(checker.damage(copy))
    photos = folder / "rotten"
    victims = chance.sample(originals, min(times, len(originals)))
    for victim in victims:
        there = photos / victim.relative_to(city.photos)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(victim, there)
        flip_a_bit(there, chance.randrange(there.stat().st_size))
    seen = checks.damaged_photos({victim.name for victim in victims}, FolderStorage(photos))
    shutil.rmtree(photos, ignore_errors=True)
    on = city.rows("SELECT current_setting('data_checksums')") == [("on",)]
    breaches = [
        *([] if noticed == times else [f"{times - noticed} damaged pages were not noticed"]),
        *(
            []
            if victims and len(seen) == len(victims)
            else [f"{len(victims) - len(seen)} photos not noticed"]
        ),
        *([] if on else ["pages have no checksums"]),
    ]
    figure = f"{noticed} of {times} pages and {len(seen)} of {len(victims)} photos noticed, checksums {'on' if on else 'off'}"
    return Result("R18 a bit flips in a page, in a photo", figure, "all noticed", breaches)


def _watched(cluster: Cluster, calls: Syncing) -> Cluster:
    account = cluster.programs.account
    watched = Watched(account.uid, account.gid, account.name, calls)
    return replace(cluster, programs=replace(cluster.programs, account=watched))


@contextmanager
def _kept_up(city: City) -> Iterator[None]:
    """Start the database again a second after it ends, as systemd does."""
    over = threading.Event()

    def keep_up() -> None:
        while not over.wait(1):
            if postmaster(city.cluster) is None:
                try:
                    city.cluster.start()
                except (Unusable, psycopg.Error, OSError):
                    continue

    keeper = threading.Thread(target=keep_up)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
