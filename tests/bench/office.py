"""A hundred officials at work at once: `cps serve` on the city that `tests.bench.desk` filled, and a hundred clients.

Each opens the queue, a report of it, writes a note, and goes on, with a pause to think of one to three seconds: as quick as
somebody who clears two hundred reports in twenty minutes.
"""

import http.client
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from cps.kernel.db import db
from cps.people.models import Person, Role
from tests.living import free_port

OFFICIALS = int(os.environ.get("BENCH_OFFICIALS", "100"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
_FORM = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Seen:
    """What the clients saw: seconds of each kind of answer, and what went wrong."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def measured(app: Flask, folder: Path, *, password: str) -> None:
    """Print p50, p95 and p99 of each kind of request, and how many went wrong."""
    with app.app_context():
        emails = db.session.scalars(
            select(Person.email).where(Person.role == Role.OFFICER).order_by(Person.id).limit(OFFICIALS)
        ).all()
        db.session.remove()
    port = free_port()
    environment = {
        **os.environ,
        "CPS_VAR": str(folder),
        "CPS_BASE_URL": "http://localhost",
        "CPS_DEMO": "yes",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "cps", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait(port)
        seen = _at_work(port, list(emails), password)
    finally:
        server.terminate()
        server.wait(30)
    for kind, taken in seen.taken.items():
        cuts = statistics.quantiles(taken, n=100)
        print(
            f"{len(emails)} at once: {kind:<8} {len(taken):>6} times  p50 {cuts[49] * 1000:6.1f}  "
            f"p95 {cuts[94] * 1000:6.1f}  p99 {cuts[98] * 1000:6.1f} ms",
            flush=True,
        )
    print(f"{len(emails)} at once: {len(seen.wrong)} went wrong{': ' + seen.wrong[0] if seen.wrong else ''}")


def _at_work(port: int, emails: list[str], password: str) -> Seen:
    seen, signed_in = Seen(), threading.Barrier(len(emails) + 1)
    threads = [
        threading.Thread(target=_work, args=(_Browser(port, seen), email, password, signed_in))
        for email in emails
    ]
    for thread in threads:
        thread.start()
    signed_in.wait(300)
    seen.taken.clear()  # signing in is not work
    for thread in threads:
        thread.join()
    return seen


class _Browser:
    """One connection with its cookies."""

    def __init__(self, port: int, seen: Seen) -> None:
        self._port, self._seen, self._cookie = port, seen, ""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def asks(self, kind: str, method: str, path: str, fields: dict[str, str] | None = None) -> str:
        """Send a request and return the page; what is not an answer is noted."""
        headers = {"Cookie": self._cookie, **(_FORM if fields is not None else {})}
        begun = time.perf_counter()
        try:
            self._connection.request(method, path, urlencode(fields or {}) if fields else None, headers)
            answer = self._connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._seen.wrong.append(f"{method} {path}: {error!r}")
            self._connection.close()
            return ""
        self._seen.taken.setdefault(kind, []).append(time.perf_counter() - begun)
        if answer.status not in (200, 303, 409):
            self._seen.wrong.append(f"{method} {path}: {answer.status}")
        if cookie := answer.getheader("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        return page


def _work(browser: _Browser, email: str, password: str, signed_in: threading.Barrier) -> None:
    chance = random.Random(email)
    page = browser.asks("sign in", "GET", "/desk/sign-in")
    browser.asks(
        "sign in", "POST", "/desk/session", {"email": email, "password": password, "csrf_token": _token(page)}
    )
    signed_in.wait(300)
    ends_at = time.monotonic() + SECONDS
    time.sleep(chance.uniform(0, 5))  # nobody sits down in the same second
    while time.monotonic() < ends_at:
        queue = browser.asks(
            "queue", "GET", f"/desk?view={chance.choice(('open', 'mine', 'new', 'overdue'))}"
        )
        time.sleep(chance.uniform(1, 3))
        links = [part.partition('"')[0] for part in queue.split('class="q-link" href="')[1:]]
        links = [link for link in links if "-" in link.rpartition("/")[2]]  # those with a real number
        if not links:
            continue
        link = chance.choice(links)
        screen = browser.asks("report", "GET", link)
        time.sleep(chance.uniform(1, 3))
        version = screen.partition('name="version" value="')[2].partition('"')[0]
        note = {"csrf_token": _token(screen), "version": version, "note": "On my way."}
        browser.asks("note", "POST", f"{link}/notes", note)
        time.sleep(chance.uniform(1, 3))


def _token(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/robots.txt")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server did not start")
