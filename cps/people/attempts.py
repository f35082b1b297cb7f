"""How often something was tried lately, counted for all processes of all hosts together.

The counts are in a table that is not logged: a write waits for no disk, and a database that crashed has forgotten them,
as a limit may. They are written on a connection of their own, for a refused request takes everything else back. The rule:
what cannot be counted is let in.
"""

import logging
import os
import time
from contextlib import suppress
from datetime import datetime
from threading import Lock
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import LargeBinary, delete, func
from sqlalchemy.orm import Mapped, mapped_column

from cps.kernel import jobs, keys
from cps.kernel.db import Base, db, is_ended

_KEY_BYTES: Final = 16
# By the database's clock, which is the same for all hosts.
_COUNT: Final = """
    INSERT INTO attempt AS a (key, times, ends_at) VALUES (%(key)s, %(times)s, now() + make_interval(secs => %(seconds)s))
    ON CONFLICT (key) DO UPDATE SET
        times = excluded.times + CASE WHEN a.ends_at > now() THEN a.times ELSE 0 END,
        ends_at = CASE WHEN a.ends_at > now() THEN a.ends_at ELSE excluded.ends_at END
    RETURNING times
"""
_COUNTED: Final = (
    "SELECT times, extract(epoch FROM ends_at)::float8 FROM attempt WHERE key = %(key)s AND ends_at > now()"
)
_OPTIONS: Final = "-c statement_timeout=1s -c lock_timeout=1s"
_CONNECTS_WITHIN_SECONDS: Final = 2
_RESTS_SECONDS: Final = 3.0

_LOG = logging.getLogger(__name__)


class Attempt(Base):
    """How often something was tried in a span of time that ends then; `key` says of what and whose, to nobody else."""

    __tablename__ = "attempt"
    __table_args__ = {"prefixes": ["UNLOGGED"], "postgresql_with": {"fillfactor": 50}}  # noqa: RUF012 - SQLAlchemy's

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    times: Mapped[int]
    ends_at: Mapped[datetime]


class Attempts:
    """Counts at the database of `url`, a question at a time; one of them for each process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[Any] | None = None
        self._opened_by = 0
        self._rests_until = 0.0
        self._one_at_a_time = Lock()

    def count(self, what: str, *, times: int, seconds: float) -> int:
        """Count that something was tried so many times more; return how often it was in this span of `seconds`."""
        row = self._asked(_COUNT, {"key": _key(what), "times": times, "seconds": seconds})
        return int(row[0]) if row else 0

    def counted(self, what: str) -> tuple[int, float]:
        """Return how often it was tried, and when its span ends, in seconds since 1970; (0, now) if it was not lately."""
        row = self._asked(_COUNTED, {"key": _key(what)})
        return (int(row[0]), float(row[1])) if row else (0, time.time())

    def forget(self, what: str | None = None) -> None:
        """Forget how often this was tried, or everything."""
        if what is None:
            self._asked("DELETE FROM attempt", {})
        else:
            self._asked("DELETE FROM attempt WHERE key = %(key)s", {"key": _key(what)})

    def answers(self) -> bool:
        """Whether it can be counted at the moment."""
        return self._asked("SELECT 1", {}) is not None

    def _asked(self, query: str, values: dict[str, Any]) -> Any:
        """Return the row that a query gives; None if there is none, or if the database does not answer."""
        with self._one_at_a_time:
            if time.monotonic() < self._rests_until:
                return None
            try:
                cursor = self._open().execute(query, values)
                return cursor.fetchone() if cursor.description else None
            except psycopg.Error as error:
                self._rests_until = time.monotonic() + _RESTS_SECONDS
                self._close()
                _LOG.warning("tries are not counted at the moment: %s", str(error).strip().partition("\n")[0])
                return None

    def _open(self) -> psycopg.Connection[Any]:
        if self._opened_by != os.getpid():  # a fork must not close what belongs to its parent either
            self._opened_by, self._connection = os.getpid(), None
        if self._connection is None or self._connection.closed or is_ended(self._connection):
            self._close()
            where = make_conninfo(self._url, connect_timeout=_CONNECTS_WITHIN_SECONDS, options=_OPTIONS)
            self._connection = psycopg.connect(where, autocommit=True)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None and self._opened_by == os.getpid():
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None

    def __del__(self) -> None:
        self._close()


@jobs.app.periodic(cron="7 * * * *")
@jobs.app.task(name="forget_attempts", queueing_lock="forget_attempts", pass_context=False)
def forget_attempts(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Forget what was tried in spans that are over."""
    db.session.execute(delete(Attempt).where(Attempt.ends_at < func.now()))


def _key(what: str) -> bytes:
    # Addresses of people are part of what is counted, and are not kept.
    return keys.derived("attempt", what.encode(), size=_KEY_BYTES)
