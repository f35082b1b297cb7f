"""What was seen last, for some seconds: looking asks other servers, and many may ask for it."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

_TRUSTED_SECONDS = 15
_Seen = TypeVar("_Seen")


class Kept(Generic[_Seen]):
    """What the last look saw; `unseen` while the first one lasts.

    One request looks; the others meanwhile get what was seen before, so that a mail server that hangs holds up one
    thread and not all of them.
    """

    def __init__(self, look: Callable[[], _Seen], *, unseen: _Seen) -> None:
        self._look = look
        self._looking = Lock()
        self._seen = unseen
        self._looked_at = float("-inf")

    def seen(self) -> _Seen:
        """Return what was seen, looking anew if that is old."""
        is_old = time.monotonic() - self._looked_at > _TRUSTED_SECONDS
        if is_old and self._looking.acquire(blocking=False):
            try:
                self._seen = self._look()
                self._looked_at = time.monotonic()
            finally:
                self._looking.release()
        return self._seen
