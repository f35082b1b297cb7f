"""`make storm`: a real day, a record day with junk beside it, then what the worker needs to catch up and how many read at once.

RATE reports a second for MINUTES (the goal: 308 for 15, which is 276,827 reports), PHOTOS of them in a hundred with a photo, JUNK
requests a second beside them, SEED. REAL_MINUTES for the real day (0: without it), DRAIN minutes to catch up at most,
GAP: seconds after which a phone tries again at first (30), READ_SECONDS of reading the tracking page (10).
"""

import asyncio
import os
import random
import time
from urllib.parse import urlsplit

import psycopg

from tests.living import Living, a_folder, living
from tests.storm import day, storming
from tests.storm.forms import Phone
from tests.storm.people import Told
from tests.storm.pressing import pressed
from tests.storm.storming import Plan
from tests.storm.watching import Watch


def _number(name: str, otherwise: float) -> float:
    return float(os.environ.get(name) or otherwise)


RATE, MINUTES, PHOTOS = _number("RATE", 308), _number("MINUTES", 15), _number("PHOTOS", 30)
JUNK, SEED, DRAIN = _number("JUNK", 100), int(_number("SEED", 20150401)), _number("DRAIN", 120)
REAL_MINUTES, GAP, READ_SECONDS = _number("REAL_MINUTES", 2), _number("GAP", 30), _number("READ_SECONDS", 10)


def main() -> None:
    """Live through it and print the figures."""
    chance = random.Random(SEED)
    with a_folder("cps-storm-") as var, living(var, complaints=0, CPS_PROXIES="1", CPS_LOG="json") as city:
        if REAL_MINUTES:
            found, source = day.seen(chance)
            print(f"── a real day in {REAL_MINUTES:g} minutes: {source}", flush=True)
            print(storming.told(storming.lived_through(city, _plan(found, REAL_MINUTES, 0))), flush=True)
            _drain(city)
        reports, source = storming.record(chance, rate=RATE, seconds=MINUTES * 60)
        print(
            f"── a record day: {RATE:g} reports a second for {MINUTES:g} minutes, {JUNK:g} junk a second, seed {SEED}. {source}",
            flush=True,
        )
        outcome = storming.lived_through(city, _plan(reports, MINUTES, JUNK))
        print(storming.told(outcome), flush=True)
        _drain(city)
        if READ_SECONDS and outcome.told.acknowledged:
            _read(city, outcome.told)


def _plan(reports: list[day.Seen], minutes: float, junk: float) -> Plan:
    return Plan(reports, minutes * 60, photos=PHOTOS / 100, junk=junk, gap=GAP, seed=SEED)


def _drain(city: Living) -> None:
    """Wait until nothing waits for the worker, or say how long it would take."""
    with psycopg.connect(city.database_url(), autocommit=True) as database:
        watch = Watch(city, database)
        watch.begin()
        begun, (news, others) = time.perf_counter(), watch.waiting()
        left, pause = (news, others), min(5.0, DRAIN * 6)
        while any(left) and time.perf_counter() - begun < DRAIN * 60:
            time.sleep(pause)
            left = watch.waiting()
        elapsed = max(time.perf_counter() - begun, 0.001)
        print(
            f"backlog      {news:,} events and {others:,} other jobs; after {elapsed:.0f} s {left[0]:,} and {left[1]:,} are left"
        )
        for name, had, has in (("events", news, left[0]), ("others", others, left[1])):
            if has and had > has:
                print(
                    f"             {name}: {(had - has) / elapsed:.1f}/s, so {elapsed * had / (had - has) / 60:.0f} minutes in all"
                )
        print(
            "cores        " + "  ".join(f"{name} {share:.2f}" for name, share in watch.shares().items()),
            flush=True,
        )


def _read(city: Living, told: Told) -> None:
    """Press the private page of one report by eight lines at once."""
    reference, link = next(iter(told.acknowledged.values()))
    where = urlsplit(city.base_url)
    host, port = str(where.hostname), where.port or 80
    request = Phone(f"{host}:{port}", "10.0.0.9").get(
        f"/my/{reference}", f"Cookie: track={link.rpartition('/')[2]}"
    )
    with psycopg.connect(city.database_url(), autocommit=True) as database:
        watch = Watch(city, database)
        watch.begin()
        found = asyncio.run(pressed(host, port, lambda: request, lines=8, seconds=READ_SECONDS, expect=200))
        print(f"tracking     {found.told()}")
        print(
            "cores        " + "  ".join(f"{name} {share:.2f}" for name, share in watch.shares().items()),
            flush=True,
        )


main()
