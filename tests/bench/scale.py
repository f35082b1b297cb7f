"""`python -m tests.bench.scale [SIZES]`: the pages that are asked for all day, in a city of 1,000,000 and of 10,000,000 reports.

One city that grows: pages are asked for in one process at the first size, and again at each of the next. The database is
a PostgreSQL of its own, with 2 GB of buffers, that syncs nothing: only reading and the work of writing are measured. It takes
35 GB in SCALE_FOLDER (else in /tmp, thrown away). What is in that folder already is measured as it is.
"""

import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
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
from tests.clusters import QUICK, Server, a_server, programs
from tests.living import a_folder, free_port

SIZES = (1_000_000, 10_000_000)
MOST_RATIO = 1.5
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
PASSWORD = "correct horse battery staple"
WORDS = ("den duong", "o ga", "rac", "thap but", "pho hue", "zebra", "100%", "khong co xyzzy")
MIDDLE = Point(21.0287, 105.8523)
_SERVER = {
    **QUICK,
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "30min",
    "jit": "off",  # as deploy/ansible sets it
}
_FORM = {"Sec-Fetch-Site": "same-origin"}

Asked = Callable[[], int]
"""Asks for something once and returns the status of the answer."""


def main(sizes: Sequence[int]) -> int:
    """Print p50 and p95 of every kind of page at every size; return how many grow too much."""
    limiter.enabled = False
    with _a_place() as server, _an_application(server) as app:
        if not _count(app):
            multiplied.begin(app)
        found = {}
        for size in sizes:
            if _count(app) < size:
                begun = time.perf_counter()
                multiplied.fill(app, size)
                print(f"── {size:,} reports in {time.perf_counter() - begun:.0f} s", flush=True)
            if not os.environ.get("SCALE_FILL"):
                _print_bytes(app)
                found[size] = _measured(app)
                multiplied.take_back(app, size)
    return _compared(found) if len(found) > 1 else 0


def _compared(found: dict[int, dict[str, float]]) -> int:
    sizes = list(found)
    print(f"\n{'':<28}" + "".join(f"{size:>12,}" for size in sizes) + "   ratio  (p95 in ms)")
    beyond = 0
    for name in found[sizes[-1]]:
        ratio = found[sizes[-1]][name] / found[sizes[0]][name]
        beyond += ratio > MOST_RATIO
        figures = "".join(f"{found[size][name]:>12.1f}" for size in sizes)
        print(f"{name:<28}{figures}{ratio:>8.2f}{'  missed' if ratio > MOST_RATIO else ''}")
    return beyond


@contextmanager
def _a_place() -> Iterator[Server]:
    if kept := os.environ.get("SCALE_FOLDER"):
        folder = Path(kept)
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        server = Server(folder / "server", free_port(), programs(folder))
        if not server.data.exists():
            server.home.mkdir(mode=0o700)
            os.chown(server.home, server.programs.account.uid, server.programs.account.gid)
            server.make()
        server.start(**_SERVER)
        try:
            yield server
        finally:
            server.stop(fast=True)
        return
    with a_folder("cps-scale-") as folder, a_server(folder, "server") as server:
        server.make()
        server.start(**_SERVER)
        yield server


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


def _measured(app: Flask) -> dict[str, float]:
    with app.app_context():
        atlas.forget()
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
    return {name: _timed(name, asked) for name, asked in _kinds(app)}


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
    yield "report form", paths(["/"])
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


def _timed(name: str, asked: Sequence[Asked]) -> float:
    taken, wrong = [], []
    for turn in range(TURNS + 1):
        for one in asked:
            begun = time.perf_counter()
            status = one()
            passed = (time.perf_counter() - begun) * 1000
            if status not in (200, 303):
                wrong.append(status)
            elif turn:  # the first makes what is only made once
                taken.append(passed)
    cuts = statistics.quantiles(taken, n=100)
    print(
        f"{name:<24} {len(taken):>5} times  p50 {cuts[49]:6.1f}  p95 {cuts[94]:6.1f}  p99 {cuts[98]:6.1f} ms"
        f"{f'  {len(wrong)} refused, as {wrong[0]}' if wrong else ''}",
        flush=True,
    )
    return cuts[94]


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
    numbers = [lot.randrange(1, last) for _ in range(200)]
    found = db.session.scalars(
        text("SELECT reference FROM complaint WHERE id = ANY(:numbers) AND is_public"), {"numbers": numbers}
    )
    return sorted(found)[:60]


def _some_own(lot: random.Random) -> list[tuple[str, str]]:
    """Give some reports from everywhere a private link that we know; return references and secrets."""
    last = db.session.scalar(text("SELECT max(id) FROM complaint"))
    found = []
    for number in (lot.randrange(1, last) for _ in range(40)):
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


def _count(app: Flask) -> int:
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT coalesce(max(number), 0) FROM submission").fetchone()
    assert row is not None
    return int(row[0])


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _most_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or SIZES) > 0)
