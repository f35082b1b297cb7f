"""The schema: from nothing to head and back, and no difference from what the code maps."""

from collections.abc import Iterator

import flask_migrate
import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cps.app import create_app
from cps.console import migrating
from cps.kernel.db import Base, db
from cps.kernel.files import MIGRATIONS
from tests.makers import a_complaint

_OURS = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%alembic%'"


@pytest.fixture
def empty(database_url: str, settings) -> Iterator[Flask]:
    """An application on a database with nothing in it."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    app = create_app(settings, database_url=database_url.replace("/cps?", "/migrated?"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE migrated")


def test_up_to_head_is_what_the_code_maps_and_down_leaves_nothing(empty):
    migrating.to_head()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _o, name, *_rest: "procrastinate" not in name,
            },
        )
        differences = compare_metadata(context, Base.metadata)

    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")

    assert differences == []
    assert db.session.scalar(text(_OURS)) == 0
    assert db.session.scalar(text("SELECT count(*) FROM pg_proc WHERE proname LIKE 'procrastinate%'")) == 0


def test_a_second_start_changes_nothing(empty):
    migrating.to_head()
    migrating.to_head()

    assert db.session.scalar(text("SELECT count(*) FROM alembic_version")) == 1


@pytest.mark.parametrize("change", ["UPDATE event SET note = 'never said'", "DELETE FROM event"])
def test_the_database_refuses_to_change_history(city, change):
    a_complaint()

    with pytest.raises(DBAPIError, match="events are never changed"):
        db.session.execute(text(change))


def test_the_database_refuses_a_closed_complaint_that_is_open(city):
    a_complaint()

    with pytest.raises(DBAPIError, match="open_or_closed"):
        db.session.execute(text("UPDATE complaint SET closed_at = now()"))
