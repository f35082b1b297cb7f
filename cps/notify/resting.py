"""A mail server that is away is left alone for a while, by all letters together: for longer each time, at most a quarter of an hour.

Else a thousand letters knock at a dead door one by one, each waits for it until its time is out, and photos wait behind them.
Each process knows it by itself: one that begins knocks once more.
"""

from datetime import datetime, timedelta
from typing import Final

from cps.kernel import clock

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
"""For how long it is left alone the first time, and at most."""
_DROPS_ENOUGH: Final = 3
"""After so many letters in a row that it broke off in the middle it is as good as away."""


class Rest:
    """How long one server is still left alone."""

    def __init__(self) -> None:
        self._until: datetime | None = None
        self._length = timedelta(0)
        self._drops = 0

    def left(self) -> timedelta | None:
        """Return how long it is still left alone; None if it can be tried."""
        if self._until is None:
            return None
        left = self._until - clock.now()
        return left if timedelta(0) < left <= LONGEST else None  # longer is a clock that was put back

    def begin(self) -> None:
        """Leave it alone from now on: it was found away."""
        self._length = min(max(2 * self._length, FIRST), LONGEST)
        self._until = clock.now() + self._length

    def note_drop(self) -> None:
        """Note that it broke off with a letter half handed over."""
        self._drops += 1
        if self._drops >= _DROPS_ENOUGH:
            self.begin()

    def end(self) -> None:
        """Note that it takes letters."""
        self._until, self._length, self._drops = None, timedelta(0), 0
