"""One transaction per request: a page that is answered commits, a refusal rolls back.

Routes and verbs never commit. Photos are the one exception: they are kept before the form is judged,
so that a fault in the text does not cost the citizen the picture.
"""

from contextlib import suppress

from flask import Flask, Response, current_app
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from cps.kernel.db import db


def init_app(app: Flask) -> None:
    """End the transaction of every request by what it answers."""
    app.after_request(_end)


def keep_so_far() -> None:
    """Commit what this request has done up to here, whatever becomes of the rest."""
    db.session.commit()


def _end(response: Response) -> Response:
    if response.status_code >= 400:
        _undo()
        return response
    try:
        db.session.commit()
    except (DBAPIError, StaleDataError) as error:
        _undo()
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _undo() -> None:
    with suppress(DBAPIError):  # a database that went away has rolled back by itself
        db.session.rollback()
