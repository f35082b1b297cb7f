"""Tables without their secondary indexes and foreign keys, for as long as very many rows come in.

What is taken off is read from the catalogue and put back word for word, in the same transaction.
Primary keys stay: foreign keys of other tables lean on them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('u', 'f')
    ORDER BY contype DESC, conname
"""
_INDEXES = """
    SELECT indexname, indexdef
    FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename = ANY(%s)
      AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))
    ORDER BY indexname
"""


def are_empty(connection: Connection[Any], tables: Sequence[str]) -> bool:
    """Whether none of the tables has a row."""
    return not any(
        connection.execute(SQL("SELECT 1 FROM {} LIMIT 1").format(Identifier(table))).fetchone()
        for table in tables
    )


@contextmanager
def bare(connection: Connection[Any], tables: Sequence[str]) -> Iterator[None]:
    """Take secondary indexes, unique constraints and foreign keys off within the block, and put them back."""
    constraints = connection.execute(_CONSTRAINTS, (list(tables),)).fetchall()
    for table, name, _definition in constraints:
        _alter(connection, table, "DROP CONSTRAINT {}", name)
    indexes = connection.execute(_INDEXES, (list(tables),)).fetchall()
    for name, _definition in indexes:
        connection.execute(SQL("DROP INDEX {}").format(Identifier(name)))
    yield
    connection.execute("SET LOCAL maintenance_work_mem = '128MB'")
    for _name, definition in indexes:
        connection.execute(SQL(definition))
    for table, name, definition in constraints:
        _alter(connection, table, "ADD CONSTRAINT {} " + definition, name)


def _alter(connection: Connection[Any], table: str, clause: str, name: str) -> None:
    statement = SQL("ALTER TABLE {} " + clause).format(Identifier(table), Identifier(name))
    connection.execute(statement)
