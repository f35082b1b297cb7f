"""At which migration the database is, and which one this version needs."""

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cps.kernel.db import db
from cps.kernel.files import MIGRATIONS


def needed() -> str:
    """Return the migration that this version needs."""
    return max(file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def present() -> str | None:
    """Return the migration that the database is at; None if none was ever made."""
    try:
        found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except ProgrammingError:
        db.session.rollback()
        return None
    return found
