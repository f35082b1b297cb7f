"""What every command stands on: the operator's settings, the database in use, the application.

Commands reach the database through `database_url` only, so that the embedded cluster is up for as
long as they need it, and no longer.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from flask import Flask
from psycopg.conninfo import conninfo_to_dict

from cps.app import create_app
from cps.console import schema
from cps.kernel import postgres
from cps.kernel.db import db, libpq_url
from cps.kernel.errors import Unusable
from cps.settings import Settings, from_environment

_OLDEST = 15
_PATIENCE_SECONDS = 10


def settings_in_use() -> Settings:
    """Read the settings of this process; raise Unusable with everything that is wrong."""
    return from_environment(os.environ)


@contextmanager
def database_url(settings: Settings, say: Callable[[str], None]) -> Iterator[str]:
    """Yield the URL of the operator's database, else of the embedded one, which runs meanwhile.

    `say` hears what takes time. Raises Unusable where the database cannot be used.
    """
    if settings.database_url is not None:
        url = libpq_url(settings.database_url)
        check_server(url)
        yield url
        return
    with postgres.running(settings.var, say=say, bindir=settings.pg_bindir) as url:
        yield url


@contextmanager
def application(settings: Settings, say: Callable[[str], None]) -> Iterator[Flask]:
    """Stand inside the application, on the database in use brought up to date; what is not committed is rolled back."""
    with database_url(settings, say) as url:
        app = create_app(settings, database_url=url)
        with app.app_context():
            try:
                schema.ensure_current()
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()


def check_server(url: str) -> None:
    """Refuse a server that cannot be reached, or is older than PostgreSQL 15, without telling the password."""
    try:
        where = _place(url)
    except psycopg.Error:
        raise Unusable("CPS_DATABASE_URL is not a URL that PostgreSQL understands.") from None
    try:
        with psycopg.connect(url, connect_timeout=_PATIENCE_SECONDS) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise Unusable(f"The database {where} cannot be reached: {_reason(error)}.") from None
    if version < _OLDEST:
        raise Unusable(
            f"The database {where} is PostgreSQL {version}, but PostgreSQL {_OLDEST} or newer is needed."
        )


def _place(url: str) -> str:
    parts = {"host": "localhost", "dbname": "", **conninfo_to_dict(url)}
    return f"{parts['dbname']} on {parts['host']}".strip()


def _reason(error: psycopg.Error) -> str:
    """Return the last thing the driver says; of several addresses tried, that is the last one's."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if "failed:" in line] or lines or [type(error).__name__]
    return telling[-1].removeprefix("connection failed: ").removeprefix("- ").rstrip(".")
