"""`python -m tests.bench.scale [SIZES]`: the pages that are asked for all day, in a city of 1,000,000 and of 10,000,000 reports.

A city of each size stands beside the others, the larger one grown out of the smaller, and both are asked for the same kinds of pages
in turn, so that whatever else the machine does falls on both. Each has a PostgreSQL of its own, with 1 GB of buffers, that syncs
nothing: reading and the work of writing are measured, not the disk. They are kept in SCALE_FOLDER and measured as they are
the next time; without it they are thrown away. The larger takes 30 GB.
"""

import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from cps.app import create_app
from cps.citizen.listing import DAYS, STANDINGS
from cps.city.load import load
from cps.city.queries import in_force
from cps.complaints import atlas, tracking
from cps.complaints.views import View
from cps.console import migrating
from cps.console.checking import checked
from cps.evaluate import publishing
from cps.geo.frame import HIGHEST_ZOOM, LOWEST_ZOOM, Frame
from cps.geo.point import Point
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.people import signin
from cps.people.models import Person, Role
from cps.settings import from_environment
from cps.web.limits import limiter
from tests.bench import multiplied
from tests.clusters import QUICK, Server, programs
from tests.living import a_folder, free_port

SIZES = (1_000_000, 10_000_000)
MOST_RATIO = 1.5
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
PASSWORD = "correct horse battery staple"
WORDS = ("den duong", "o ga", "rac", "thap but", "pho hue", "zebra", "100%", "khong co xyzzy")
MIDDLE = Point(21.0287, 105.8523)
_SERVER = {
    **QUICK,
    "shared_buffers": "1GB",
    "effective_cache_size": "8GB",
    "max_wal_size": "3GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",  # what is filled is vacuumed at its end
    "checkpoint_timeout": "30min",
    "jit": "off",  # as deploy/ansible sets it
}
_FORM = {"Sec-Fetch-Site": "same-origin"}

Asked = Callable[[], int]
"""Asks for something once and returns the status of the answer."""


def main(sizes: Sequence[int]) -> int:
    """Print p50 and p95 of every kind of page at every size; return how many grow too much."""
    limiter.enabled = False
    with _a_folder() as folder:
        for size, before in zip(sizes, (None, *sizes), strict=False):
            _grow(folder, size, before)
        if os.environ.get("SCALE_FILL"):
            return 0
        with ExitStack() as running:
            apps = {size: running.enter_context(_a_city(folder, size)) for size in sizes}
            found = _measured(apps)
            for size, app in apps.items():
                multiplied.take_back(app, size)
    return _compared(found)


def _compared(found: Mapping[str, Sequence[float]]) -> int:
    beyond = 0
    print(f"\n{'':<28}{'p95 in ms':>24}   ratio")
    for name, figures in found.items():
        ratio = figures[-1] / figures[0]
        beyond += ratio > MOST_RATIO
        told = "".join(f"{figure:>12.1f}" for figure in figures)
        print(f"{name:<28}{told}{ratio:>8.2f}{'  missed' if ratio > MOST_RATIO else ''}")
    return beyond


@contextmanager
def _a_folder() -> Iterator[Path]:
    if kept := os.environ.get("SCALE_FOLDER"):
        Path(kept).mkdir(mode=0o755, parents=True, exist_ok=True)
        yield Path(kept)
        return
    with a_folder("cps-scale-") as folder:
        yield folder


def _grow(folder: Path, size: int, before: int | None) -> None:
    """Make the city of a size, if it is not there, from that of the size before."""
    home = folder / str(size)
    if (home / "server" / "data" / "PG_VERSION").exists():
        return
    if before is not None:
        subprocess.run(["cp", "-a", folder / str(before), home], check=True)
    with _a_city(folder, size) as app:
        begun = time.perf_counter()
        if before is None:
            multiplied.begin(app)
        else:
            multiplied.take_back(app, before)  # what a measurement that was broken off left
        multiplied.fill(app, size)
        print(f"── {size:,} reports in {time.perf_counter() - begun:.0f} s", flush=True)


@contextmanager
def _a_city(folder: Path, size: int) -> Iterator[Flask]:
    home = folder / str(size)
    home.mkdir(mode=0o755, exist_ok=True)
    server = Server(home / "server", free_port(), programs(folder))
    if not server.home.exists():
        server.home.mkdir(mode=0o700)
        os.chown(server.home, server.programs.account.uid, server.programs.account.gid)
        server.make()
    server.start(**_SERVER)
    try:
        with _an_application(server) as app:
            yield app
    finally:
        server.stop(fast=True)


@contextmanager
def _an_application(server: Server) -> Iterator[Flask]:
    settings = from_environment(
        {
            "CPS_VAR": str(server.home.parent / "var"),
            "CPS_DEMO": "yes",
            "CPS_BASE_URL": "http://localhost",
            "CPS_SECRET_KEY": "a key for measurements",
        }
    )
    app = create_app(settings, database_url=server.url)
    with app.app_context():
        migrating.to_head()
        load(checked(CITIES / "hanoi"))
        db.session.commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


def _measured(apps: Mapping[int, Flask]) -> dict[str, list[float]]:
    for app in apps.values():
        _print_bytes(app)
        _print_what_is_seldom(app)
    found = {}
    for kinds in zip(*(_kinds(app) for app in apps.values()), strict=True):
        name, app = kinds[0][0], next(iter(apps.values()))
        log = _end_of_log(app)
        found[name] = _timed(name, [asked for _name, asked in kinds])
        if name == "filing":
            _print_log(_end_of_log(app) - log, len(kinds[0][1]) * (TURNS + 1))
    return found


def _end_of_log(app: Flask) -> int:
    with app.app_context():
        place = db.session.scalar(text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"))
        db.session.remove()
    return int(place)


def _print_log(written: int, times: int) -> None:
    print(f"{'':<24} {written / times:,.0f} bytes of the database's log for each filing", flush=True)


def _print_what_is_seldom(app: Flask) -> None:
    with app.app_context():
        before, begun = _resident_mib(), time.perf_counter()
        spots = atlas.spots()
        print(
            f"{len(spots):,} spots read in {time.perf_counter() - begun:.1f} s,"
            f" {_resident_mib() - before:.0f} MiB more in memory, {_most_mib():.0f} at most",
            flush=True,
        )
        db.session.remove()
        begun = time.perf_counter()
        publishing.count_all()
        db.session.commit()
        print(f"statistics counted in {time.perf_counter() - begun:.1f} s", flush=True)
        db.session.remove()


def _kinds(app: Flask) -> Iterator[tuple[str, list[Asked]]]:
    lot = random.Random(1)
    citizen = app.test_client()
    with app.app_context():
        city = in_force()
        categories = [c.code for c in city.profile.categories if c.is_public]
        areas = sorted(city.area_ids)
        shown, own = _some_public(lot), _some_own(lot)
        db.session.remove()

    def paths(every: Sequence[str], most: int = 60) -> list[Asked]:
        chosen = lot.sample(list(every), min(most, len(every)))
        return [lambda path=path: citizen.get(path).status_code for path in chosen]  # type: ignore[misc]

    filters = list(product(["", *categories[:4]], ["", *areas[::30]], STANDINGS, ["", *DAYS]))
    names = ("category", "area", "status", "period")
    queries = [urlencode({n: v for n, v in zip(names, values, strict=True) if v}) for values in filters]
    yield "public list", paths(["/reports", *(f"/reports?{query}" for query in queries)])
    yield "search words", paths([f"/reports?q={w}&{q}" for w, q in product(WORDS, queries)], 80)
    yield "feed", paths([f"/reports.atom?{query}" for query in queries], 30)
    yield "a report", paths([f"/complaints/{one}" for one in shown])
    yield "statistics", paths([f"/statistics?period={period}" for period in publishing.Period])
    yield "map", paths(["/map", *(f"/map?category={code}" for code in categories)], 20)
    yield "map windows", paths([f"/map/clusters.json?{urlencode(window)}" for window in _windows()], 60)
    yield "private page", [_tracked(app, reference, secret) for reference, secret in own]
    yield "report form", paths(["/"] * 20)
    yield "filing", [_filed(app, code, lot) for code in categories for _ in range(6)]
    yield from _desk(app, lot, categories, areas)


def _desk(app: Flask, lot: random.Random, categories: Sequence[str], areas: Sequence[str]) -> Iterator:  # type: ignore[type-arg]
    clients = _signed_in_all(app)
    shown = _some_open(app, lot)

    def paths(every: Sequence[str], most: int = 30) -> list[Asked]:
        chosen = lot.sample(list(every), min(most, len(every)))
        return [
            lambda path=path, client=client: client.get(path).status_code  # type: ignore[misc]
            for path, client in product(chosen, clients)
        ]

    views = [view for view in View if view is not View.DISPUTED]
    yield "desk: each view", paths([f"/desk?view={view}" for view in views])
    yield "desk: my work", paths(["/desk?view=mine"])
    narrowed = product(views, ["", *categories[:3]], ["", *areas[:3]], ["", "me", "nobody"])
    yield (
        "desk: narrowed",
        paths([f"/desk?view={v}&category={c}&area={a}&handler={h}" for v, c, a, h in narrowed]),
    )
    yield "desk: words", paths([f"/desk?view={v}&q={w}" for v, w in product(views, WORDS)])
    narrowed_words = product(("open", "closed", "overdue"), WORDS, categories[:3])
    yield (
        "desk: words, narrowed",
        paths([f"/desk?view={v}&q={w}&category={c}" for v, w, c in narrowed_words]),
    )
    yield "desk: numbers", paths(["/desk/counts?since=1"])
    yield (
        "desk: a report",
        [lambda one=one: clients[0].get(f"/desk/complaints/{one}").status_code for one in shown],
    )  # type: ignore[misc]


def _timed(name: str, cities: Sequence[Sequence[Asked]]) -> list[float]:
    """Ask each city in turn; print p50 and p95 of each, and return the p95 in ms."""
    taken: list[list[float]] = [[] for _ in cities]
    worked = 0.0
    wrong: list[int] = []
    for turn in range(TURNS + 1):
        for each in zip(*cities, strict=False):
            for number, one in enumerate(each):
                begun, idle = time.perf_counter(), time.process_time()
                status = one()
                passed = (time.perf_counter() - begun) * 1000
                if status not in (200, 303):
                    wrong.append(status)
                elif turn:  # the first makes what is only made once
                    taken[number].append(passed)
                    worked += time.process_time() - idle
    cuts = [statistics.quantiles(times, n=100) for times in taken]
    told = "   ".join(f"p50 {cut[49]:6.1f}  p95 {cut[94]:6.1f}" for cut in cuts)
    refused = f"  {len(wrong)} refused, as {wrong[0]}" if wrong else ""
    worked *= 1000 / sum(map(len, taken))
    print(f"{name:<24} {len(taken[0]):>5} times  {told}  web CPU {worked:5.1f} ms{refused}", flush=True)
    return [cut[94] for cut in cuts]


def _tracked(app: Flask, reference: str, secret: str) -> Asked:
    client = app.test_client()
    assert client.get(f"/track/{secret}").status_code == 303
    return lambda: client.get(f"/my/{reference}").status_code


def _filed(app: Flask, category: str, lot: random.Random) -> Asked:
    client = app.test_client()

    def file() -> int:
        point = (21.0287 + lot.uniform(-0.02, 0.02), 105.8523 + lot.uniform(-0.02, 0.02))
        form = {
            "key": str(uuid4()),
            "category": category,
            "latitude": str(point[0]),
            "longitude": str(point[1]),
            "landmark": "cạnh tháp bút",
            "words": "Đèn đường không sáng ba đêm nay.",
            "contact": f"{lot.randrange(10**6)}@citizen.example",
        }
        return client.post("/complaints", data=form, headers=_FORM).status_code

    return file


def _windows() -> Iterator[dict[str, object]]:
    for zoom, choice in product(
        range(LOWEST_ZOOM, HIGHEST_ZOOM + 1), ({}, {"category": "pothole"}, {"status": "open"})
    ):
        seen = Frame(MIDDLE, zoom, 1280, 800).window
        yield {
            "west": seen.west,
            "south": seen.south,
            "east": seen.east,
            "north": seen.north,
            "zoom": zoom,
            **choice,
        }


def _some_public(lot: random.Random) -> list[str]:
    last = db.session.scalar(text("SELECT max(id) FROM complaint"))
    numbers = [_known(lot, last) for _ in range(200)]
    found = db.session.scalars(
        text("SELECT reference FROM complaint WHERE id = ANY(:numbers) AND is_public"), {"numbers": numbers}
    )
    return sorted(found)[:60]


def _known(lot: random.Random, last: int) -> int:
    """Return a number of one of those that have a real reference."""
    return lot.randrange(last // 500) * 500 + 1


def _some_own(lot: random.Random) -> list[tuple[str, str]]:
    """Give some reports from everywhere a private link that we know; return references and secrets."""
    last = db.session.scalar(text("SELECT max(id) FROM complaint"))
    found = []
    for number in (_known(lot, last) for _ in range(40)):
        row = db.session.execute(
            text("SELECT reference, submission_key FROM complaint WHERE id = :number"), {"number": number}
        ).one()
        secret = tracking.secret_for(row.submission_key)
        db.session.execute(
            text("UPDATE complaint SET tracking_hash = :hash WHERE id = :number"),
            {"hash": tracking.hashed(secret), "number": number},
        )
        found.append((row.reference, secret))
    db.session.commit()
    return found


def _some_open(app: Flask, lot: random.Random) -> list[str]:
    with app.app_context():
        found = db.session.scalars(
            text(
                "SELECT reference FROM complaint WHERE closed_at IS NULL AND latitude IS NOT NULL AND is_public"
                " ORDER BY due_at DESC LIMIT 3000"
            )
        ).all()
        db.session.remove()
    return lot.sample(list(found), 40)


def _signed_in_all(app: Flask) -> list[FlaskClient]:
    """Sign in a coordinator, and the two officers with most to do."""
    with app.app_context():
        busiest = text(
            "SELECT assignee_id FROM complaint WHERE closed_at IS NULL AND assignee_id IS NOT NULL"
            " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 2"
        )
        coordinator = select(Person.id).where(Person.role == Role.COORDINATOR).order_by(Person.id).limit(1)
        numbers = [db.session.scalars(coordinator).one(), *db.session.scalars(busiest)]
        people = [db.session.get_one(Person, number) for number in numbers]
        for person in people:
            person.password_hash = signin.hashed(PASSWORD)
        emails = [person.email for person in people]
        db.session.commit()
        db.session.remove()
    return [_signed_in(app, email) for email in emails]


def _signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    page = client.get("/desk/sign-in").get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"email": email, "password": PASSWORD, "csrf_token": token}
    answer = client.post("/desk/session", data=form, headers=_FORM)
    assert answer.status_code == 303, answer.status
    return client


def _print_bytes(app: Flask) -> None:
    """Print what a report takes: rows and indexes of each table, for each report."""
    with app.app_context():
        count = db.session.scalar(text("SELECT count(*) FROM complaint"))
        rows = db.session.execute(
            text(
                "SELECT relname, pg_table_size(oid), pg_indexes_size(oid), reltuples FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'base%'"
                " ORDER BY pg_total_relation_size(oid) DESC LIMIT 7"
            )
        ).all()
        total = db.session.scalar(text("SELECT pg_database_size(current_database())"))
        db.session.remove()
    print(f"\n{count:,} reports, {total / 2**30:.1f} GiB in all, {total / count:.0f} bytes a report")
    for name, heap, indexes, tuples in rows:
        print(
            f"  {name:<14} {tuples / count:5.2f} rows, {heap / count:5.0f} + {indexes / count:5.0f} bytes of indexes"
        )
    sys.stdout.flush()


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _most_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or SIZES) > 0)
