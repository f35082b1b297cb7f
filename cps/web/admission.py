"""Who is answered when more come than can be: whoever has waited too long for it is told at once to come again.

Nothing is lost by that: a phone keeps its report and sends it again with the same key. Reports and the desk go before pages, and
these before the pieces of photos, which wait on phones; in a crowd no network takes more than its part. Where there
is no crowd nobody is turned away, whatever comes.
"""

import logging
import math
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from flask import Flask

from cps.observe import counts
from cps.web import pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOG = logging.getLogger(__name__)

# Seconds that a request waits for a thread. From `_LONG` on there may be a crowd; in a crowd nobody is answered who waited longer.
_LONG: Final = 0.1
_MOST_FOR_REPORTS, _MOST_FOR_PAGES, _MOST_FOR_PHOTOS = 0.35, 0.25, _LONG
# What comes in a burst is answered, if later; a crowd is there when nobody was answered soon for so many seconds ...
_STANDING: Final = 1.0
# ... and is gone when nobody has waited long for so many.
_GONE: Final = 10.0
# The part of one network, a /24 or /64, of all that came lately: many phones share the address of their provider.
_PART, _FEW = 0.1, 20
_LATELY: Final = 10.0
_MOST_NETWORKS: Final = 20_000
# Those who are turned away shall not come again all at once.
_COME_AGAIN_SECONDS: Final = (10, 40)
_TOLD_EVERY_SECONDS: Final = 10.0
_NEVER_TURNED_AWAY: Final = ("/health", "/metrics")
_FILING, _DESK = "/complaints", "/desk"

_WAITING = threading.local()


def waited(seconds: float) -> None:
    """Say for how long the request that this thread answers next has waited for it; a server that does not knows no crowd."""
    _WAITING.seconds = seconds


def init_app(app: Flask) -> None:
    """Stand before the application; to be called when all that watches it stands there already."""
    app.wsgi_app = _Door(app)  # type: ignore[method-assign] # Flask's own way to wrap it


class Crowd:
    """Whether there is one, and who makes it; all moments are seconds of one clock that only goes forward."""

    def __init__(self) -> None:
        self.is_there = False
        self._long_since: float | None = None
        self._last_long = -math.inf
        self._came: Counter[str] = Counter()
        self._came_before: Counter[str] = Counter()
        self._turned_at = -math.inf

    def admits(self, network: str, *, waited: float, most: float, now: float) -> bool:
        """Note that somebody came and say whether to answer; `most`: how long such a request may have waited in a crowd."""
        self._note(network, now)
        self._look(waited, now)
        if not self.is_there or waited < _LONG:
            return True
        return waited < most and not self._is_loud(network)

    def _look(self, waited: float, now: float) -> None:
        if waited >= _LONG:
            self._last_long = now
            if self._long_since is None:
                self._long_since = now
            self.is_there = self.is_there or now - self._long_since > _STANDING
        else:
            self._long_since = None
            self.is_there = self.is_there and now - self._last_long <= _GONE

    def _note(self, network: str, now: float) -> None:
        if now - self._turned_at > _LATELY or len(self._came) > _MOST_NETWORKS:
            self._came_before, self._came, self._turned_at = self._came, Counter(), now
        self._came[network] += 1

    def _is_loud(self, network: str) -> bool:
        mine = self._came[network] + self._came_before[network]
        return mine > _FEW and mine > _PART * (self._came.total() + self._came_before.total())


def network_of(address: str) -> str:
    """Return what neighbours share of an address: the first three numbers, or the first four groups of IPv6."""
    head, dot, _last = address.rpartition(".")
    return head if dot and ":" not in address else ":".join(address.split(":")[:4])


class _Door:
    """The application, with somebody who counts before it."""

    def __init__(self, app: Flask) -> None:
        self._app, self._application = app, app.wsgi_app
        self._crowd = Crowd()
        self._turned_away, self._told_at = 0, -math.inf
        self._page, self._headers = b"", list[tuple[str, str]]()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        waited, now = getattr(_WAITING, "seconds", 0.0), time.monotonic()
        network = network_of(environ.get("REMOTE_ADDR", ""))
        if self._crowd.admits(network, waited=waited, most=_most(environ), now=now):
            application: WSGIApplication = self._application
            return application(environ, start_response)
        return self._come_again(environ, start_response, now)

    def _come_again(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", now: float
    ) -> Iterable[bytes]:
        self._tell(environ, now)
        if not self._page:
            self._page, self._headers = self._made()
        seconds = str(random.randint(*_COME_AGAIN_SECONDS))  # noqa: S311 - spread, not secret
        start_response("503 Service Unavailable", [*self._headers, ("Retry-After", seconds)])
        return (self._page,)

    def _made(self) -> tuple[bytes, list[tuple[str, str]]]:
        """Make the answer for all of them, with the headers of every page, as one that nobody in particular asked for."""
        with self._app.test_request_context(_NEVER_TURNED_AWAY[0]):
            response = self._app.process_response(pages.plain_refusal(503))
            own = ("Set-Cookie", "Retry-After")  # of each answer alone
            return response.get_data(), [head for head in response.headers if head[0] not in own]

    def _tell(self, environ: "WSGIEnvironment", now: float) -> None:
        method = environ.get("REQUEST_METHOD", "")
        counts.request("turned_away", method if method in ("GET", "POST", "PATCH") else "other", 503, 0.0)
        if _is_filing(environ):
            counts.filing("failed", "")
        self._turned_away += 1
        if now - self._told_at > _TOLD_EVERY_SECONDS:
            _LOG.warning("%s requests were turned away: more came than can be answered", self._turned_away)
            self._turned_away, self._told_at = 0, now


def _most(environ: "WSGIEnvironment") -> float:
    path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
    if path.startswith(_NEVER_TURNED_AWAY):
        return math.inf
    if method == "PATCH":
        return _MOST_FOR_PHOTOS
    return _MOST_FOR_REPORTS if _is_filing(environ) or path.startswith(_DESK) else _MOST_FOR_PAGES


def _is_filing(environ: "WSGIEnvironment") -> bool:
    return environ.get("REQUEST_METHOD") == "POST" and environ.get("PATH_INFO") == _FILING
