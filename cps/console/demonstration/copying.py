"""Puts made-up lives into the database by COPY, with the same rows the verbs would have written.

Nothing is announced: these things happened before the demo began. It joins the caller's transaction.
"""

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection

from cps.complaints import joining, tracking
from cps.console.demonstration.arrivals import Report
from cps.console.demonstration.asked import Asked
from cps.console.demonstration.joined import Joined
from cps.console.demonstration.standing import Happening
from cps.console.demonstration.state import Life
from cps.kernel.references import reference

_COLUMNS = {
    "submission": "key, number",
    "complaint": "id, reference, submission_key, tracking_hash, version, status, category_id, department_id,"
    " area_id, assignee_id, latitude, longitude, landmark, words, language, is_public, is_demo, promise,"
    " received_at, due_at, acknowledge, acknowledge_by, acknowledged_at, seen_at, handover,"
    " came_from_id, accept_by, hops, bounces, priority, paused_since, pause_cause, waiting_since, closed_at,"
    " reopened_at, joined",
    "event": "complaint_id, position, kind, at, by_id, status, department_id, note, is_internal, details",
    "reporter": "complaint_id, email, phone, language, confirmed_at",
    "joining": "complaint_id, home_id, key, secret_hash, identity, email, language, joined_at",
    "subtask": "complaint_id, department_id, question, asked_by_id, asked_at, reply_by, extended_at,"
    " extension_reason, reply, replied_by_id, replied_at, withdrawn_at",
}
TABLES = tuple(_COLUMNS)

# https://www.postgresql.org/docs/current/sql-copy.html, "Text Format".
_NULL = r"\N"
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

Rows = dict[str, str]
"""The lines of one COPY for each table."""


def reserve(connection: Connection[Any], count: int) -> int:
    """Take `count` complaint numbers in a row; return the first."""
    # The lock keeps others from drawing numbers between the two calls.
    connection.execute("LOCK TABLE submission IN EXCLUSIVE MODE")
    row = connection.execute("SELECT nextval(pg_get_serial_sequence('submission', 'number'))").fetchone()
    assert row is not None
    first = int(row[0])
    connection.execute(
        "SELECT setval(pg_get_serial_sequence('submission', 'number'), %s)", (first + count - 1,)
    )
    return first


def copy(connection: Connection[Any], chunks: Iterable[Sequence[Life]], *, first: int, key: bytes) -> None:
    """Write the lives, numbered from `first` on; while one chunk is sent, the next is made up."""
    written: Future[None] | None = None
    with ThreadPoolExecutor(max_workers=1) as sender:
        for chunk in chunks:
            rows = _rows(chunk, first, key)
            first += len(chunk)
            if written is not None:
                written.result()
            written = sender.submit(_send, connection, rows)
        if written is not None:
            written.result()


def _send(connection: Connection[Any], rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, lines in rows.items():
            with cursor.copy(f"COPY {table} ({_COLUMNS[table]}) FROM STDIN") as sink:
                sink.write(lines)


def _rows(lives: Sequence[Life], first: int, key: bytes) -> Rows:
    submissions, complaints, events, reporters = [], [], [], []
    subtasks: list[str] = []
    joinings: list[str] = []
    for number, life in enumerate(lives, first):
        submission_key = uuid4()
        submissions.append(f"{submission_key}\t{number}\n")
        complaints.append(_complaint(life, number, submission_key, key))
        for position, happening in enumerate(life.history, 1):
            events.append(_event(happening, number, position))
        subtasks.extend(_subtask(asked, number) for asked in life.asked)
        joinings.extend(_joining(one, number, place) for place, one in enumerate(life.joined, 1))
        if life.report.has_contact:
            reporters.append(_reporter(life.report, number))
    return {
        "submission": "".join(submissions),
        "complaint": "".join(complaints),
        "event": "".join(events),
        "reporter": "".join(reporters),
        "joining": "".join(joinings),
        "subtask": "".join(subtasks),
    }


def _reporter(report: Report, number: int) -> str:
    confirmed_at = _moment(report.at if report.subject.confirms_contact else None)
    return f"{number}\tdemo.{number}@citizen.example\t{_NULL}\t{report.language}\t{confirmed_at}\n"


def _joining(joined: Joined, number: int, place: int) -> str:
    key, email = uuid4(), f"demo.{number}.{place}@citizen.example"
    secret_hash = tracking.hashed(joining.secret_for(key)).hex()
    return (
        f"{number}\t{number}\t{key}\t\\\\x{secret_hash}\t\\\\x{joining.identity_of(number, email).hex()}"
        f"\t{email}\t{joined.language}\t{_moment(joined.at)}\n"
    )


def _complaint(life: Life, number: int, submission_key: UUID, key: bytes) -> str:
    report, subject = life.report, life.report.subject
    secret_hash = tracking.hashed(tracking.secret_for(submission_key)).hex()
    return (
        f"{number}\t{reference(number, key)}\t{submission_key}\t\\\\x{secret_hash}\t{len(life.history)}"
        f"\t{life.status.value}\t{subject.id}\t{life.department}"
        f"\t{report.ward.id if report.ward else _NULL}\t{life.assignee.id if life.assignee else _NULL}"
        f"\t{_NULL if report.latitude is None else report.latitude}"
        f"\t{_NULL if report.longitude is None else report.longitude}"
        f"\t{report.landmark.translate(_ESCAPED)}\t{report.words.translate(_ESCAPED)}\t{report.language}"
        f"\t{'t' if subject.is_public else 'f'}\tt\t{life.promise}"
        f"\t{_moment(report.at)}\t{_moment(life.due_at)}"
        f"\t{life.acknowledge}\t{_moment(life.acknowledge_by)}\t{_moment(life.acknowledged_at)}"
        f"\t{_moment(life.seen_at)}"
        f"\t{life.handover.value}\t{life.came_from or _NULL}\t{_moment(life.accept_by)}"
        f"\t{life.hops}\t{life.bounces}\t{life.priority or _NULL}"
        f"\t{_moment(life.paused_since)}\t{life.pause_cause or _NULL}"
        f"\t{_moment(life.waiting_since)}\t{_moment(life.closed_at)}"
        f"\t{_moment(life.reopened_at)}\t{len(life.joined)}\n"
    )


def _event(happening: Happening, number: int, position: int) -> str:
    kind, at, by, status, department, note, is_internal, details = happening
    written = json.dumps(details, ensure_ascii=False).translate(_ESCAPED) if details else "{}"
    return (
        f"{number}\t{position}\t{kind.value}\t{_moment(at)}\t{by or _NULL}\t{status.value}\t{department}"
        f"\t{note.translate(_ESCAPED)}\t{'t' if is_internal else 'f'}\t{written}\n"
    )


def _subtask(asked: Asked, number: int) -> str:
    return (
        f"{number}\t{asked.department}\t{asked.question.translate(_ESCAPED)}\t{asked.asked_by.id}"
        f"\t{_moment(asked.asked_at)}\t{_moment(asked.reply_by)}\t{_moment(asked.extended_at)}"
        f"\t{asked.extension_reason.translate(_ESCAPED)}\t{asked.reply.translate(_ESCAPED)}"
        f"\t{asked.replied_by.id if asked.replied_by else _NULL}"
        f"\t{_moment(asked.replied_at)}\t{_moment(asked.withdrawn_at)}\n"
    )


def _moment(second: int | None) -> str:
    return _NULL if second is None else datetime.fromtimestamp(second, UTC).isoformat()
