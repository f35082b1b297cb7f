"""The replica: a copy of the database that follows the primary, for reading what may be some seconds old.

The rule: nothing is read there by itself. Who may lag says so for the session (`read`), and is then answered by the
replica only while it is known to be less than so many seconds behind: marks are set in the primary's log, and the replica is
as old as the newest mark that it has reached. No clock is compared, and no right beyond reading is needed. Without an
answer, too far behind or promoted it is left, looked at in the background, and used again when it has caught up.
"""

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, exc, text

from cps.kernel.db import READS, Session, db

NAME: Final = "replica"
"""The name of its engine among the binds."""

CONNECTING: Final = {
    "connect_timeout": 2,  # seconds; libpq knows no less
    "tcp_user_timeout": 3000,  # milliseconds: a machine that is gone is known as gone
}

_LOG = logging.getLogger(__name__)
_LOOK_EACH_SECONDS: Final = 1.0
_TRY_EACH_SECONDS: Final = 3.0
_MARKS: Final = 400

_SET = text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
_REACHED = text("SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') WHERE pg_is_in_recovery()")


@dataclass(frozen=True)
class _Mark:
    at: float  # monotonic seconds
    place: int  # bytes of the primary's log


class Replica:
    """One replica as this process knows it."""

    def __init__(self, engine: Engine, primary: Engine, most_seconds: int) -> None:
        self.engine, self._primary, self._most = engine, primary, most_seconds
        self._marks: deque[_Mark] = deque(maxlen=_MARKS)
        self._as_of = self._looked_at = float("-inf")
        self._is_left = False
        self._looking = threading.Lock()

    def is_fresh(self) -> bool:
        """Whether it is known to be recent enough at this moment; looks, at most once a second."""
        if time.monotonic() - self._looked_at < (_TRY_EACH_SECONDS if self._is_left else _LOOK_EACH_SECONDS):
            return not self._is_left and self._is_recent()
        if not self._looking.acquire(blocking=False):
            return not self._is_left and self._is_recent()  # somebody else looks just now
        self._looked_at = time.monotonic()
        if self._is_left:
            threading.Thread(target=self._look_and_release, name="replica", daemon=True).start()
            return False
        self._look_and_release()
        return not self._is_left

    def leave(self, why: object) -> None:
        """Read from the primary until it has been looked at again."""
        if not self._is_left:
            _LOG.warning("the replica is left, the primary is read: %s", why)
        self._is_left, self._looked_at = True, time.monotonic()

    @property
    def behind_seconds(self) -> float:
        """How old what it holds may be, at most."""
        return time.monotonic() - self._as_of

    def _is_recent(self) -> bool:
        return self.behind_seconds <= self._most

    def _look_and_release(self) -> None:
        try:
            self._look()
        finally:
            self._looking.release()

    def _look(self) -> None:
        try:
            # First the mark and then the replica: what it has reached by then is what stood in the log before.
            self._marks.append(_Mark(time.monotonic(), _place(self._primary, _SET) or 0))
            reached = _place(self.engine, _REACHED)
        except (exc.DBAPIError, exc.TimeoutError) as error:
            self.leave(str(getattr(error, "orig", error)).strip().partition("\n")[0])
            return
        if reached is None:
            self.leave("it follows no primary any more")
            return
        self._as_of = max([self._as_of, *(mark.at for mark in self._marks if mark.place <= reached)])
        if not self._is_recent():
            self.leave(f"it is more than {self._most} s behind")
        elif self._is_left:
            _LOG.warning("the replica has caught up and is read again")
            self._is_left = False


_REPLICAS: WeakKeyDictionary[Engine, Replica] = WeakKeyDictionary()


def use(*, most_seconds: int) -> None:
    """Know the replica of this application, which may be so many seconds behind."""
    _REPLICAS[db.engine] = Replica(db.engines[NAME], db.engine, most_seconds)


def known() -> Replica | None:
    """Return the replica, if there is one."""
    return _REPLICAS.get(db.engine)


def read() -> bool:
    """Let this session read from the replica from now on, if that is fresh; say whether it does."""
    replica = known()
    if replica is None or not replica.is_fresh():
        return False
    _session().info[READS] = replica.engine
    return True


def is_read() -> bool:
    """Whether this session reads from the replica."""
    return READS in _session().info


def stop_reading() -> None:
    """Let this session read from the primary again."""
    _session().info.pop(READS, None)


def _session() -> Session:
    return cast("Session", db.session())


def _place(engine: Engine, question: Any) -> int | None:
    with engine.connect() as connection:
        found = connection.scalar(question)
    return None if found is None else int(found)
