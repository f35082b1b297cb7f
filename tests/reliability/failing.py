"""A database that fails at one question, for real: it gives up a statement, or ends the connection before or after it.

After each failure the database stands wholly as before or wholly as after, and whoever asks again gets what they wanted.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import text

from cps.kernel.db import db
from tests.conftest import _EMPTIED, _WITH_WHAT_POINTS_TO_IT
from tests.reliability.steps import DATABASE, Eye

Standing = dict[str, tuple[int, str]]


class Failure(StrEnum):
    """What becomes of a question to the database."""

    GIVEN_UP = "given up"  # the server answers, but not this: a lock, a limit of time, a full disk
    LOST = "lost"  # the connection ends before it is answered
    UNTOLD = "untold"  # it is done, and the connection ends before that is told


class Failing(Eye):
    """Lets the n-th question to the database fail, and no other."""

    def __init__(self, app: Flask, at: int, failure: Failure) -> None:
        self.at, self.failure, self.done, self.failed_at = at, failure, 0, ""
        self._url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("+psycopg", "")

    def step(self, kind: str, name: str, call: Callable[[], Any], connection: Any = None) -> Any:
        """Do it, unless it is the one that fails."""
        if kind != DATABASE or (self.failed_at and self.done == self.at):
            return call()
        self.done += 1
        if self.done != self.at:
            return call()
        self.failed_at = f"{self.done}: {name} {self.failure}"
        return {Failure.GIVEN_UP: self._given_up, Failure.LOST: self._lost, Failure.UNTOLD: self._untold}[
            self.failure
        ](name, call, connection)

    def _given_up(self, name: str, _call: Callable[[], Any], connection: psycopg.Connection) -> Any:
        if name == "COMMIT":
            connection.rollback()
            raise psycopg.errors.DiskFull("could not extend file: No space left on device")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1")
            cursor.execute("SELECT pg_sleep(10)")

    def _lost(self, _name: str, call: Callable[[], Any], connection: psycopg.Connection) -> Any:
        self._end(connection)
        call()
        raise AssertionError("a connection that was ended still answers")

    def _untold(self, _name: str, call: Callable[[], Any], connection: psycopg.Connection) -> Any:
        call()
        self._end(connection)
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    def _end(self, connection: psycopg.Connection) -> None:
        with psycopg.connect(self._url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])


class Counting(Eye):
    """Does everything, counts the questions to the database, and looks how it stands after each transaction."""

    def __init__(self, app: Flask) -> None:
        self.names: list[str] = []
        self.stages: list[dict[str, int]] = []
        self._app, self._is_looking = app, False

    def step(self, kind: str, name: str, call: Callable[[], Any], connection: Any = None) -> Any:
        """Do it."""
        result = call()
        if kind == DATABASE and not self._is_looking:
            self.names.append(name)
            if name == "COMMIT":
                self._look()
        return result

    def _look(self) -> None:
        self._is_looking = True
        try:
            with self._app.app_context():
                self.stages.append(counts(standing()))
        finally:
            self._is_looking = False


def standing() -> Standing:
    """Return how many rows each table has that tests empty, and a mark of what they say."""
    db.session.rollback()
    rows = db.session.execute(text(_query())).all()
    db.session.rollback()
    return {row.name: (row.rows, row.mark) for row in rows}


def counts(stands: Standing) -> dict[str, int]:
    """Return the counts alone."""
    return {name: rows for name, (rows, _mark) in stands.items()}


def more(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    """Return what is more by how much."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


# What is no part of what anybody asked for: who looks at what, and the queue's own diary.
_NOT_COUNTED = ("viewer", "procrastinate_events", "denial")
_QUERY: list[str] = []


def _query() -> str:
    if not _QUERY:
        found = db.session.scalars(text(_WITH_WHAT_POINTS_TO_IT), {"names": _EMPTIED}).all()
        tables = [name for name in found if not name.endswith(_NOT_COUNTED)]
        _QUERY.append(
            " UNION ALL ".join(
                f"SELECT '{name}' AS name, count(*) AS rows, md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), ''))"
                f" AS mark FROM {name} t"
                for name in tables
            )
        )
    return _QUERY[0]


@contextmanager
def nothing_held(app: Flask) -> Iterator[None]:
    """Expect that no connection is in anybody's hands after the block, and none is left in a transaction."""
    yield
    with app.app_context():
        db.session.rollback()
        assert db.engine.pool.checkedout() == 0
        idle = text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
        assert db.session.scalar(idle) == 0
        db.session.rollback()
