"""Bringing a database to the state this version needs, while citizens go on reporting.

A migration that does not get hold of a table at once lets everybody else go first and is tried again, with growing
pauses. Each is a transaction of its own: whenever this ends, the database is whole, at one migration or the next.
"""

import logging
import time
from collections.abc import Callable

import flask_migrate
import psycopg.errors
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cps.kernel import schema
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.kernel.files import MIGRATIONS

_LOG = logging.getLogger(__name__)
_PAUSES_SECONDS = (0.5, 1, 2, 4, 8, *(15,) * 7)  # two minutes for each migration
_BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
_LONGEST = text(
    "SELECT pid, extract(epoch FROM clock_timestamp() - xact_start) AS seconds FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    " AND xact_start IS NOT NULL ORDER BY xact_start LIMIT 1"
)


def to_head() -> None:
    """Apply what is missing; leave a database alone that is up to date, or newer and works with this version.

    Raises Unusable if the database is too new, or others keep a table busy for too long.
    """
    at = _present()
    if at is not None and at > schema.needed():
        _expect_to_suit(at)
        return
    _prepare()
    _patiently(lambda: flask_migrate.upgrade(directory=str(MIGRATIONS)))


def back_to(migration: str) -> None:
    """Take back every migration after `migration`, with all that only they keep; the tables of older ones stay.

    Raises Unusable like `to_head`, and for a migration that the database is not past.
    """
    at = _present()
    if at is None or not any((MIGRATIONS / "versions").glob(f"{migration}_*.py")) or migration >= at:
        raise Unusable(f"The database is at migration {at or 'none'}: there is no way back to {migration}.")
    if at > schema.needed():
        raise Unusable(
            f"The database is at migration {at}, of which this release knows nothing: the release that made it"
            " can take it back."
        )
    _prepare()
    _patiently(lambda: flask_migrate.downgrade(directory=str(MIGRATIONS), revision=migration))


def empty() -> None:
    """Drop everything in the database; only the demo ever wants that, of its own."""
    with db.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def _present() -> str | None:
    found = schema.present()
    db.session.remove()  # an open transaction would be one more to wait for
    return found


def _expect_to_suit(at: str) -> None:
    if not schema.suits(at):
        raise Unusable(
            f"The database is at migration {at} and works with releases from {schema.oldest(at)} on; this one is at"
            f" {schema.needed()}. Install the newer release again, or let it take the database back: "
            f"`cps database migrate --to {schema.needed()}`."
        )
    db.session.remove()


def _prepare() -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Only here: the web side has no use for Alembic, and no memory to spare for it.
    flask_migrate.Migrate(current_app, db, directory=str(MIGRATIONS))


def _patiently(migrate: Callable[[], None]) -> None:
    """Migrate, and again as long as others are in the way; whenever a migration is done, patience is new."""
    stood, pauses = _present(), iter(_PAUSES_SECONDS)
    while True:
        try:
            migrate()
        except OperationalError as error:
            if not isinstance(error.orig, _BUSY):
                raise
        else:
            return
        at = _present()
        if at != stood:
            stood, pauses = at, iter(_PAUSES_SECONDS)
        pause = next(pauses, None)
        if pause is None:
            raise Unusable(_given_up(at))
        _LOG.warning("Others are at what the next migration changes; trying again in %g s.", pause)
        _wait(pause)


def _wait(seconds: float) -> None:
    time.sleep(seconds)


def _given_up(at: str | None) -> str:
    longest = db.session.execute(_LONGEST).one_or_none()
    db.session.remove()
    who = (
        f"the transaction open longest is that of process {longest.pid}, for {longest.seconds:.0f} seconds"
        if longest
        else "nobody is any more"
    )
    return (
        f"Others kept a table busy for {sum(_PAUSES_SECONDS):.0f} seconds ({who}): the database stays at migration"
        f" {at or 'none'}, whole, and the release that was there goes on with it. End what hangs and run"
        " `cps database migrate` again."
    )
