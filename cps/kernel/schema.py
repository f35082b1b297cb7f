"""At which migration the database is, which one this version needs, and whether it works with a newer one.

A database that is ahead is fine if its migrations were made to keep older code working: each says so (`works_with`), and
the one that was applied last leaves a note on the table of versions, for code that has never heard of it.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cps.kernel.db import db
from cps.kernel.files import MIGRATIONS

WORKS_WITH: Final = " works with "
_NOTE: Final = text("SELECT obj_description('alembic_version'::regclass, 'pg_class')")


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


def oldest(at: str) -> str:
    """Return the oldest migration whose code works with a database at `at`; without a note of that state, `at`."""
    noted, _separator, found = (db.session.scalar(_NOTE) or "").partition(WORKS_WITH)
    return found if noted == at and found else at


def suits(at: str | None) -> bool:
    """Whether this version works with a database at `at`: what it needs, or newer and made to keep it working."""
    return at is not None and (at == needed() or oldest(at) <= needed() < at)
