"""Tries are counted for all processes together, forgotten when their span is over, and let in when nobody counts."""

import os
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import func, select, text

from cps.kernel.db import db, is_ended
from cps.people import attempts
from cps.people.attempts import Attempt, Attempts
from tests.living import until


@pytest.fixture
def url(city, database_url):
    db.session.execute(text("DELETE FROM attempt"))
    db.session.commit()
    return database_url


def rows() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Attempt))


def pass_by(url: str, seconds: int) -> None:
    """Let all spans be so much older."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE attempt SET ends_at = ends_at - make_interval(secs => %s)", (seconds,))


def test_two_processes_count_together(url):
    here, there = Attempts(url), Attempts(url)

    assert [one.count("sign-in", times=1, seconds=60) for one in (here, there, here)] == [1, 2, 3]
    assert there.counted("sign-in")[0] == 3
    assert here.counted("another") == (0, pytest.approx(here.counted("another")[1], abs=5))


def test_none_is_lost_when_many_count_at_once(url):
    counters = [Attempts(url) for _process in range(4)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda turn: counters[turn % 4].count("x", times=1, seconds=60), range(200)))

    assert sorted(found) == list(range(1, 201))


def test_a_span_begins_with_its_first_try_and_is_forgotten_when_it_is_over(url):
    counter = Attempts(url)
    counter.count("x", times=5, seconds=60)
    pass_by(url, 50)

    assert counter.count("x", times=1, seconds=60) == 6
    pass_by(url, 11)
    assert counter.counted("x")[0] == 0
    assert counter.count("x", times=1, seconds=60) == 1


def test_what_is_over_is_swept(url):
    counter = Attempts(url)
    counter.count("old", times=1, seconds=60)
    pass_by(url, 61)
    counter.count("new", times=1, seconds=60)

    attempts.forget_attempts(0)
    db.session.commit()

    assert rows() == 1
    assert counter.counted("new")[0] == 1


def test_neither_addresses_nor_accounts_are_kept(url):
    Attempts(url).count("LIMITS:LIMITER/203.0.113.9/desk", times=1, seconds=60)

    with psycopg.connect(url) as connection:
        kept = connection.execute("SELECT a::text, encode(key, 'escape') FROM attempt a").fetchone()

    assert "203.0.113.9" not in "".join(kept)


def test_a_count_waits_for_no_disk(url):
    kind = db.session.scalar(text("SELECT relpersistence FROM pg_class WHERE oid = 'attempt'::regclass"))

    assert kind == "u"


def test_while_the_database_is_away_everybody_is_let_in(caplog):
    nowhere = Attempts("postgresql://127.0.0.1:1/none")

    assert nowhere.count("x", times=1, seconds=60) == 0
    assert nowhere.counted("x")[0] == 0
    assert not nowhere.answers()
    assert caplog.text.count("tries are not counted") == 1  # it was asked once


def test_a_connection_that_the_server_closed_is_opened_anew(url):
    counter = Attempts(url)
    counter.count("x", times=1, seconds=60)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (counter._connection.info.backend_pid,))
        until(lambda: is_ended(counter._connection), seconds=10, what="the connection to be closed")

        assert counter.count("x", times=1, seconds=60) == 2


def test_a_fork_opens_a_connection_of_its_own(url, monkeypatch):
    counter = Attempts(url)
    counter.count("x", times=1, seconds=60)
    before = counter._connection
    monkeypatch.setattr(counter, "_opened_by", os.getpid() + 1)

    assert counter.count("x", times=1, seconds=60) == 2
    assert counter._connection is not before
    before.close()
