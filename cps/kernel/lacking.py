"""What the machine lacks for a while (its database, its disk, its memory): no fault of who asks, and worth asking again.

One list for pages, which then say when to come again, and for the worker, which then waits for as long as it takes.
"""

import errno
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

_OF_THE_DISK: Final = frozenset(
    {
        *(errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.ESTALE),
        *(errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE),
    }
)
# Not among psycopg's operational errors, yet they pass: a primary that became a replica, a transaction that idled too long.
_PASSING: Final = (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.IdleInTransactionSessionTimeout)


def is_lacking(error: BaseException | None) -> bool:
    """Whether the machine is behind this error, through whatever errors it was told."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
            return True
        if isinstance(error, (psycopg.OperationalError, NoConnectionFree, *_PASSING)):
            return True
        if isinstance(error, DBAPIError):
            if error.connection_invalidated:
                return True
            error = error.orig
            continue
        error = error.__cause__ or (error.__context__ if not error.__suppress_context__ else None)
    return False
