"""`python -m tests.bench.desk`: the queue of the desk in a city of BENCH_SIZES reports (10,000 and 1,000,000).

Rows are put in bare, by the database itself: only what a queue reads of them must be true to life. Six in a hundred
are open. Each address is asked for in turn by officers and a coordinator, in one process; figures are of the server.
"""

import os
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import product

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from cps.city.queries import in_force
from cps.complaints.models import Event
from cps.complaints.views import View
from cps.console.checking import checked
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.kernel.references import reference
from cps.people import signin
from cps.people.models import Person, Role
from cps.web import paging
from cps.web.limits import limiter
from tests.bench import acts, office
from tests.bench.city import a_city_in
from tests.living import a_folder

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "10000 1000000").split())
OFFICERS, PASSWORD = 300, "correct horse battery staple"
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
MOST_MS, MOST_STATEMENTS, MOST_RATIO = 50, 6, 1.5
WORDS = ("den", "duong den", "o ga", "rac", "thap but", "xyzzy", "soto", "khong co")

_FILL = """
INSERT INTO submission (key) SELECT gen_random_uuid() FROM generate_series(1, %(count)s);
INSERT INTO complaint (id, reference, submission_key, tracking_hash, version, status, handover, category_id, department_id,
    area_id, assignee_id, latitude, longitude, landmark, words, language, is_public, is_demo, promise, received_at, due_at,
    acknowledge, acknowledge_by, acknowledged_at, seen_at, accept_by, came_from_id, hops, bounces, waiting_since, closed_at)
SELECT number, number::text, key, int8send(number), 1,
    CASE WHEN kind < 2 THEN 'received' WHEN kind < 5 THEN 'in_progress' WHEN kind < 6 THEN 'waiting' ELSE 'resolved' END,
    CASE WHEN number %% 1000 = 3 THEN 'returned' ELSE 'settled' END,
    categories[1 + lot %% cardinality(categories)], departments[1 + number * 7919 %% cardinality(departments)],
    areas[1 + lot * 31 %% cardinality(areas)],
    CASE WHEN kind BETWEEN 2 AND 4 THEN officers[1 + number * 7919 %% cardinality(officers)] END,
    20.95 + number %% 2003 * 0.0001, 105.75 + number * 7 %% 1999 * 0.0001, 'cạnh ' || places[1 + (lot / 100) %% 7],
    things[1 + (lot / 20) %% 5] || CASE WHEN number %% 5000 = 0 THEN ' số tờ' ELSE '' END,
    'vi', number %% 5 > 0, true, '5 working days', came, came + interval '9 days', '1 working day', came + interval '1 day',
    CASE WHEN kind > 1 THEN came END, CASE WHEN kind > 0 THEN came END,
    CASE WHEN number %% 1000 = 3 THEN now() END, NULL, 0, 0,
    CASE WHEN kind = 5 THEN now() END, CASE WHEN kind < 6 THEN NULL ELSE came + interval '5 days' END
FROM (SELECT *, number %% 100 AS kind, (number / 100 + number) %% 9973 AS lot FROM submission) AS s,
    LATERAL (SELECT now() - (number %% (CASE WHEN kind < 6 THEN 14 ELSE 900 END)) * interval '1 day'
        - (number %% 86400) * interval '1 second' AS came) AS w,
    (SELECT array_agg(id ORDER BY id) AS categories FROM category) AS c,
    (SELECT array_agg(id ORDER BY id) AS areas FROM area) AS a,
    (SELECT array_agg(id ORDER BY id) AS departments FROM (SELECT id FROM department ORDER BY id LIMIT 40) AS first) AS d,
    (SELECT array_agg(id ORDER BY id) AS officers FROM person) AS o,
    (SELECT ARRAY['tháp bút', 'chợ Hôm', 'trường học', 'bưu điện', 'số 5', 'ngõ 12', 'cầu'] AS places) AS p,
    (SELECT ARRAY['Đèn đường không sáng', 'Ổ gà lớn giữa đường', 'Rác không ai dọn', 'Nước chảy tràn ra đường',
        'Cây đổ chắn lối đi'] AS things) AS t;
INSERT INTO event (complaint_id, position, kind, at, status, department_id, note, is_internal, details)
SELECT id, 1, 'received', received_at, 'received', department_id, '', false, '{}' FROM complaint;
"""


def main() -> None:
    """Print p50, p95 and the number of statements of every kind of page, and how they grow."""
    limiter.enabled = False
    found = {size: _measured(size) for size in SIZES}
    small, large = found[SIZES[0]], found[SIZES[-1]]
    print(f"\n{'':<26}" + "".join(f"{size:>12,}" for size in SIZES) + "   ratio  (p95 in ms)")
    for name in large:
        ratio = large[name] / small[name]
        late = "" if large[name] <= MOST_MS and ratio <= MOST_RATIO else "  missed"
        print(f"{name:<26}{small[name]:>12.1f}{large[name]:>12.1f}{ratio:>8.2f}{late}")


def _measured(size: int) -> dict[str, float]:
    with a_folder("cps-desk-") as folder, a_city_in(folder, checked(CITIES / "hanoi")) as app:
        begun = time.perf_counter()
        accounts = _fill(app, size)
        print(f"\n── {size:,} reports put in in {time.perf_counter() - begun:.0f} s", flush=True)
        clients = [_signed_in(app, account) for account in accounts]
        found = {name: _pressed(app, clients, paths, name) for name, paths in _kinds(app)}
        found |= acts.measured(app, clients[0])
        office.measured(app, folder, password=PASSWORD)
        return found


def _kinds(app: Flask) -> Iterator[tuple[str, list[str]]]:
    lot = random.Random(1)
    with app.app_context():
        city = in_force()
        categories, areas = sorted(city.category_ids), sorted(city.area_ids)
    views = [view for view in View if view is not View.DISPUTED]
    yield "each view", [f"/desk?view={view}" for view in views]
    narrowed = [
        f"/desk?view={view}&category={category}&area={area}&handler={handler}"
        for view, category, area, handler in product(
            views, ["", *categories[:3]], ["", *areas[:3]], ["", "me", "nobody"]
        )
    ]
    yield "narrowed", lot.sample(narrowed, 60)
    yield "words", [f"/desk?view={view}&q={words}" for view, words in product(views, WORDS)]
    yield (
        "words, narrowed",
        [
            f"/desk?view={view}&q={words}&category={category}"
            for view, words, category in product(("open", "closed", "overdue"), WORDS, categories[:3])
        ],
    )
    with app.app_context():
        last = db.session.scalar(select(func.max(Event.id)))
        db.session.remove()
    yield "numbers alone", [f"/desk/counts?since={last - 20}"]
    with app.app_context():
        yield "the 1000th page", [f"/desk?view=closed&after={_far()}", f"/desk?view=open&after={_far()}"]


def _far() -> str:
    """Return where a page far back begins."""
    with psycopg.connect(str(db.engine.url).replace("+psycopg", "")) as connection:
        row = connection.execute(
            "SELECT closed_at, id FROM complaint WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, id DESC"
            " OFFSET least(25000, (SELECT count(*) / 2 FROM complaint)) LIMIT 1"
        ).fetchone()
    assert row is not None
    return paging.written((row[0], row[1])) or ""


def _fill(app: Flask, count: int) -> list[str]:
    with app.app_context():
        city, password = in_force(), signin.hashed(PASSWORD)
        departments = sorted(city.department_ids.values())[:40]
        db.session.add_all(
            Person(
                email=f"{number}@hanoi.example",
                name=f"Official {number}",
                role=Role.OFFICER if number else Role.COORDINATOR,
                department_id=departments[number % len(departments)],
                password_hash=password,
            )
            for number in range(OFFICERS)
        )
        db.session.commit()
        url = db.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        for statement in (_FILL % {"count": count}).split(";\n")[:3]:
            connection.execute(statement)
        open_ones = connection.execute("SELECT id FROM complaint WHERE closed_at IS NULL").fetchall()
        named = [(reference(number, city.reference_key), number) for (number,) in open_ones]
        connection.cursor().executemany("UPDATE complaint SET reference = %s WHERE id = %s", named)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return [f"{number}@hanoi.example" for number in (0, 1, 2)]


def _signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    page = client.get("/desk/sign-in").get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.post(
        "/desk/session",
        data={"email": email, "password": PASSWORD, "csrf_token": token},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303, answer.status
    return client


def _pressed(app: Flask, clients: Sequence[FlaskClient], paths: Sequence[str], name: str) -> float:
    seen: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(
        engine, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: seen.append(statement)
    )
    taken, most, slowest = [], 0, (0.0, "")
    for turn in range(TURNS + 1):
        for path, client in product(paths, clients):
            seen.clear()
            begun = time.perf_counter()
            answer = client.get(path)
            passed = (time.perf_counter() - begun) * 1000
            assert answer.status_code == 200, (path, answer.status)
            if turn:  # the first makes what is only made once
                taken.append(passed)
                most = max(most, len([one for one in seen if "FROM city" not in one]))
                slowest = max(slowest, (passed, path))
    cuts = statistics.quantiles(taken, n=100)
    print(
        f"{name:<20} {len(taken):>5} pages  p50 {cuts[49]:6.1f}  p95 {cuts[94]:6.1f}  p99 {cuts[98]:6.1f} ms"
        f"  {most} statements{'' if most <= MOST_STATEMENTS else ' (too many)'}  slowest {slowest[0]:.1f} {slowest[1]}",
        flush=True,
    )
    return cuts[94]


if __name__ == "__main__":
    main()
