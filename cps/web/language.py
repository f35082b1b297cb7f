"""Which language a page speaks: the one chosen by link, the one kept, the browser's, the city's first.

Only languages of the city's profile are offered; a missing sentence falls back to English.
"""

from gettext import NullTranslations
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Response, g, request
from flask_babel import Babel, get_translations
from flask_babel import get_locale as babel_locale
from markupsafe import Markup

from cps.city.queries import CityInForce, in_force
from cps.kernel import numbers

_COOKIE = "language"
_ONE_YEAR = 365 * 24 * 3600

# Each language in its own script, as short as a link may be.
CHIPS = {"en": "English", "vi": "Tiếng Việt", "ko": "한국어", "fil": "Filipino", "ne": "नेपाली"}


def init_app(app: Flask) -> None:
    """Choose the language of every request, and keep one that was chosen by link."""
    Babel(app, locale_selector=current)
    # In place of Flask-Babel's own, which look for the catalogue anew with every sentence of a page, and
    # without Jinja's wrappers, which call three functions for each.
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)
    app.before_request(_note_choice)
    app.after_request(_keep_choice)


def city() -> CityInForce:
    """Return the city as it is for the whole of this request."""
    if "city" not in g:
        g.city = in_force()
    known: CityInForce = g.city
    return known


def current() -> str:
    """Return the language code of this request."""
    if "language" not in g:
        g.language = _chosen() or _kept() or _of_browser() or city().profile.languages[0]
    return str(g.language)


def speak(code: str | None) -> None:
    """Answer this request in this language, or in the city's first, whatever its reader prefers."""
    g.language = _offered(code) or city().profile.languages[0]


def speaker() -> NullTranslations:
    """Return who says the sentences of this request."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    known: NullTranslations = g.catalogue
    return known


def _gettext(sentence: str, /, **values: object) -> Markup:
    said = Markup(speaker().gettext(sentence))  # noqa: S704 - a sentence of ours; its values are escaped
    return said % values if values else said


def _ngettext(one: str, many: str, number: int, /, **values: object) -> Markup:
    said = Markup(speaker().ngettext(one, many, number))  # noqa: S704 - a sentence of ours, likewise
    return said % {"num": numbers.number(number, language=current()), **values}


def is_right_to_left() -> bool:
    """Whether the present language is written from right to left."""
    locale = babel_locale()
    return locale is not None and locale.text_direction == "rtl"


def _chosen() -> str | None:
    return _offered(request.args.get("language"))


def _kept() -> str | None:
    return _offered(request.cookies.get(_COOKIE))


def _of_browser() -> str | None:
    wanted = request.accept_languages
    languages = city().profile.languages
    best = wanted.best_match([*languages, *(("tl",) if "fil" in languages else ())])
    return _offered("fil" if best == "tl" else best)


def _offered(code: str | None) -> str | None:
    # Who asks for none is not asked about at the database: styles and health come without it.
    return code if code and code in city().profile.languages else None


def _note_choice() -> None:
    g.language_chosen = _chosen()


def _keep_choice(response: Response) -> Response:
    chosen = g.get("language_chosen")
    if chosen:
        response.set_cookie(
            _COOKIE, chosen, max_age=_ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
    return response


def link_with_only(*names: str) -> None:
    """Let the links to other languages keep only these arguments of the address: the page shall repeat no others."""
    g.arguments_kept = names


def link(code: str) -> str:
    """Return the address of this page in another language; after a refused form, that of the form's page."""
    if request.method == "GET":
        kept = g.get("arguments_kept", request.args)
        path, query = request.path, {key: request.args[key] for key in request.args if key in kept}
        query.pop("language", None)
    else:
        came_from = urlsplit(request.referrer or "")
        path = came_from.path if came_from.netloc == request.host and came_from.path.startswith("/") else "/"
        query = {}
    # One slash: two would name another host.
    return f"/{quote(path.lstrip('/'))}?{urlencode({**query, 'language': code})}"
