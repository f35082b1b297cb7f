"""A database of a test's own, for commands that put another city in force and commit."""

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from cps.app import create_app
from cps.console import migrating
from cps.kernel.db import db


@pytest.fixture
def own_city(database_url: str, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application on a database without a city, which commands use too."""
    url = database_url.replace("/cps?", "/reformed?")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE reformed")
    monkeypatch.setenv("CPS_DATABASE_URL", url)
    monkeypatch.setenv("CPS_VAR", str(settings.var))
    # As in the other tests: what an application is told of itself holds for the whole process.
    monkeypatch.setenv("CPS_BASE_URL", settings.base_url)
    monkeypatch.setenv("CPS_DEMO", "yes")
    app = create_app(settings, database_url=url)
    with app.app_context():
        migrating.to_head()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE reformed WITH (FORCE)")
