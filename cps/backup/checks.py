"""What must be true of a restored city by itself, with no living one to compare it with.

Each check returns what is wrong, a sentence each, and nothing where all is well.
"""

from collections.abc import Iterable
from typing import Any, Final

import psycopg
from psycopg import sql

from cps.kernel.errors import NotFound
from cps.photos.copying import digest
from cps.photos.storage import Storage

_FOREIGN_KEYS: Final = """
    SELECT conname, format('SELECT count(*) FROM ONLY %s a WHERE %s AND NOT EXISTS (SELECT FROM %s b WHERE %s)',
        conrelid::regclass, string_agg(format('a.%I IS NOT NULL', f.attname), ' AND '), confrelid::regclass,
        string_agg(format('a.%I = b.%I', f.attname, t.attname), ' AND '))
    FROM pg_constraint c, LATERAL unnest(conkey, confkey) AS k(ours, theirs)
    JOIN pg_attribute f ON f.attnum = k.ours JOIN pg_attribute t ON t.attnum = k.theirs
    WHERE c.contype = 'f' AND f.attrelid = c.conrelid AND t.attrelid = c.confrelid
    GROUP BY conname, conrelid, confrelid ORDER BY conname
"""
# Of every city at every moment: its reports and their histories agree. Each counts the rows that do not.
_TRUTHS: Final = {
    "reports whose version is not the count of their events": "SELECT count(*) FROM public.complaint c WHERE version <> "
    "(SELECT count(*) FROM public.event WHERE complaint_id = c.id)",
    "reports that stand elsewhere than their last event": "SELECT count(*) FROM public.complaint c JOIN public.event e "
    "ON e.complaint_id = c.id AND e.position = c.version "
    "WHERE e.status <> c.status OR e.department_id IS DISTINCT FROM c.department_id",
    "reports without the event that received them": "SELECT count(*) FROM public.complaint c WHERE NOT EXISTS "
    "(SELECT FROM public.event WHERE complaint_id = c.id AND position = 1 AND kind = 'received')",
    "reports merged without a lead": "SELECT count(*) FROM public.complaint "
    "WHERE status = 'merged' AND lead_id IS NULL",
}
_NAMED: Final = 3


def missing_photos(keys: Iterable[str], storage: Storage) -> set[str]:
    """Return the keys of which no file is there."""
    return {key for key in keys if not storage.has(key)}


def damaged_photos(keys: Iterable[str], storage: Storage) -> set[str]:
    """Return the keys whose file holds other bytes than the key was made of."""
    return {key for key in keys if storage.has(key) and _hash(key, storage) != key}


def broken_references(connection: psycopg.Connection[Any]) -> list[str]:
    """Look at every foreign key: a row that is named must be there."""
    questions = connection.execute(_FOREIGN_KEYS).fetchall()
    return _counted(
        connection, [(f"rows that name what is not there ({name})", query) for name, query in questions]
    )


def untruths(connection: psycopg.Connection[Any]) -> list[str]:
    """Look whether reports and their histories agree."""
    return _counted(connection, list(_TRUTHS.items()))


def newest_change(connection: psycopg.Connection[Any]) -> Any:
    """Return when the newest event was recorded; None if there is none."""
    row = connection.execute("SELECT max(at) FROM public.event").fetchone()
    return row[0] if row else None


def some_of(keys: set[str]) -> str:
    """Name some of the keys."""
    some = ", ".join(sorted(keys)[:_NAMED])
    return some if len(keys) <= _NAMED else f"{some} and others"


def _counted(connection: psycopg.Connection[Any], questions: list[tuple[str, str]]) -> list[str]:
    found = []
    for what, query in questions:
        try:
            row = connection.execute(sql.SQL(query)).fetchone()
        except psycopg.Error as error:
            found.append(f"It could not be looked for {what}: {str(error).strip().splitlines()[0]}.")
            continue
        if row and row[0]:
            found.append(f"There are {row[0]:,} {what}.")
    return found


def _hash(key: str, storage: Storage) -> str:
    try:
        return digest(key, storage)
    except (OSError, NotFound):
        return ""
