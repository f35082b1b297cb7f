"""One storm: a plan is lived through against a running city, and what came of it is told."""

import asyncio
import random
import re
import statistics
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import psycopg

from tests.living import Living, to_the_end
from tests.storm import day, forms, junk, ledger, people
from tests.storm.day import Seen
from tests.storm.ledger import Books
from tests.storm.people import Storm, Told
from tests.storm.watching import Watch

_DOUBLED: Final = 0.05
_LOOKING_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Plan:
    """How many reports a second for how many seconds, which share with a photo, how much junk a second beside them.

    `reports`: which, and when as a share of the time. `gap`: how long a phone waits before it tries again, at first.
    """

    reports: Sequence[Seen]
    seconds: float
    photos: float = 0.3
    junk: float = 0.0
    gap: float = 30.0
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What phones were told, what is stored, and what it took: cores and megabytes by part, jobs that waited."""

    told: Told
    books: Books
    elapsed: float
    after: float
    cores: dict[str, float]
    memory: dict[str, float]
    waiting: tuple[int, int]


def lived_through(city: Living, plan: Plan) -> Outcome:
    """Live through a storm, and compare what was acknowledged with what is stored."""
    if plan.photos:
        forms.warm_up()
    with psycopg.connect(city.database_url(), autocommit=True) as database:
        watch = Watch(city, database)
        return to_the_end(_storm(city, plan, watch))


async def _storm(city: Living, plan: Plan, watch: Watch) -> Outcome:
    where = urlsplit(city.base_url)
    storm = Storm(
        str(where.hostname), where.port or 80, _consent(city), plan.gap, Told(), random.Random(plan.seed)
    )
    watch.begin()
    begun = time.perf_counter()
    pouring = asyncio.create_task(junk.pour(storm, plan.reports, a_second=plan.junk, seconds=plan.seconds))
    sending = await _sent(storm, plan, begun)
    elapsed, cores = time.perf_counter() - begun, watch.shares()
    memory, waiting = watch.memory(), watch.waiting()
    print(
        f"  the last report was sent after {elapsed:.0f} s; {len(storm.told.sent) - len(storm.told.acknowledged):,} not acknowledged yet",
        flush=True,
    )
    await asyncio.gather(*sending, pouring)
    after = time.perf_counter() - begun - elapsed
    return Outcome(
        storm.told, ledger.checked(watch.database, storm.told), elapsed, after, cores, memory, waiting
    )


async def _sent(storm: Storm, plan: Plan, begun: float) -> set[asyncio.Task[None]]:
    """Send each report at its moment, whether the city keeps up or not."""
    sending, loop, chance = (
        set[asyncio.Task[None]](),
        asyncio.get_running_loop(),
        random.Random(plan.seed + 1),
    )
    told_at = begun
    for one in plan.reports:
        now = time.perf_counter()
        if (wait := begun + one.at * plan.seconds - now) > 0:
            await asyncio.sleep(wait)
        has_photo, is_doubled = chance.random() < plan.photos, chance.random() < _DOUBLED
        task = loop.create_task(people.file(storm, one, has_photo=has_photo, is_doubled=is_doubled))
        sending.add(task)
        task.add_done_callback(sending.discard)
        if now - told_at > _LOOKING_SECONDS * 6:
            told_at = now
            print(
                f"  {now - begun:4.0f} s: {len(storm.told.sent):,} sent, {len(storm.told.acknowledged):,} filed",
                flush=True,
            )
    return sending


def _consent(city: Living) -> str:
    """Return the mark of the text that reporters agree to, as the form has it."""
    with urllib.request.urlopen(city.base_url) as page:
        found = re.search(r'name="consent" value="([^"]*)"', page.read().decode())
    return found[1] if found else ""


def record(chance: random.Random, *, rate: float, seconds: float) -> tuple[list[Seen], str]:
    """Return a day of records as dense as a record day, and where it is from."""
    found, told = day.seen(chance)
    return day.scaled(found, round(rate * seconds), chance), told


def told(outcome: Outcome) -> str:
    """Say what came of it, for people."""
    figures, elapsed = outcome.told, outcome.elapsed
    sent, filed = len(figures.sent), len(figures.acknowledged)
    lines = [
        f"honest       {sent:,} sent in {elapsed:.0f} s ({sent / elapsed:.0f}/s), {filed:,} filed, the last {outcome.after:.0f} s later",
        f"refused      {len(figures.refused)}{': ' + figures.refused[0] if figures.refused else ''}",
    ]
    for name, found in figures.milliseconds.items():
        if len(found) > 1:
            cuts = statistics.quantiles(found, n=100)
            lines.append(
                f"{name:<12} {len(found):>7,} times  p50 {cuts[49]:7.0f}  p95 {cuts[94]:7.0f}  p99 {cuts[98]:7.0f}  most {max(found):7.0f} ms"
            )
    lines += [
        f"{who:<12} {dict(sorted(found.items(), key=str))}" for who, found in sorted(figures.statuses.items())
    ]
    lines.append("cores        " + "  ".join(f"{name} {share:.2f}" for name, share in outcome.cores.items()))
    lines.append(
        "memory       "
        + "  ".join(f"{name} {mb:.0f} MB" for name, mb in outcome.memory.items())
        + f"  in all {sum(outcome.memory.values()):.0f} MB"
    )
    lines.append(f"waiting      {outcome.waiting[0]:,} events to announce, {outcome.waiting[1]:,} other jobs")
    lines.append(f"books        {'true' if outcome.books.is_true else outcome.books}")
    return "\n".join(lines)
