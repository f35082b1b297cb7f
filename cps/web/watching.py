"""Watching requests: each has an id, is counted, and leaves one line that names its endpoint and nothing it was asked.

Neither addresses nor queries are said: they hold private links and what people typed.
"""

import logging
import re
import time
from collections.abc import Iterable
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, request

from cps.observe import counts, doing, spans

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOG = logging.getLogger("cps.requests")
_ENDPOINT, _FILING = "cps.endpoint", "cps.filing"
# As nginx's $request_id and as UUIDs are: there is no room in them for words or telephone numbers.
_ID: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"))
_UNKNOWN, _OTHER = "none", "other"
_NO_NEWS: Final = ("static", "health.")  # asked for all day long; a line only if it fails
_FILES: Final = ("citizen.file", "desk.create_report")
_REFUSED_BY: Final = {403: "forged", 413: "too_large", 429: "too_many"}


def init_app(app: Flask) -> None:
    """Watch every request; to be called before anything else that looks at requests."""
    app.wsgi_app = _Watched(app.wsgi_app)  # type: ignore[method-assign] # Flask's own way to wrap it
    app.before_request(_learn_endpoint)


def number() -> str:
    """Return what a person can quote so that the lines of this request are found: the beginning of its id."""
    return str(doing.facts().get("request", ""))[:8]


def filing(outcome: str, reason: str = "") -> None:
    """Note what became of the report that this request hands in; counted when it is answered."""
    request.environ[_FILING] = (outcome, reason)


class _Watched:
    """The application, with an eye on every request."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        begun, status = time.perf_counter(), 500
        given = environ.get("HTTP_X_REQUEST_ID", "")
        key = given if _ID.fullmatch(given) else token_hex(16)
        method = environ.get("REQUEST_METHOD", "")
        method = method if method in _METHODS else _OTHER

        def start(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            headers.append(("X-Request-Id", key))
            return start_response(line, headers, *error)

        with doing.this(request=key, method=method, endpoint=_UNKNOWN), counts.in_flight(), spans.request():
            try:
                return self._application(environ, start)
            finally:
                _ended(environ, method, status, time.perf_counter() - begun)


def _learn_endpoint() -> None:
    endpoint = request.endpoint or _UNKNOWN
    request.environ[_ENDPOINT] = endpoint
    doing.learn(endpoint=endpoint)


def _ended(environ: "WSGIEnvironment", method: str, status: int, seconds: float) -> None:
    endpoint = environ.get(_ENDPOINT, _UNKNOWN)
    counts.request(endpoint, method, status, seconds)
    spans.name_request(endpoint, method, status)
    if endpoint in _FILES and method == "POST":
        _count_filing(environ.get(_FILING), status)
    if status < 400 and endpoint.startswith(_NO_NEWS):
        return
    _LOG.info("answered", extra={"facts": {"status": status, "ms": round(seconds * 1000, 1)}})


def _count_filing(noted: tuple[str, str] | None, status: int) -> None:
    """Count by what was answered: what was stored counts only if that was said."""
    if status >= 500:
        counts.filing("failed", "")
    elif noted is not None:
        counts.filing(*noted)
    elif status >= 400:
        counts.filing("refused", _REFUSED_BY.get(status, "form"))
