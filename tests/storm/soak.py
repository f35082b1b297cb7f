"""`make soak HOURS=24`: a city lives on at five requests a second, and nothing of it grows but what it is told.

Citizens file, with and without photos, follow and look around; an official reads and notes; the worker announces, develops and
tidies. Every SAMPLE seconds (30) it is looked at: memory of its own, descriptors, threads, connections, rows and bytes of tables,
files under `var`. Judged is what came after the first quarter, when all caches are warm: its first third against its last.
"""

import asyncio
import os
import random
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

import psycopg

from tests.living import Living, a_folder, living
from tests.storm import day, forms, people, storming
from tests.storm.day import Seen
from tests.storm.forms import Phone
from tests.storm.line import Cut, Line
from tests.storm.people import Storm, Told
from tests.storm.watching import Watch, family, kilobytes

HOURS, SAMPLE = float(os.environ.get("HOURS") or 24), float(os.environ.get("SAMPLE") or 30)
RATE, SEED = float(os.environ.get("RATE") or 5), int(os.environ.get("SEED") or 20150401)
MOST_GROWTH: Final = 0.02
_FEWEST_MB: Final = 1.0  # of memory: less than that is no growth, on whatever it began with
_LOOKS: Final = (
    "/",
    "/reports",
    "/complaints",
    "/statistics",
    "/reports.atom",
    "/map/opening.json",
    "/sentences.json",
    "/health/ready",
    "/robots.txt",
)
_TABLES = """
    SELECT relname, pg_total_relation_size(oid), reltuples::bigint FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Sample:
    """The city at one moment: figures that must not grow, and those that grow with what it is told."""

    at: float
    steady: dict[str, float]
    tables: dict[str, tuple[int, int]]
    files: dict[str, int]


def main() -> None:
    """Live so long, look again and again, and judge; exit code 1 if something grew."""
    chance = random.Random(SEED)
    with a_folder("cps-soak-") as var, living(var, complaints=0, CPS_PROXIES="1", CPS_LOG="json") as city:
        found, source = day.seen(chance)
        print(f"{HOURS:g} hours at {RATE:g} requests a second, seed {SEED}. {source}", flush=True)
        with psycopg.connect(city.database_url(), autocommit=True) as database:
            samples, storm = asyncio.run(_lived(city, Watch(city, database), found, chance))
    print(
        "answers      "
        + "; ".join(
            f"{who} {dict(sorted(n.items(), key=str))}" for who, n in sorted(storm.told.statuses.items())
        )
    )
    faults = judged(samples) + ([f"refused: {storm.told.refused[0]}"] if storm.told.refused else [])
    print("\n".join(faults) or "Nothing grew.")
    raise SystemExit(1 if faults else 0)


def judged(samples: list[Sample]) -> list[str]:
    """Return what grew, in sentences; print what each figure was at first and in the end."""
    warm = samples[len(samples) // 4 :]
    first, last = warm[: max(1, len(warm) // 3)], warm[-max(1, len(warm) // 3) :]
    faults = []
    for name in warm[-1].steady:
        # How many visits are open at a moment is chance: what leaks is there at the quietest one too.
        of = statistics.median if name.endswith("MB") else min
        was, now = (of([one.steady[name] for one in part]) for part in (first, last))
        print(f"{name:<24} {was:10.1f} → {now:10.1f}  {100 * (now - was) / max(was, 0.1):+.1f} %")
        if now - was > max(_FEWEST_MB, MOST_GROWTH * was):
            faults.append(f"{name} grew from {was:.1f} to {now:.1f}")
    for name, (size, rows) in sorted(samples[-1].tables.items(), key=lambda item: -item[1][0])[:12]:
        print(
            f"table {name:<24} {size / 1e6:8.2f} MB  {rows:>8,} rows  {size / max(rows, 1):8.0f} bytes a row"
        )
    for name, size in samples[-1].files.items():
        print(f"files {name:<24} {samples[0].files.get(name, 0) / 1e6:8.2f} → {size / 1e6:8.2f} MB")
    return faults


async def _lived(
    city: Living, watch: Watch, found: list[Seen], chance: random.Random
) -> tuple[list[Sample], Storm]:
    where = urlsplit(city.base_url)
    storm = Storm(str(where.hostname), where.port or 80, storming._consent(city), 30, Told(), chance)
    official = _Official(storm, city)
    begun, samples, going = time.perf_counter(), list[Sample](), set[asyncio.Task[None]]()
    next_look = begun
    while (now := time.perf_counter()) < begun + HOURS * 3600:
        if now >= next_look:
            samples.append(await asyncio.to_thread(_looked, watch, now - begun))
            next_look += SAMPLE
            if len(samples) % 10 == 1:
                print(
                    f"{now - begun:7.0f} s  "
                    + "  ".join(f"{name} {value:.0f}" for name, value in samples[-1].steady.items()),
                    flush=True,
                )
        task = asyncio.create_task(_one(storm, official, found))
        going.add(task)
        task.add_done_callback(going.discard)
        await asyncio.sleep(chance.expovariate(RATE))
    await asyncio.gather(*going)
    return samples, storm


async def _one(storm: Storm, official: "_Official", found: list[Seen]) -> None:
    which = storm.chance.random()
    if which < 0.25:
        await people.file(
            storm,
            storm.chance.choice(found),
            has_photo=storm.chance.random() < 0.3,
            is_doubled=storm.chance.random() < 0.05,
        )
    elif which < 0.45 and storm.told.acknowledged:
        reference, link = storm.chance.choice(list(storm.told.acknowledged.values()))
        cookie = f"Cookie: track={link.rpartition('/')[2]}"
        await people.send(storm, "tracking", storm.phone().get(f"/my/{reference}", cookie))
    elif which < 0.60:
        await official.work()
    elif which < 0.63:
        body, kind = forms.garbage(storm.key(), storm.chance)
        await people.send(storm, "garbage", storm.phone().post(body, kind))
    else:
        await people.send(storm, "looking", storm.phone().get(storm.chance.choice(_LOOKS)))


class _Official:
    """Somebody at a desk, who reads the queue, opens a report and writes a note."""

    def __init__(self, storm: Storm, city: Living) -> None:
        self._storm, self._account = storm, city.account("coordinator")
        self._phone = Phone(f"{storm.host}:{storm.port}", "192.0.2.7")
        self._cookies: SimpleCookie = SimpleCookie()
        self._lock = asyncio.Lock()

    async def work(self) -> None:
        """Do one round; one at a time."""
        async with self._lock:
            line = self._storm.line()
            try:
                await self._round(line)
            except Cut:
                self._storm.told.note("desk", "cut")
            finally:
                line.close()

    async def _round(self, line: Line) -> None:
        if not self._cookies:
            page = await self._get(line, "/desk/sign-in")
            fields = {
                "csrf_token": _field(page, "csrf_token"),
                "email": self._account["email"],
                "password": self._account["password"],
            }
            await self._post(line, "/desk/session", fields)
        queue = await self._get(line, "/desk")
        addresses = re.findall(r'href="(/desk/complaints/[A-Z0-9-]+)["?]', queue)
        if addresses:
            address = self._storm.chance.choice(addresses)
            page = await self._get(line, address)
            fields = {
                "csrf_token": _field(page, "csrf_token"),
                "version": _field(page, "version"),
                "note": "Looked at.",
            }
            await self._post(line, f"{address}/notes", fields)

    async def _get(self, line: Line, path: str) -> str:
        answer = await line.ask(self._phone.get(path, *self._cookie()))
        return self._noted(answer)

    async def _post(self, line: Line, path: str, fields: dict[str, str]) -> None:
        body = urlencode(fields).encode()
        head = self._phone.head("POST", path, "application/x-www-form-urlencoded", len(body), *self._cookie())
        self._noted(await line.ask(head + body))

    def _cookie(self) -> list[str]:
        return (
            [f"Cookie: {'; '.join(f'{one.key}={one.value}' for one in self._cookies.values())}"]
            if self._cookies
            else []
        )

    def _noted(self, answer: people.Answer) -> str:
        self._storm.told.note("desk", answer.status)
        for line in answer.head.decode("latin-1").split("\r\n"):
            name, _colon, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self._cookies.load(value)
        return answer.body.decode(errors="replace")


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def _looked(watch: Watch, at: float) -> Sample:
    parts = watch.parts()
    steady: dict[str, float] = {}
    for name, pid in parts.items():
        if name == "load":
            continue
        members = list(family(pid))
        steady[f"{name} memory MB"] = sum(kilobytes(one, "Pss_Anon") for one in members) / 1024
        if name != "database":  # a server starts a process for each connection, and helpers now and then
            steady[f"{name} descriptors"] = sum(map(_descriptors, members))
            steady[f"{name} threads"] = sum(map(_threads, members))
    row = watch.database.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    ).fetchone()
    steady["connections"] = row[0] if row else 0
    steady["jobs waiting"] = sum(watch.waiting())
    steady["files in /tmp"] = sum(1 for _one in Path("/tmp").glob("tmp*"))
    tables = {name: (size, rows) for name, size, rows in watch.database.execute(_TABLES).fetchall()}
    return Sample(at, steady, tables, _files(watch.city.var))


def _descriptors(pid: int) -> int:
    return _counted(Path(f"/proc/{pid}/fd"))


def _threads(pid: int) -> int:
    return _counted(Path(f"/proc/{pid}/task"))


def _counted(folder: Path) -> int:
    try:
        return sum(1 for _one in folder.iterdir())
    except OSError:  # it has ended meanwhile
        return 0


def _files(var: Path) -> dict[str, int]:
    sizes: Counter[str] = Counter()
    for path in var.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                sizes[path.relative_to(var).parts[0]] += path.stat().st_size
        except OSError:
            continue
    return dict(sizes)


if __name__ == "__main__":
    main()
