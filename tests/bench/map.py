"""`python -m tests.bench.map [REPORTS]`: the window of the map, pressed at every zoom of a city of a million reports.

The CPU time beside it is that of the process that answers: on a machine that others use too, it says more.

Rows are put in bare, by the database itself: only what the map reads of them must be true to life, and half of all lie
in a tenth of the city, as they do.
"""

import statistics
import sys
import time
from urllib.parse import urlencode

import psycopg

from cps.app import create_app
from cps.city.load import load
from cps.complaints import atlas
from cps.console import migrating
from cps.console.checking import checked
from cps.geo.frame import HIGHEST_ZOOM, LOWEST_ZOOM, Frame
from cps.geo.point import Point
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.kernel.postgres import running
from cps.settings import from_environment
from tests.living import a_folder

TURNS = 60
MIDDLE = Point(21.0287, 105.8523)
MOST_MS, MOST_BYTES = 40, 60_000
CHOICES = {
    "all": {},
    "one category": {"category": "pothole"},
    "category, open, a month": {"category": "pothole", "status": "open", "period": "month"},
}

_FILL = """
INSERT INTO submission (key) SELECT gen_random_uuid() FROM generate_series(1, %(count)s);
INSERT INTO complaint (id, reference, submission_key, tracking_hash, version, status, handover, category_id, department_id,
    area_id, latitude, longitude, landmark, words, language, is_public, is_demo, promise, received_at, due_at, acknowledge,
    acknowledge_by, hops, bounces, closed_at)
SELECT number, number::text, key, int8send(number), 1, CASE WHEN number %% 10 = 0 THEN 'received' ELSE 'resolved' END,
    'settled', categories[1 + number %% cardinality(categories)], department.id, areas[1 + number %% cardinality(areas)],
    21.0287 + (random() + random() - 1) * spread, 105.8523 + (random() + random() - 1) * spread,
    '', '', 'vi', true, true, '5 working days', now() - random() * interval '900 days', now(), '1 working day', now(), 0, 0,
    CASE WHEN number %% 10 = 0 THEN NULL ELSE now() END
FROM submission,
    (SELECT array_agg(id) AS categories FROM category WHERE is_public) AS c,
    (SELECT array_agg(id) AS areas FROM area) AS a,
    (SELECT min(id) AS id FROM department) AS department,
    LATERAL (SELECT CASE WHEN number %% 2 = 0 THEN 0.05 ELSE 0.3 END AS spread) AS s;
"""


def main(count: int) -> int:
    """Print p95 and size of each zoom and choice; return how many are beyond their budget."""
    with a_folder("cps-map-bench-") as var:
        settings = from_environment({"CPS_VAR": str(var), "CPS_DEMO": "yes"})
        with running(var, say=print) as url:
            app = create_app(settings, database_url=url)
            with app.app_context():
                migrating.to_head()
                load(checked(CITIES / "hanoi"))
                db.session.commit()
            _fill(url, count)
            with app.app_context():
                begun = time.perf_counter()
                spots = atlas.spots()
                print(f"{len(spots):,} reports read in {time.perf_counter() - begun:.1f} s")
                db.session.remove()
            beyond = _press(app.test_client())
            with app.app_context():
                db.engine.dispose()
    return beyond


def _fill(url: str, count: int) -> None:
    begun = time.perf_counter()
    with psycopg.connect(url) as connection:
        for statement in (_FILL % {"count": count}).split(";\n")[:2]:
            connection.execute(statement)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE complaint")
    print(f"{count:,} reports put in in {time.perf_counter() - begun:.0f} s", flush=True)


def _press(client) -> int:  # type: ignore[no-untyped-def]
    print(
        f"{'zoom':<12} {'reports':<26} {'p50 ms':>7} {'p95 ms':>7} {'CPU p95':>7} {'bytes':>7} {'clusters':>8}"
    )
    beyond = 0
    windows = {str(zoom): _window(zoom) for zoom in range(LOWEST_ZOOM, HIGHEST_ZOOM + 1)}
    windows["world at 19"] = {"west": -180, "south": -90, "east": 180, "north": 90, "zoom": 19}
    for title, window in windows.items():
        for name, choice in CHOICES.items():
            durations, worked, size, clusters = _asked(client, {**window, **choice})
            cuts = statistics.quantiles(durations, n=20)
            cpu = statistics.quantiles(worked, n=20)[18]
            beyond += cuts[18] > MOST_MS or size > MOST_BYTES
            print(
                f"{title:<12} {name:<26} {cuts[9]:7.1f} {cuts[18]:7.1f} {cpu:7.1f} {size:7} {clusters:8}",
                flush=True,
            )
    return beyond


def _asked(client, query: dict[str, object]) -> tuple[list[float], list[float], int, int]:  # type: ignore[no-untyped-def]
    address = f"/map/clusters.json?{urlencode(query)}"
    durations, worked = [], []
    for _turn in range(TURNS):
        begun, idle = time.perf_counter(), time.process_time()
        answer = client.get(address)
        durations.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - idle) * 1000)
        assert answer.status_code == 200
    return durations, worked, len(answer.data), len(answer.json["clusters"])


def _window(zoom: int) -> dict[str, object]:
    seen = Frame(MIDDLE, zoom, 1280, 800).window
    return {"west": seen.west, "south": seen.south, "east": seen.east, "north": seen.north, "zoom": zoom}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000) > 0)
