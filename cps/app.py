"""The application put together: the only file that knows all its parts."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import text
from werkzeug.middleware.proxy_fix import ProxyFix

from cps import citizen, desk, health
from cps.complaints import window
from cps.geo import geocoding
from cps.kernel import keys, replica
from cps.kernel.db import WITHIN, db, sqlalchemy_url
from cps.kernel.errors import Unusable
from cps.kernel.files import STATIC, TEMPLATES, TRANSLATIONS
from cps.notify import channels, letters
from cps.photos import album
from cps.settings import Settings, photos_of, secret_key
from cps.suggesting import translator
from cps.web import (
    admission,
    compression,
    filters,
    forms,
    headers,
    language,
    limits,
    origin,
    pages,
    reading,
    signin,
    transactions,
    watching,
)
from cps.web.whitespace import Unindented

_LARGEST_REQUEST_BYTES = 40_000_000  # three photos of 12 MB and the words
_LARGEST_FIELDS_BYTES = 1_000_000
_SESSION_LENGTH = timedelta(hours=12)
# What lists are made of is in memory, or on a disk that finds each row as quickly as the next: told so, the planner
# reads what is filtered from its own index, and does not sift through everybody's. Nor does one person's page take all
# processors: to start helpers costs more than they bring to what takes milliseconds.
_CONNECTION = {
    "timezone": "UTC",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
}
_DIRECT = {"options": " ".join(f"-c {name}={value}" for name, value in _CONNECTION.items())}
# A pooler takes no options, and hands each transaction to another connection, which knows no statement of before.
_POOLED = {"prepare_threshold": None}


def create_app(settings: Settings, *, database_url: str) -> Flask:
    """Put a city's system together on a database that is there."""
    app = Flask("cps", static_folder=str(STATIC), template_folder=str(TEMPLATES))
    app.config.update(_configuration(settings, database_url))
    watching.init_app(app)
    admission.init_app(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(Unindented)
    db.init_app(app)
    keys.use(secret_key(settings).encode())
    album.use(photos_of(settings))
    channels.use(settings.mail_url, sender=settings.mail_from)
    letters.use_address(settings.base_url)
    window.use(settings.undo_seconds)
    user_agent = f"cps ({settings.base_url})"
    geocoding.use(settings.geocoder, user_agent=user_agent)
    translator.use(settings.translator, key=settings.translator_key, user_agent=user_agent)
    _add_web(app, settings)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    app.register_blueprint(citizen.blueprint(settings))
    app.register_blueprint(desk.blueprint())
    app.register_blueprint(health.blueprint(settings))
    if settings.database_replica_url:
        _add_replica(app, settings)
    return app


def check_pool() -> None:
    """Refuse a pooler that does not tell its connections to the server what ours are told."""
    found = {name: db.session.scalar(text(f"SHOW {name}")) for name in _CONNECTION}
    db.session.remove()
    if found != _CONNECTION:
        raise Unusable(
            "What CPS_DATABASE_POOL_URL names must prepare each connection to the server. In pgbouncer.ini, after the"
            f" database's name, add:\n  {asked_of_a_pool()}"
        )


def asked_of_a_pool() -> str:
    """Return what PgBouncer's file must say of the database: a pooler cannot be told with each connection."""
    told = ", ".join(f"set_config(''{name}'', ''{value}'', false)" for name, value in _CONNECTION.items())
    return f"connect_query='SELECT {told}'"


def _add_replica(app: Flask, settings: Settings) -> None:
    seconds = settings.database_replica_seconds
    with app.app_context():
        replica.use(most_seconds=seconds)
    reading.init_app(app, endpoints=citizen.MAY_LAG, most_seconds=seconds)


def _add_web(app: Flask, settings: Settings) -> None:
    # After-request functions run last in, first out: the transaction ends before anything is sent.
    compression.init_app(app, endpoints=citizen.COMPRESSED, without_query=desk.COMPRESSED)
    headers.init_app(app, tile_url=settings.tile_url)
    language.init_app(app)
    transactions.init_app(app)
    origin.init_app(app)
    forms.init_app(app)
    limits.init_app(app)
    signin.init_app(app, sign_in_endpoint="desk.sign_in")
    filters.init_app(app)
    pages.init_app(app, is_demo=settings.is_demo)


def _configuration(settings: Settings, database_url: str) -> dict[str, object]:
    is_secure = urlsplit(settings.base_url).scheme == "https"
    is_pooled = database_url == settings.database_pool_url
    return {
        "SECRET_KEY": secret_key(settings),
        "SQLALCHEMY_DATABASE_URI": sqlalchemy_url(database_url),
        "SQLALCHEMY_ENGINE_OPTIONS": _engine(settings, **(_POOLED if is_pooled else _DIRECT)),
        "SQLALCHEMY_BINDS": _binds(settings),
        "SESSION_COOKIE_NAME": "__Host-desk" if is_secure else "desk",
        "SESSION_COOKIE_SECURE": is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": _SESSION_LENGTH,
        "MAX_CONTENT_LENGTH": _LARGEST_REQUEST_BYTES,
        "MAX_FORM_MEMORY_SIZE": _LARGEST_FIELDS_BYTES,
        "IS_DEMO": settings.is_demo,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": str(TRANSLATIONS),
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open over lunch is still good; the session ends it
        "WTF_CSRF_SSL_STRICT": False,  # the origin is checked for every form by web.origin
    }


def _engine(settings: Settings, **connecting: object) -> dict[str, object]:
    return {
        "pool_size": settings.web_threads + 1,
        "max_overflow": 5,
        "connect_args": {**WITHIN, **connecting},
        "hide_parameters": True,  # they are what people wrote, and errors are logged
    }


def _binds(settings: Settings) -> dict[str, object]:
    if not settings.database_replica_url:
        return {}
    engine = _engine(settings, **_DIRECT, **replica.CONNECTING)
    return {replica.NAME: {"url": sqlalchemy_url(settings.database_replica_url), **engine}}
