"""A database of a test's own, for commands that put another city in force and commit."""

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from cps.app import create_app
from cps.console import migrating
from cps.kernel.db import db


@pytest.fixture(scope="session")
def empty_database(database_url: str, settings) -> str:
    """The name of a database with every table and no row, to be copied: quicker than to migrate one each time."""
    url = _made(database_url, "untouched")
    app = create_app(settings, database_url=url)
    with app.app_context():
        migrating.to_head()
        db.session.remove()
        db.engine.dispose()  # who is connected to it would keep it from being copied
    return "untouched"


@pytest.fixture
def own_city(
    database_url: str, empty_database: str, settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """An application on a database without a city, which commands use too."""
    url = _made(database_url, "reformed", copied_from=empty_database)
    monkeypatch.setenv("CPS_DATABASE_URL", url)
    monkeypatch.setenv("CPS_VAR", str(settings.var))
    # As in the other tests: what an application is told of itself holds for the whole process.
    monkeypatch.setenv("CPS_BASE_URL", settings.base_url)
    monkeypatch.setenv("CPS_DEMO", "yes")
    app = create_app(settings, database_url=url)
    yield app
    with app.app_context():
        db.engine.dispose()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE reformed WITH (FORCE)")


def _made(database_url: str, name: str, *, copied_from: str = "template1") -> str:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {copied_from}")
    return database_url.replace("/cps?", f"/{name}?")
