"""How the installation is: for load balancers, monitoring and `cps doctor`.

`/health/live` answers while the process does, `/health/ready` says whether it can answer people, and `/health` how
every part is: to everybody in a word each, with its sentences to who has the operator's token. `/metrics` is there
for Prometheus, if the operator gave it a token.
"""

import hmac
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from cps.health import looks
from cps.health.finding import Finding, State, worst
from cps.health.kept import Kept
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.settings import Settings
from cps.web.forms import protection

_RETRY_AFTER_SECONDS = "10"
_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


def blueprint(settings: Settings) -> Blueprint:
    """Return the addresses for programs that watch."""
    health = Blueprint("health", __name__)
    protection.exempt(health)
    kept = Kept[list[Finding]](lambda: looks.everything(settings), unseen=[])
    health.get("/health/live", endpoint="live")(_live)
    health.get("/health/ready", endpoint="ready")(lambda: _ready(settings))
    health.get("/health", endpoint="all")(lambda: _all(kept, settings))
    if settings.metrics_token:
        _add_metrics(health, kept, settings.metrics_token)
    return health


def _add_metrics(health: Blueprint, kept: Kept[list[Finding]], token: str) -> None:
    figures = import_module("cps.health.figures")  # with a package that is loaded only where it is wanted
    open_reports = Kept[Mapping[str, int]](lambda: _open_reports(figures), unseen={})

    def metrics() -> ResponseReturnValue:
        if not _has_token(token):
            return Response("Send the token of CPS_METRICS_TOKEN.\n", 401, {"WWW-Authenticate": "Bearer"})
        response = Response(figures.written(kept.seen(), open_reports.seen()), content_type=_FORMAT)
        response.headers["Cache-Control"] = "no-store"
        return response

    health.get("/metrics", endpoint="metrics")(metrics)


def _open_reports(figures: Any) -> Mapping[str, int]:
    """Count the open reports; nothing where the database does not answer, which the looks say."""
    try:
        found: Mapping[str, int] = figures.open_by_due()
    except (DBAPIError, Unusable):
        with suppress(DBAPIError):
            db.session.rollback()
        return {}
    return found


def _live() -> ResponseReturnValue:
    return _plain("live", 200)


def _ready(settings: Settings) -> ResponseReturnValue:
    return _plain("ready", 200) if looks.ready(settings) else _plain("not ready", 503)


def _all(kept: Kept[list[Finding]], settings: Settings) -> ResponseReturnValue:
    found = kept.seen()
    if not found:
        return _plain("looking", 503)
    state = worst(found)
    is_told = _has_token(settings.health_token)
    parts = [one.as_json() if is_told else {"name": one.name, "state": one.state.value} for one in found]
    response = jsonify(status=state.value, parts=parts)
    response.status_code = 503 if state is State.FAULT else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def _has_token(token: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _plain(words: str, status: int) -> Response:
    response = Response(f"{words}\n", status=status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
    return response
