"""What every table holds, in a figure each: how many rows, and a sum of 128 bits over all of them.

The server computes it from each row's text, of which the order does not matter; two databases whose figures are equal
hold the same rows. What is unlogged does not survive a crash either, and is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

# As a row is written must hang on nothing that two servers, or two users, could have set differently.
_WRITTEN_ALIKE: Final = (
    "-c DateStyle=ISO,YMD -c IntervalStyle=postgres -c TimeZone=UTC -c extra_float_digits=1 -c bytea_output=hex"
    " -c search_path=pg_catalog -c statement_timeout=0 -c lock_timeout=0"
)
_TABLES: Final = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p'
    AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY n.nspname, c.relname
"""
# Quoted with a space, for no column is called that.
_SUM: Final = """
    SELECT count(*), coalesce(sum(hashtextextended("a row"::text, 20260518)), 0),
        coalesce(sum(hashtextextended("a row"::text, 19700101)), 0) FROM ONLY {} AS "a row"
"""
_HALF: Final = 2**64


@dataclass(frozen=True, order=True)
class Table:
    """A table by its schema and name."""

    schema: str
    name: str

    def __str__(self) -> str:
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"

    @property
    def quoted(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)


@dataclass(frozen=True)
class Sum:
    """How many rows a table has, and their sum; or why it cannot be read."""

    rows: int
    sum: str
    unreadable: str = ""


Sums = Mapping[Table, Sum]


def connected(url: str, **more: Any) -> psycopg.Connection[Any]:
    """Connect so that rows are written alike everywhere."""
    return psycopg.connect(make_conninfo(url, options=_WRITTEN_ALIKE), connect_timeout=10, **more)


def tables(connection: psycopg.Connection[Any]) -> list[Table]:
    """List the tables that hold something to be kept."""
    return [Table(*row) for row in connection.execute(_TABLES)]


def sums(connection: psycopg.Connection[Any], of: list[Table]) -> dict[Table, Sum]:
    """Sum up these tables; on a connection that commits by itself, one that cannot be read hides no other."""
    return {table: _sum(connection, table) for table in of}


def differences(living: Sums, restored: Sums) -> list[str]:
    """Say in a sentence each how what was restored differs from what lives."""
    found = []
    for table in sorted({*living, *restored}):
        ours, theirs = living.get(table), restored.get(table)
        if theirs is None:
            found.append(f"The table {table} was not restored.")
        elif theirs.unreadable:
            found.append(f"The table {table} cannot be read: {theirs.unreadable}.")
        elif ours is None:
            found.append(f"The table {table} was restored, but does not live.")
        elif ours.rows != theirs.rows:
            found.append(f"The table {table} has {ours.rows:,} rows, but {theirs.rows:,} were restored.")
        elif ours != theirs:
            found.append(f"The table {table} has as many rows as were restored, but not the same.")
    return found


def _sum(connection: psycopg.Connection[Any], table: Table) -> Sum:
    try:
        row = connection.execute(sql.SQL(_SUM).format(table.quoted)).fetchone()
    except psycopg.Error as error:
        if not connection.autocommit:
            raise
        return Sum(0, "", str(error).strip().splitlines()[0])
    assert row is not None
    rows, first, second = row
    return Sum(rows, f"{int(first) % _HALF:016x}{int(second) % _HALF:016x}")
