"""Bringing a database to the state this version needs."""

import logging

import flask_migrate
from flask import current_app
from sqlalchemy import text

from cps.kernel.db import db
from cps.kernel.files import MIGRATIONS


def to_head() -> None:
    """Apply what is missing; a database that is up to date is left alone."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Only here: the web side has no use for Alembic, and no memory to spare for it.
    flask_migrate.Migrate(current_app, db, directory=str(MIGRATIONS))
    flask_migrate.upgrade(directory=str(MIGRATIONS))


def empty() -> None:
    """Drop everything in the database; only the demo ever wants that, of its own."""
    with db.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
