"""Pages of all edges: what every template knows, and the page for each kind of refusal.

An error with a sentence becomes a page here, once; whatever nobody foresaw is logged and answered
with a calm page and a number to quote.
"""

import logging
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import IntegerConverter, Map

from cps.complaints.lifecycle import Stale
from cps.kernel.errors import Invalid, NotFound, Refused, Told
from cps.kernel.lacking import is_lacking
from cps.kernel.text import Text, _
from cps.photos.storage import NoRoom
from cps.web import assets, language, watching
from cps.web.origin import Forged

_LOG = logging.getLogger(__name__)
_RETRY_AFTER_SECONDS = 10
_STATUS_OF = {NotFound: 404, Forged: 403, Invalid: 422, NoRoom: 503, Refused: 409}

_SENTENCES: dict[int, Text] = {
    400: _("We could not read this form. Go back and try again."),
    401: _("Sign in to see this page."),
    403: _("You may not see this page."),
    404: _("We could not find this page."),
    405: _("We could not find this page."),
    413: _("This is too large to be sent. Send fewer or smaller photos, or a shorter text."),
    429: _("Too many attempts. Please wait a minute and try again."),
}


class RowNumber(IntegerConverter):
    """A number in an address: none that is too large for a row."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, max=2**63 - 1)


def init_app(app: Flask, *, is_demo: bool) -> None:
    """Give every template the city and the language, and every refusal a page."""
    app.url_map.converters["int"] = RowNumber
    app.context_processor(lambda: _known(is_demo=is_demo))
    app.after_request(_say_when)
    app.register_error_handler(Told, _told)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, lambda _error: _told(Stale()))
    app.register_error_handler(InternalServerError, _outside)
    app.register_error_handler(Exception, _unforeseen)


def refusal(sentence: Text, status: int) -> Response:
    """Make the page of a refusal."""
    return make_response(render_template("refusals/refusal.html", sentence=sentence, status=status), status)


def _known(*, is_demo: bool) -> dict[str, Any]:
    return {
        "city": language.city(),
        "language": language.current(),
        "languages": {code: language.CHIPS[code] for code in language.city().profile.languages},
        "in_language": language.link,
        "direction": "rtl" if language.is_right_to_left() else "ltr",
        "asset": assets.url,
        "inline_style": assets.inline_style,
        "icon": assets.icon,
        "late_icon": assets.late_icon,
        "is_demo": is_demo,
    }


def status_of(error: Told) -> int:
    """Return the status that a page answers an error with."""
    return next((code for kind, code in _STATUS_OF.items() if isinstance(error, kind)), 409)


def _told(error: Told) -> Response:
    return refusal(error.sentence, status_of(error))


def _say_when(response: Response) -> Response:
    """Say with every answer that something is away when to come again."""
    if response.status_code == 503:
        response.headers.setdefault("Retry-After", str(_RETRY_AFTER_SECONDS))
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    if error.response is not None:
        return make_response(error.response)  # a page of its own
    response = refusal(_SENTENCES.get(status, _SENTENCES[400]), status)
    response.headers.extend(getattr(error, "headers", None) or {})
    return response


def _away(error: BaseException | None) -> Response:
    _LOG.error("the machine lacks something: %s", error)
    return _say_when(plain_refusal(503))


def _outside(error: InternalServerError) -> Response:
    """Answer what broke outside of any view, which Flask hands over in an error of its own, and has logged."""
    if is_lacking(error.original_exception):
        return _away(error.original_exception)
    return plain_refusal(500, watching.number()) if error.original_exception else _unforeseen(error)


def _unforeseen(error: Exception) -> Response:
    if is_lacking(error):
        return _away(error)
    _LOG.error("nobody foresaw an error", exc_info=error)
    return plain_refusal(500, watching.number())


def plain_refusal(status: int, number: str = "") -> Response:
    """Make a page that needs neither the database nor the city, in every language it is likely read in."""
    # Rendered without the context of the other pages, which asks the database for the city.
    template = current_app.jinja_env.get_template("refusals/plain.html")
    return make_response(template.render(number=number, status=status, asset=assets.url), status)
