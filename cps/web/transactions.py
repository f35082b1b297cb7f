"""One transaction per request: a page that is answered commits, a refusal rolls back.

Routes and verbs never commit. Photos are the one exception: they are kept before the form is judged,
so that a fault in the text does not cost the citizen the picture. What has to be known of a request whatever becomes
of it is written after its end.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from flask import Flask, Response, current_app, g
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from cps.kernel.db import db

_LOG = logging.getLogger(__name__)
_KEPT: Final = "kept_anyway"


def init_app(app: Flask) -> None:
    """End the transaction of every request by what it answers."""
    app.after_request(_end)


def keep_so_far() -> None:
    """Commit what this request has done up to here, whatever becomes of the rest."""
    db.session.commit()


def keep_anyway(write: Callable[[], object]) -> None:
    """Write this when the transaction of the request has ended, in one of its own: a refusal does not take it back."""
    g.setdefault(_KEPT, []).append(write)


def _end(response: Response) -> Response:
    if response.status_code >= 400:
        _undo()
    else:
        try:
            db.session.commit()
        except (DBAPIError, StaleDataError) as error:
            _undo()
            response = current_app.make_response(current_app.handle_user_exception(error))
    _write_kept()
    return response


def _write_kept() -> None:
    writes: list[Callable[[], object]] = g.pop(_KEPT, [])
    if not writes:
        return
    try:
        for write in writes:
            write()
        db.session.commit()
    except DBAPIError as error:  # what was answered stands
        _LOG.error("what was to be kept of a refused request is lost: %s", error)
        _undo()


def _undo() -> None:
    with suppress(DBAPIError):  # a database that went away has rolled back by itself
        db.session.rollback()
