"""A city of millions of reports: the lives that a demo makes up (by COPY), copied by the database again and again into five years.

Each copy has its own numbers, references (real ones where they are looked at), links and moments, and lies some metres beside the others. What is still open
in a copy of long ago was resolved after eight days. Three in ten reports have a photo's row, two in ten a letter.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from flask import Flask
from psycopg import Connection
from psycopg.sql import SQL

from cps.city.queries import in_force
from cps.console.demonstration import generate
from cps.console.demonstration.bare import bare
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.references import reference

BASE = int(os.environ.get("SCALE_BASE", "50000"))
"""Lives that are copied: those of one quarter."""

_TABLES = ("submission", "complaint", "event", "reporter", "photo", "message")
# Of the five events of a life three are copied: ten million times five do not fit on a developer's disk.
_LEFT_OUT = "started,rated,noted,joined,added,contribution_asked,contributed,contribution_withdrawn,contribution_extended"

# Which of the base a copy `c` takes is all of it; what differs stands here, column by column.
_BACK = "make_interval(days => 91 * (c % 20), secs => 97 * (c / 20) + 13 * (c % 20))"
_ENDS = "(c % 20 > 0 AND b.closed_at IS NULL)"
_NUMBER = f"b.id + c::bigint * {BASE}"
_KEY = "md5({0} || ' key')::uuid"
_COMPLAINT = {
    "id": _NUMBER,
    "reference": f"upper(lpad(to_hex({_NUMBER}), 10, '0'))",
    "submission_key": _KEY.format(f"({_NUMBER})"),
    "tracking_hash": f"sha256(int8send({_NUMBER}))",
    "version": f"b.version + {_ENDS}::int",
    "latitude": f"b.latitude + (hashint8({_NUMBER}) % 1000) * 0.0000005",
    "longitude": f"b.longitude + (hashint8(-({_NUMBER})) % 1000) * 0.0000005",
    "status": f"CASE WHEN {_ENDS} THEN 'resolved' ELSE b.status END",
    "handover": f"CASE WHEN {_ENDS} THEN 'settled' ELSE b.handover END",
    "closed_at": f"CASE WHEN {_ENDS} THEN b.received_at + interval '8 days' ELSE b.closed_at END - {_BACK}",
    **{
        name: f"CASE WHEN NOT {_ENDS} THEN b.{name} END"
        for name in ("pause_cause", "planned_from", "planned_until")
    },
    **{
        name: f"CASE WHEN NOT {_ENDS} THEN b.{name} - {_BACK} END"
        for name in ("waiting_since", "paused_since", "accept_by")
    },
    **{
        name: f"b.{name} - {_BACK}"
        for name in ("received_at", "reopened_at", "due_at", "acknowledge_by", "acknowledged_at", "seen_at")
    },
    "lead_id": f"b.lead_id + c::bigint * {BASE}",
}
_EVENT = {
    "id": "b.id + c::bigint * {events}",
    "complaint_id": f"b.complaint_id + c::bigint * {BASE}",
    "at": f"b.at - {_BACK}",
}
_ENDING = {
    "id": "{firsts} + row_number() OVER (PARTITION BY c ORDER BY b.id) + c::bigint * {events}",
    "complaint_id": _NUMBER,
    "position": "b.version + 1",
    "kind": "'resolved'",
    "at": f"b.received_at + interval '8 days' - {_BACK}",
    "by_id": "b.assignee_id",
    "status": "'resolved'",
    "department_id": "b.department_id",
    "note": "'Đã xử lý xong.'",
    "is_internal": "false",
    "details": "'{}'",
}
_REPORTER = {
    "complaint_id": f"b.complaint_id + c::bigint * {BASE}",
    "email": f"'demo.' || b.complaint_id + c::bigint * {BASE} || '@citizen.example'",
    "confirmed_at": f"b.confirmed_at - {_BACK}",
}
_LETTER = (
    "Xin chào! Thành phố đã nhận phản ánh của bạn và chuyển cho phòng phụ trách. "
    "Bạn có thể xem tiến độ bằng đường dẫn riêng dưới đây; xin đừng gửi đường dẫn này cho người khác. "
)
_MESSAGE = {
    "id": _KEY.format("e.id"),
    "event_id": "e.id",
    "channel": "'email'",
    "address": "'demo.' || e.complaint_id || '@citizen.example'",
    "language": "'vi'",
    "subject": "'Đã nhận phản ánh của bạn'",
    "body": f"repeat('{_LETTER}', 3)",
    "state": "'kept'",
    "attempts": "1",
    "written_at": "e.at",
    "ended_at": "e.at",
}
_PHOTO = {
    "id": "b.id + 1000000",
    "key": "translate(left(encode(sha256(int8send(b.id)), 'base64'), 22), '+/', '-_')",
    "submission_key": "b.submission_key",
    "complaint_id": "b.id",
    "purpose": "'before'",
    "position": "0",
    "original": "encode(sha256(int8send(b.id)), 'hex')",
    "original_size": "2900000 + b.id % 900000",
    "state": "'ready'",
    "large": "encode(sha256(int8send(-b.id)), 'hex')",
    "small": "encode(sha256(int8send(b.id / 2)), 'hex')",
    "width": "1200",
    "height": "1600",
    "taken_in_at": "b.received_at",
    "decoded_at": "b.received_at",
    "fingerprint": "hashint8extended(b.id, 7)",
}


def begin(app: Flask) -> None:
    """Make up the lives that are copied, and set a copy of them aside."""
    with app.app_context():
        generate(BASE, seed=1, now=clock.now())
        db.session.commit()
        db.session.remove()
        url = _url()
    with psycopg.connect(url, autocommit=True) as connection:
        for table in ("complaint", "event", "reporter"):
            wanted = f"kind <> ALL('{{{_LEFT_OUT}}}')" if table == "event" else "true"
            connection.execute(f"CREATE TABLE base_{table} AS SELECT * FROM {table} WHERE {wanted}")  # type: ignore[call-overload]
            connection.execute(f"ANALYZE base_{table}")  # type: ignore[call-overload]


def fill(app: Flask, count: int) -> None:
    """Copy until there are `count` reports, a multiple of the base; what is there already stays."""
    with app.app_context():
        url, key = _url(), in_force().reference_key
        db.session.remove()
        db.engine.dispose()
    with psycopg.connect(url) as connection:
        first = _one(connection, "SELECT max(number) FROM submission") // BASE
        connection.execute("SET maintenance_work_mem = '2GB'")
        connection.execute(
            "SET session_replication_role = replica"
        )  # what is copied belongs together as it did
        with bare(connection, _TABLES), _as_it_was_computed(connection):
            connection.execute("SET LOCAL maintenance_work_mem = '2GB'")
            _copy_all(connection, range(first, count // BASE))
            _refer(connection, count, key)
            print(f"   copied; building indexes at {time.strftime('%X')}", flush=True)
    with psycopg.connect(url, autocommit=True) as connection:
        for table, column in (("submission", "number"), ("event", "id"), ("photo", "id")):
            last = f"(SELECT max({column}) FROM {table})"
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {last})")  # type: ignore[call-overload]
        connection.execute("VACUUM ANALYZE")


@contextmanager
def _as_it_was_computed(connection: Connection) -> Iterator[None]:  # type: ignore[type-arg]
    """Take what is searched of a report as it comes: to compute it again for the same words is half of all the work."""
    change = "UPDATE pg_attribute SET attgenerated = %s WHERE attrelid = 'complaint'::regclass AND attname = 'sought'"
    connection.execute(change, ("",))
    yield
    connection.execute(change, ("s",))


def take_back(app: Flask, count: int) -> None:
    """Take away what was filed beyond `count` reports, so that the city can grow on."""
    with app.app_context():
        url = _url()
        db.session.remove()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("TRUNCATE procrastinate_jobs CASCADE")
        for table in ("agenda", "reporter", "event"):
            connection.execute(f"DELETE FROM {table} WHERE complaint_id > {count}")  # type: ignore[call-overload]
        connection.execute(f"DELETE FROM complaint WHERE id > {count}")  # type: ignore[call-overload]
        connection.execute(f"DELETE FROM submission WHERE number > {count}")  # type: ignore[call-overload]


def _copy_all(connection: Connection, copies: range) -> None:  # type: ignore[type-arg]
    firsts = _one(connection, "SELECT max(id) FROM base_event")
    opened = _one(connection, "SELECT count(*) FROM base_complaint WHERE closed_at IS NULL")
    numbers = {"{firsts}": str(firsts), "{events}": str(firsts + opened)}
    several = f"generate_series({max(copies.start, 1)}, {copies.stop - 1}) AS c"
    lives, events = f"{several}, base_complaint AS b", f"{several}, base_event AS b"
    pictured = _named(
        {name: _COMPLAINT[name] for name in ("id", "submission_key", "received_at")}, lives, "b"
    )
    firsts_of = _named({**_EVENT, "position": "b.position"}, events, "e")
    steps: Sequence[tuple[str, dict[str, str], str, str | None]] = (
        ("submission", {"key": _COMPLAINT["submission_key"], "number": _NUMBER}, lives, None),
        ("complaint", {**_COMPLAINT, "sought": "b.sought"}, lives, "complaint"),
        ("event", _EVENT, events, "event"),
        ("event", _ENDING, f"{lives} WHERE {_ENDS}", None),
        ("reporter", _REPORTER, f"{several}, base_reporter AS b", "reporter"),
        ("photo", _PHOTO, f"{pictured} WHERE b.id % 10 < 3", None),
        ("message", _MESSAGE, f"{firsts_of} WHERE e.position = 1 AND e.complaint_id % 10 < 2", None),
    )
    for table, different, rows, like in steps:
        begun = time.perf_counter()
        columns = {**_columns(connection, like), **different} if like else different
        query = f"SELECT {', '.join(columns.values())} FROM {rows}"
        for sign, number in numbers.items():
            query = query.replace(sign, number)
        order = f"INSERT INTO {table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE {query}"
        connection.execute(SQL(order))  # type: ignore[arg-type]
        print(f"   {table} in {time.perf_counter() - begun:.0f} s", flush=True)


def _refer(connection: Connection, count: int, key: bytes) -> None:  # type: ignore[type-arg]
    """Give what is open, and one of each five hundred others, the number that people know it by."""
    wanted = connection.execute(
        "SELECT id FROM complaint WHERE (closed_at IS NULL OR id % 500 = 1) AND length(reference) > 9"
    )
    named = [(reference(number, key), number) for (number,) in wanted if number <= count]
    connection.execute("CREATE TEMPORARY TABLE named (reference text, id bigint) ON COMMIT DROP")
    with connection.cursor().copy("COPY named FROM STDIN") as sink:
        for row in named:
            sink.write_row(row)
    connection.execute("UPDATE complaint c SET reference = named.reference FROM named WHERE named.id = c.id")


def _named(columns: dict[str, str], rows: str, name: str) -> str:
    listed = ", ".join(f"{expression} AS {column}" for column, expression in columns.items())
    return f"(SELECT {listed} FROM {rows}) AS {name}"


def _columns(connection: Connection, table: str) -> dict[str, str]:  # type: ignore[type-arg]
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        (table,),
    )
    return {name: f"b.{name}" for (name,) in found}


def _one(connection: Connection, question: str) -> int:  # type: ignore[type-arg]
    row = connection.execute(SQL(question)).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row[0] or 0)


def _url() -> str:
    return db.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
