"""A database with nothing in it, and releases of tomorrow with migrations of their own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from cps.app import create_app
from cps.city.load import load
from cps.city.queries import forget
from cps.console import migrating
from cps.console.checking import checked
from cps.kernel import schema
from cps.kernel.db import db
from cps.kernel.files import CITIES, MIGRATIONS
from cps.settings import Settings
from tests.makers import a_complaint
from tests.migrations.squawking import overheard
from tests.migrations.tomorrow import written
from tests.pageclient import PageClient

Tomorrow = Callable[..., Path]


@dataclass(frozen=True)
class Made:
    """A database with a city at the last migration, to be copied, and the SQL that made it, by migration."""

    database: str
    scripts: dict[str, str]


@pytest.fixture(scope="session")
def made(database_url: str, settings: Settings) -> Made:
    """Migrate once for all: it takes seconds."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE made")
    app = create_app(settings, database_url=database_url.replace("/cps?", "/made?"))
    with app.app_context():
        with overheard(db.engine) as scripts:
            migrating.to_head()
        forget()
        load(checked(CITIES / "hanoi"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return Made("made", scripts)


@pytest.fixture
def copy(database_url: str, settings: Settings, made: Made) -> Iterator[Flask]:
    """Stand inside an application on a database with a city at the last migration, to which nobody has reported."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE moved TEMPLATE {made.database}")
    app = create_app(settings, database_url=database_url.replace("/cps?", "/moved?"))
    app.test_client_class = PageClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    forget()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE moved WITH (FORCE)")


@pytest.fixture
def in_use(copy: Flask) -> Flask:
    """The same after somebody has."""
    forget()
    a_complaint()
    db.session.remove()
    return copy


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tomorrow:
    """Turn this process into a release that has these migrations too, each an upgrade, a downgrade and what it works with."""

    def release(*steps: tuple[str, str, str | None]) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder, dirs_exist_ok=True)
        written(folder, steps)
        monkeypatch.setattr(migrating, "MIGRATIONS", folder)
        monkeypatch.setattr(schema, "MIGRATIONS", folder)
        return folder

    return release
