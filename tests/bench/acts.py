"""What a report's screen costs, and every act on it, in the city that `tests.bench.desk` filled; in one process."""

import statistics
import time
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from cps.complaints.conditions import IS_OPEN
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.people.models import Person

REPORTS = 200
_HEADERS = {"Sec-Fetch-Site": "same-origin"}
# In an order in which each can follow the one before.
ACTS = (
    ("notes", {"note": "The ladder is away."}),
    ("assignments", {"handler": ""}),
    ("extensions", {"count": "1", "reason": "Rain."}),
    ("questions", {"question": "Which lamp is it?"}),
    ("priorities", {"priority": "urgent", "reason": "Wires hang down."}),
    ("starts", {}),
    ("resolutions", {"result": "We changed the lamp."}),
)


def measured(app: Flask, client: FlaskClient) -> dict[str, float]:
    """Print p50, p95 and p99 of the screen and of each act; return each p95 in ms, by name."""
    with app.app_context():
        reports = _some(REPORTS)
    token = client.get("/desk").get_data(as_text=True).partition('name="csrf_token" value="')[2][:200]
    token = token.partition('"')[0]
    found = {"screen of a report": _timed(app, "screen of a report", _screens(client, reports))}
    for noun, fields in ACTS:
        found[noun] = _timed(app, noun, _posts(app, client, reports, noun, fields, token))
    return found


def _some(count: int) -> list[tuple[str, int]]:
    """Return so many public open reports that are not due yet, each with somebody who can handle it."""
    handler = select(func.min(Person.id)).where(Person.department_id == Complaint.department_id)
    query = select(Complaint.reference, handler.scalar_subquery()).where(
        IS_OPEN, Complaint.is_public, Complaint.status == Status.IN_PROGRESS, Complaint.due_at > func.now()
    )
    rows = db.session.execute(query.order_by(Complaint.due_at.desc()).limit(count)).all()
    db.session.remove()
    return [(named, handler_id) for named, handler_id in rows]


def _screens(client: FlaskClient, reports: list[tuple[str, int]]) -> Iterator[int]:
    for named, _handler in reports:
        yield client.get(f"/desk/complaints/{named}").status_code


def _posts(
    app: Flask,
    client: FlaskClient,
    reports: list[tuple[str, int]],
    noun: str,
    fields: dict[str, str],
    token: str,
) -> Iterator[int]:
    for named, handler in reports:
        with app.app_context():
            version = db.session.scalar(select(Complaint.version).where(Complaint.reference == named))
            db.session.remove()
        typed = {name: text or str(handler) for name, text in fields.items()}
        form = {"csrf_token": token, "version": str(version), **typed}
        yield (
            lambda named=named, form=form: (
                client.post(f"/desk/complaints/{named}/{noun}", data=form, headers=_HEADERS).status_code
            )
        )


def _timed(app: Flask, name: str, answers: Iterator[object]) -> float:
    seen: list[str] = []
    with app.app_context():
        engine = db.engine
    note = lambda _c, _cursor, statement, *_rest: seen.append(statement)  # noqa: E731 - a listener to take away again
    event.listen(engine, "before_cursor_execute", note)
    taken, most, refused = [], 0, 0
    while True:
        seen.clear()
        begun = time.perf_counter()
        answer = next(answers, None)
        if callable(answer):
            seen.clear()
            begun = time.perf_counter()
            answer = answer()
        if answer is None:
            break
        passed = (time.perf_counter() - begun) * 1000
        if answer not in (200, 303):
            refused += 1  # a category that wants a photo of the result; the answer is the screen, which is timed above
            continue
        taken.append(passed)
        most = max(most, len([one for one in seen if "FROM city" not in one]))
    event.remove(engine, "before_cursor_execute", note)
    cuts = statistics.quantiles(taken[5:], n=100)  # the first make what is only made once
    print(
        f"{name:<20} {len(taken):>5} times  p50 {cuts[49]:6.1f}  p95 {cuts[94]:6.1f}  p99 {cuts[98]:6.1f} ms"
        f"  {most} statements{f'  {refused} refused' if refused else ''}",
        flush=True,
    )
    return cuts[94]
