"""How the installation is: for load balancers, monitoring and `cps doctor`.

`/health/live` answers while the process does, `/health/ready` says whether it can answer people, and `/health` how
every part is: to everybody in a word each, with its sentences to who has the operator's token.
"""

import hmac
import time
from threading import Lock

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from cps.health import looks
from cps.health.finding import Finding, State, worst
from cps.settings import Settings
from cps.web.forms import protection

_TRUSTED_SECONDS = 15
_RETRY_AFTER_SECONDS = "10"


def blueprint(settings: Settings) -> Blueprint:
    """Return the addresses under /health."""
    health = Blueprint("health", __name__, url_prefix="/health")
    protection.exempt(health)
    kept = _Kept(settings)
    health.get("/live", endpoint="live")(_live)
    health.get("/ready", endpoint="ready")(lambda: _ready(settings))
    health.get("", endpoint="all")(lambda: _all(kept, settings))
    return health


class _Kept:
    """The last look at everything, for some seconds: it asks other servers, and many may ask for it.

    One request looks; the others meanwhile get what was seen before, so that a mail server that hangs holds up one
    thread and not all of them.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._looking = Lock()
        self._found: list[Finding] = []
        self._looked_at = float("-inf")

    def findings(self) -> list[Finding]:
        """Return what was seen; nothing while the first look lasts."""
        is_old = time.monotonic() - self._looked_at > _TRUSTED_SECONDS
        if is_old and self._looking.acquire(blocking=False):
            try:
                self._found = looks.everything(self._settings)
                self._looked_at = time.monotonic()
            finally:
                self._looking.release()
        return self._found


def _live() -> ResponseReturnValue:
    return _plain("live", 200)


def _ready(settings: Settings) -> ResponseReturnValue:
    return _plain("ready", 200) if looks.ready(settings) else _plain("not ready", 503)


def _all(kept: _Kept, settings: Settings) -> ResponseReturnValue:
    found = kept.findings()
    if not found:
        return _plain("looking", 503)
    state = worst(found)
    is_told = _has_token(settings)
    parts = [one.as_json() if is_told else {"name": one.name, "state": one.state.value} for one in found]
    response = jsonify(status=state.value, parts=parts)
    response.status_code = 503 if state is State.FAULT else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def _has_token(settings: Settings) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    return bool(settings.health_token) and hmac.compare_digest(given.encode(), settings.health_token.encode())


def _plain(words: str, status: int) -> Response:
    response = Response(f"{words}\n", status=status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
    return response
