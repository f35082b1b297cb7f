"""Whether the database is at the state this version needs, without the weight of what brings it there."""

import subprocess
import sys

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.kernel.files import MIGRATIONS


def ensure_current() -> None:
    """Bring the database up to date if it is not, in a process of its own that takes its memory along."""
    if _present() == _needed():
        return
    ended = subprocess.run([sys.executable, "-m", "cps", "database", "migrate"], check=False)
    if ended.returncode:
        raise Unusable("The database could not be brought up to date.")


def _needed() -> str:
    return max(file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def _present() -> str | None:
    try:
        return str(db.session.scalar(text("SELECT version_num FROM alembic_version")))
    except ProgrammingError:
        db.session.rollback()
        return None
