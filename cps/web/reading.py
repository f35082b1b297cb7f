"""Which pages the replica may answer: those that show everybody the same, to whoever has changed nothing just now.

The rule: who wrote sees it. An official who is signed in is always answered by the primary, and so is every browser for as
long after anything it sent as the replica may be behind. What the replica does not have, or cannot say, the primary is
asked for: nobody is told that a page is not there because it is new.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final

from flask import Flask, Response, current_app, request
from sqlalchemy import exc
from werkzeug.exceptions import NotFound as NoSuchPage

from cps.kernel import replica
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.observe import counts

COOKIE: Final = "wrote"
_READING: Final = ("GET", "HEAD", "OPTIONS")
_MARGIN_SECONDS: Final = 2

_View = Callable[..., Any]


def init_app(app: Flask, *, endpoints: Sequence[str], most_seconds: int) -> None:
    """Let these endpoints, which are there already, be answered by the replica while it is that recent."""
    for endpoint in endpoints:
        app.view_functions[endpoint] = _perhaps_behind(app.view_functions[endpoint])
    app.after_request(lambda response: _note_writing(response, most_seconds))


def _perhaps_behind(view: _View) -> _View:
    @wraps(view)
    def answer(**arguments: Any) -> Any:
        if not _may_be_behind() or not replica.read():
            counts.read("primary")
            return view(**arguments)
        try:
            answered = view(**arguments)
        except (NotFound, NoSuchPage, exc.DBAPIError, exc.TimeoutError) as error:
            _turn_away(error)
            counts.read("primary")
            return view(**arguments)
        replica.stop_reading()  # what is noted of the request belongs to the primary
        counts.read("replica")
        return answered

    return answer


def _may_be_behind() -> bool:
    has_session = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    return request.method in _READING and COOKIE not in request.cookies and not has_session


def _turn_away(error: Exception) -> None:
    """Begin the request anew on the primary; leave the replica if it is what went wrong."""
    known = replica.known()
    if known is not None and isinstance(error, exc.DBAPIError | exc.TimeoutError):
        known.leave(str(getattr(error, "orig", error)).strip().partition("\n")[0])
    db.session.remove()


def _note_writing(response: Response, most_seconds: int) -> Response:
    if request.method not in _READING and response.status_code < 400:
        response.set_cookie(
            COOKIE,
            "1",
            max_age=most_seconds + _MARGIN_SECONDS,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure,
        )
    return response
