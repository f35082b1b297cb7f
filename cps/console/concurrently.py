"""Indexes on tables that are in use, for migrations: built and dropped while everybody goes on reading and writing.

An index is a migration of its own: it cannot stand in a transaction, so what goes before it in the same migration
would be kept even if it failed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic import op

LOCK_TIMEOUT = "200ms"
"""How long a migration may stand in line for a table, and everybody else behind it."""


def create_index(name: str, table: str, columns: Sequence[Any], **options: Any) -> None:
    """Build an index, after taking away what an attempt that failed left of it."""
    with _patiently():
        op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
        op.create_index(name, table, columns, if_not_exists=True, postgresql_concurrently=True, **options)


def drop_index(name: str, table: str) -> None:
    """Take an index away."""
    with _patiently():
        op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)


@contextmanager
def _patiently() -> Iterator[None]:
    """Stand outside a transaction and wait for others as long as it takes: nobody waits for this."""
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        yield
        op.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
