"""`python -m tests.bench.listing`: the public list and its search in a city of BENCH_LISTED reports (a million)."""

import os
import random
import statistics
import time
from collections.abc import Sequence
from itertools import product
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from cps.citizen.listing import DAYS, STANDINGS
from cps.city.queries import in_force
from cps.console.checking import checked
from cps.console.demonstration import generate
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.web.limits import limiter
from tests.bench.city import a_city

SIZE = int(os.environ.get("BENCH_LISTED", "1000000"))
TURNS = 3
ADDRESSES = int(os.environ.get("BENCH_ADDRESSES", "300"))  # of all combinations, drawn by lot
CHOSEN = 5
# Common, rarer and rarest words of a made-up Hanoi, words that nobody wrote, and signs.
WORDS = ("den duong", "duong", "o ga", "rac", "thap but", "pho hue", "zebra", "a", "100%", "khong co xyzzy")


def main() -> None:
    """Make a city, and print how long its list takes under the filters the page offers."""
    with a_city(checked(CITIES / "hanoi"), "cps-listing-") as app:
        with app.app_context():
            generate(SIZE, seed=1, now=clock.now())
            db.session.commit()
            db.session.remove()
        measure(app)


def measure(app: Flask) -> None:
    """Print the figures of the list, the search and the feed."""
    limiter.enabled = False
    client = app.test_client()
    with app.app_context():
        areas, categories = _areas(), _categories()
    lot = random.Random(1)
    for name, path, words in (
        ("list", "/reports", ("",)),
        ("search", "/reports", WORDS),
        ("feed", "/reports.atom", ("",)),
    ):
        every = list(product(words, areas, categories, STANDINGS, ["", *DAYS]))
        chosen = lot.sample(every, min(ADDRESSES, len(every)))
        _print(name, [_timed(client, path, values) for values in chosen])


def _areas() -> list[str]:
    return _some(in_force().area_ids, "area_id")


def _categories() -> list[str]:
    city = in_force()
    public = {c.code: city.category_ids[c.code] for c in city.profile.categories if c.is_public}
    return _some(public, "category_id")


def _some(ids: dict[str, int], column: str) -> list[str]:
    """Return none at all, and some codes from that with the most reports to that with the fewest."""
    counted = text(f"SELECT {column}, count(*) FROM complaint WHERE is_public GROUP BY 1")
    counts = {row[0]: row[1] for row in db.session.execute(counted)}
    ordered = sorted(ids, key=lambda code: -counts.get(ids[code], 0))
    return ["", *ordered[:: max(1, (len(ordered) - 1) // (CHOSEN - 1))]]


def _timed(client: FlaskClient, path: str, values: Sequence[str]) -> tuple[float, str]:
    """Return the median of some turns, in milliseconds, and what was asked."""
    names = ("q", "area", "category", "status", "period")
    asked = f"{path}?{urlencode({name: value for name, value in zip(names, values, strict=True) if value})}"
    taken = []
    for _turn in range(TURNS):
        begun = time.perf_counter()
        answer = client.get(asked)
        taken.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, (answer.status, asked)
    return statistics.median(taken), asked


def _print(name: str, taken: Sequence[tuple[float, str]]) -> None:
    ordered = sorted(taken)
    p50, p95, p99 = (
        ordered[min(len(ordered) - 1, int(len(ordered) * share))][0] for share in (0.5, 0.95, 0.99)
    )
    slowest, asked = ordered[-1]
    print(
        f"{name:<7} {len(ordered):5} addresses  p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  p99 {p99:6.1f} ms"
        f"  slowest {slowest:6.1f} ms {asked}",
        flush=True,
    )


if __name__ == "__main__":
    main()
