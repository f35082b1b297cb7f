"""Kill -9 in the middle of filing: nothing acknowledged is lost, nothing is doubled.

Citizens write down each key before they send and each number they are given; whoever gets no answer
sends the same form again. The gate kills a few times, `make storm` often (KILLS=…).
"""

import http.client
import os
import random
import signal
import threading
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import psycopg
import pytest

from tests.living import Living, a_folder, living, until

KILLS = int(os.environ.get("CPS_KILLS", "6"))
CITIZENS = 4
_SEND_SECONDS = 120

pytestmark = pytest.mark.xdist_group("living")


class Citizen(threading.Thread):
    """Files one report after the other until told to stop; keeps a ledger of what was acknowledged."""

    def __init__(self, base_url: str, stop: threading.Event) -> None:
        super().__init__()
        self.base_url, self.stop = base_url, stop
        self.ledger: dict[str, str] = {}
        self.failures: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            key = str(uuid4())
            location = until(lambda key=key: self._sent(key), seconds=_SEND_SECONDS, what="an answer")
            self.ledger[key] = location

    def _sent(self, key: str) -> str | None:
        address = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
        try:
            connection.request("POST", "/complaints", _form(key), _HEADERS)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status == 303:
            return str(answer.headers["Location"])
        if answer.status != 503:
            self.failures.append(f"{answer.status}")
        return None


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled():
    with a_folder() as var, living(var, complaints=0) as city:
        ledger, failures = _storm(city)
        with psycopg.connect(city.database_url(), autocommit=True) as connection:
            rows = connection.execute(
                "SELECT s.key::text, count(DISTINCT c.id), count(e.id) FROM submission s"
                " LEFT JOIN complaint c ON c.submission_key = s.key"
                " LEFT JOIN event e ON e.complaint_id = c.id AND e.kind <> 'alarmed' GROUP BY s.key"
            ).fetchall()
            stored = {key: (complaints, events) for key, complaints, events in rows}
            until(
                lambda: _letters(connection)[0] == len(stored), seconds=90, what="a letter for every report"
            )
            letters, doubled = _letters(connection)

    assert failures == []
    assert len(ledger) > KILLS
    assert set(ledger) <= set(stored)
    assert set(stored.values()) == {(1, 1)}
    assert len(set(ledger.values())) == len(ledger)
    assert (letters, doubled) == (len(stored), 0)


def _storm(city: Living) -> tuple[dict[str, str], list[str]]:
    stop, chance = threading.Event(), random.Random(20150401)
    citizens = [Citizen(city.base_url, stop) for _ in range(CITIZENS)]
    for citizen in citizens:
        citizen.start()
    try:
        for turn in range(KILLS):
            before = sum(len(citizen.ledger) for citizen in citizens)
            _kill(city, ("web", "worker", "web child", "backend")[turn % 4], chance)
            until(
                lambda before=before: sum(len(citizen.ledger) for citizen in citizens) >= before + 20,
                seconds=60,
                what="filing to go on after a kill",
            )
    finally:
        stop.set()
        for citizen in citizens:
            citizen.join()
    return (
        {key: place for citizen in citizens for key, place in citizen.ledger.items()},
        [failure for citizen in citizens for failure in citizen.failures],
    )


def _kill(city: Living, victim: str, chance: random.Random) -> None:
    if victim == "backend":
        with psycopg.connect(city.database_url(), autocommit=True) as connection:
            pids = [
                pid
                for (pid,) in connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                )
            ]
    else:
        child = until(
            lambda: _children(city.process.pid, victim.split(maxsplit=1)[0]), seconds=30, what=victim
        )[0]
        pids = until(lambda: _family(child), seconds=30, what=victim) if victim.endswith("child") else [child]
    if pids:
        _end(chance.choice(pids))


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself between the look and the kill


def _children(parent: int, kind: str) -> list[int]:
    word = {"web": "serve", "worker": "work"}[kind]
    return [pid for pid in _family(parent) if word in _command(pid)]


def _family(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def _letters(connection: psycopg.Connection) -> tuple[int, int]:
    row = connection.execute(
        "SELECT count(*), count(*) - count(DISTINCT event_id) FROM message"
        # Officials may get their digests meanwhile, and hear that many report the same at once.
        " WHERE state = 'kept' AND event_id IN (SELECT id FROM event WHERE kind <> 'alarmed')"
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _form(key: str) -> str:
    return urlencode(
        {
            "key": key,
            "category": "street-light",
            "latitude": "21.0287",
            "longitude": "105.8523",
            "landmark": "cạnh tháp bút",
            "words": "Đèn đường không sáng.",
            "contact": "ana@citizen.example",
        }
    )


_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def test_a_worker_that_is_told_to_end_ends_at_once():
    with a_folder() as var, living(var, complaints=0) as city:
        worker = until(lambda: _children(city.process.pid, "worker"), seconds=30, what="a worker")[0]
        with psycopg.connect(city.database_url(), autocommit=True) as connection:
            until(
                lambda: connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()[0] == 2,
                seconds=30,
                what="both queues to be worked on",
            )

        os.kill(worker, signal.SIGTERM)

        until(lambda: worker not in _children(city.process.pid, "worker"), seconds=10, what="its end")
