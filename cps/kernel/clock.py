"""The one place that knows what time it is.

Everything else asks `now()`, so that a test can stand at nine o'clock on a Monday for ever. It is the time of the
database, which is one for all machines: whoever looks there tells it here, and from then on only what passes is counted.
So a machine whose clock is wrong, or is put right in the middle of a request, dates nothing wrongly.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_ENOUGH: Final = timedelta(seconds=1)  # less is the way of an answer, and time must not go to and fro

_standing_at: ContextVar[datetime | None] = ContextVar("standing_at", default=None)


@dataclass(frozen=True)
class _Told:
    """What the database said, and how long this machine had been up by then."""

    at: datetime
    uptime: float


_told: list[_Told] = []


def now() -> datetime:
    """Return the present moment in UTC, with its zone."""
    return _standing_at.get() or running()


def running() -> datetime:
    """Return the present moment though a test holds the clock: for what others wait for, who do not know of it."""
    if not _told:
        return datetime.now(UTC)
    [told] = _told
    return told.at + timedelta(seconds=_uptime() - told.uptime)


def of_this_machine() -> datetime:
    """Return what this machine takes for the present moment, for who looks whether it is right."""
    return _standing_at.get() or datetime.now(UTC)


def tell(at: datetime) -> None:
    """Say what time it is at the database just now."""
    if abs(at - running()) > _ENOUGH or not _told:
        _told[:] = [_Told(at.astimezone(UTC), _uptime())]


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (with a zone) within the block, in this context only."""
    token = _standing_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _standing_at.reset(token)


def _uptime() -> float:
    # With what was slept through; no clock that anybody can set.
    return time.clock_gettime(time.CLOCK_BOOTTIME)
