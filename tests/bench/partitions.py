"""`python -m tests.bench.partitions`: what it would bring and cost to keep events by month, in the smaller city of `make scale`.

A copy of the table of events, parted by the month of `at`, is read, written and shortened beside the one there is. It needs
SCALE_FOLDER as `make scale` left it, changes nothing that is there, and takes its copy away.
"""

import os
import random
import statistics
import sys
import time
from pathlib import Path

import psycopg
from sqlalchemy import text

from cps.kernel.db import db
from tests.bench.scale import _a_city

_READ = "SELECT * FROM {table} WHERE complaint_id = %s ORDER BY position"
_WRITE = (
    "INSERT INTO {table} (id, complaint_id, position, kind, at, status, department_id, note, is_internal, details)"
    " SELECT {first} + n, 1 + n %% {last}, 1000, 'noted', now(), 'received', 1, '', true, '{{}}' FROM generate_series(1, 20000) AS n"
)


def main(size: int) -> None:
    """Print each figure for the table as it is and for the parted one."""
    with _a_city(Path(os.environ["SCALE_FOLDER"]), size) as app:
        with app.app_context():
            url = db.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
            last = int(db.session.scalar(text("SELECT max(id) FROM complaint")))
            db.session.remove()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS parted, whole")
            try:
                _make(connection)
                for table in ("whole", "parted"):
                    _measure(connection, table, last)
            finally:
                connection.execute("DROP TABLE IF EXISTS parted, whole")


def _make(connection: psycopg.Connection) -> None:  # type: ignore[type-arg]
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET maintenance_work_mem = '512MB'")
    # As it is, without the three indexes that hold little.
    connection.execute("CREATE TABLE whole (LIKE event)")
    connection.execute("INSERT INTO whole SELECT * FROM event")
    connection.execute("ALTER TABLE whole ADD PRIMARY KEY (id), ADD UNIQUE (complaint_id, position)")
    connection.execute("CREATE TABLE parted (LIKE event) PARTITION BY RANGE (at)")
    first = connection.execute("SELECT date_trunc('month', min(at))::date FROM event").fetchone()
    assert first is not None
    connection.execute(
        f"DO $$ DECLARE month date := '{first[0]}'; BEGIN WHILE month <= now() + interval '1 month' LOOP"
        " EXECUTE format('CREATE TABLE %I PARTITION OF parted FOR VALUES FROM (%L) TO (%L)',"
        " 'parted_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');"
        " month := month + interval '1 month'; END LOOP; END $$"  # type: ignore[call-overload]
    )
    connection.execute("INSERT INTO parted SELECT * FROM event")
    # What parts it must stand in every rule that says there is one.
    connection.execute("ALTER TABLE parted ADD PRIMARY KEY (id, at), ADD UNIQUE (complaint_id, position, at)")
    connection.execute("VACUUM ANALYZE whole")
    connection.execute("VACUUM ANALYZE parted")


def _measure(connection: psycopg.Connection, table: str, last: int) -> None:  # type: ignore[type-arg]
    lot = random.Random(1)
    parts = connection.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass", (table,))
    bytes_ = connection.execute(
        "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(%s)"
        if table == "parted"
        else "SELECT pg_total_relation_size(%s)",
        (table,),
    )
    taken = []
    for _turn in range(400):
        begun = time.perf_counter()
        connection.execute(_READ.format(table=table), (lot.randrange(1, last),)).fetchall()  # type: ignore[call-overload]
        taken.append((time.perf_counter() - begun) * 1000)
    cuts = statistics.quantiles(taken[100:], n=100)
    print(
        f"{table}: {(parts.fetchone() or [0])[0]} parts, {int((bytes_.fetchone() or [0])[0]) / 2**20:.0f} MiB;"
        f" history of a report p50 {cuts[49]:.2f} ms, p95 {cuts[94]:.2f} ms",
        flush=True,
    )
    _said("  20,000 written", connection, _WRITE.format(table=table, first=2**40, last=last))
    oldest = "SELECT date_trunc('month', min(at)) + interval '1 month' FROM whole"
    if table == "parted":
        name = connection.execute(
            "SELECT relid::regclass::text FROM pg_partition_tree('parted') WHERE isleaf ORDER BY relid LIMIT 1"
        ).fetchone()
        assert name is not None
        _said("  the oldest month dropped", connection, f"DROP TABLE {name[0]}")
        _said("  the newest month vacuumed", connection, "VACUUM parted")
    else:
        _said("  the oldest month deleted", connection, f"DELETE FROM whole WHERE at < ({oldest})")
        _said("  vacuumed after it", connection, "VACUUM whole")


def _said(what: str, connection: psycopg.Connection, order: str) -> None:  # type: ignore[type-arg]
    begun = time.perf_counter()
    connection.execute(order.replace("%%", "%"))  # type: ignore[call-overload]
    print(f"{what} in {time.perf_counter() - begun:.3f} s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
