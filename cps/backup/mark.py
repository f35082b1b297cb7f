"""A moment of the living database that a restored copy can be compared with, row for row.

For an instant nothing may be written: a restore point and a snapshot taken then hold the same rows. Who files waits for
at most half a second; if the tables cannot be had in that time, it is tried again later.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from cps.backup.tables import Sum, Table, connected, sums, tables
from cps.kernel import clock
from cps.kernel.errors import Unusable

_LONGEST_WAIT: Final = "500ms"  # for all tables together, so of the statement and not of each lock
_PATIENCE_SECONDS: Final = 300.0  # a vacuum of a large table goes before
_PAUSE_SECONDS: Final = 2.0
_ARCHIVED_WITHIN_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.2

_ARCHIVER: Final = (
    "SELECT last_archived_time, left(last_archived_wal, 24), failed_count FROM pg_stat_archiver"
)
_RIGHTS: Final = "GRANT EXECUTE ON FUNCTION pg_create_restore_point(text), pg_switch_wal(), pg_ls_archive_statusdir() TO {}"


@dataclass(frozen=True)
class Mark:
    """A named moment: what the tables held, at which migration, and whether it is in the archive by now."""

    name: str
    at: datetime
    sums: Mapping[Table, Sum]
    migration: str | None


def set_mark(url: str) -> Mark:
    """Mark the present moment, sum up what every table holds at it, and wait until the archive has it."""
    name = f"cps_drill_{secrets.token_hex(8)}"
    try:
        with connected(url) as reading:
            at, wal = _at_one_instant(url, name, reading)
            known = tables(reading)
            mark = Mark(name, at, sums(reading, known), migration(reading))
        wait_until_archived(url, wal)
    except psycopg.errors.InsufficientPrivilege as error:
        raise _without_rights(url, error) from error
    return mark


def archived_at(url: str) -> datetime | None:
    """Return when the newest WAL was archived; None if none ever was."""
    with connected(url) as connection:
        row = connection.execute(_ARCHIVER).fetchone()
    assert row is not None
    found: datetime | None = row[0]
    return found


def close_wal(url: str) -> None:
    """Have everything until now archived, with a commit after it by which a recovery knows that a time has passed."""
    try:
        with connected(url, autocommit=True) as connection:
            connection.execute("SELECT txid_current()")
            row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
        assert row is not None
        wait_until_archived(url, row[0])
    except psycopg.errors.InsufficientPrivilege as error:
        raise _without_rights(url, error) from error


def wait_until_archived(url: str, wal: str) -> None:
    """Close the current WAL and wait until `wal` is archived; say so if the archive does not take it."""
    with connected(url, autocommit=True) as connection:
        before = _archiver(connection)
        connection.execute("SELECT pg_switch_wal()")
        end = time.monotonic() + _ARCHIVED_WITHIN_SECONDS
        while (now := _archiver(connection))[1] is None or now[1] < wal:
            if now[2] > before[2] or time.monotonic() > end:
                raise Unusable(
                    "The archive does not take the database's changes: see archive_command, and PostgreSQL's log."
                )
            time.sleep(_POLL_SECONDS)


def migration(connection: psycopg.Connection[Any]) -> str | None:
    """Return at which migration a database is."""
    row = connection.execute("SELECT to_regclass('public.alembic_version')::text").fetchone()
    if row is None or row[0] is None:
        return None
    found = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    return str(found[0]) if found else None


def _at_one_instant(url: str, name: str, reading: psycopg.Connection[Any]) -> tuple[datetime, str]:
    """Set the restore point while nothing is written, and let `reading` see exactly that; return when and in which WAL."""
    with connected(url, autocommit=True) as writing:
        known = tables(writing)
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                with writing.transaction():
                    writing.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    _lock(writing, known)
                    row = writing.execute(
                        "SELECT pg_walfile_name(pg_create_restore_point(%s)), pg_export_snapshot()", (name,)
                    ).fetchone()
                    assert row is not None
                    at = clock.now()
                    reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    reading.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(row[1])))
                    return at, row[0]
            except (psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected) as error:
                if time.monotonic() > end:
                    raise Unusable(
                        "Somebody keeps the tables for minutes, so that no moment could be marked: look at "
                        "pg_stat_activity, and try again."
                    ) from error
                time.sleep(_PAUSE_SECONDS)


def _lock(connection: psycopg.Connection[Any], known: list[Table]) -> None:
    connection.execute(f"SET LOCAL statement_timeout = '{_LONGEST_WAIT}'")
    names = sql.SQL(", ").join(table.quoted for table in known)
    # NOT a query: the snapshot is taken by the first one after it, when nobody writes any more.
    connection.execute(sql.SQL("LOCK TABLE ONLY {} IN SHARE MODE").format(names))
    connection.execute("SET LOCAL statement_timeout = 0")


def _archiver(connection: psycopg.Connection[Any]) -> tuple[datetime | None, str | None, int]:
    row = connection.execute(_ARCHIVER).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def _without_rights(url: str, error: psycopg.Error) -> Unusable:
    with connected(url) as connection:
        user = connection.info.user
    reason = str(error).strip().splitlines()[0]
    return Unusable(
        f"A drill needs some rights ({reason}); as PostgreSQL's superuser: {_RIGHTS.format(user)}"
    )
