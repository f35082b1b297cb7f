"""The database: one PostgreSQL, one declarative base, one session per request, job or command.

Verbs add and change mapped objects through `db.session` and never commit; the edge, the job
runner and the console do.
"""

from datetime import date, datetime
from select import POLLIN, poll
from typing import Any, Final, cast
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from psycopg import BaseConnection, Connection
from sqlalchemy import BigInteger, Date, DateTime, MetaData, Text, Uuid, event
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.pool import Pool

from cps.kernel.errors import Unusable

WITHIN: Final = {"connect_timeout": 5, "tcp_user_timeout": 30_000}
"""For how many seconds a server is waited for that does not say a word, and for how many milliseconds one that has fallen silent."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every mapped class stands on: text without length, times with zones, JSON as JSONB."""

    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={
            str: Text,
            int: BigInteger,
            datetime: DateTime(timezone=True),
            date: Date,
            UUID: Uuid,
            list[str]: ARRAY(Text),
            dict[str, str]: JSONB,
            dict[str, Any]: JSONB,
        },
    )


db = SQLAlchemy(model_class=Base, engine_options={"pool_pre_ping": False})


@event.listens_for(Pool, "checkout")
def _refuse_the_dead(connection: Connection[Any], _record: object, _proxy: object) -> None:
    """Open a new connection in place of one that the server closed, and of every other that is as old."""
    if is_ended(connection):
        raise InvalidatePoolError


def is_ended(connection: BaseConnection[Any]) -> bool:
    """Whether the server closed an idle connection: its end then shows as something to read.

    Looking costs nothing; a question to the server would cost a round trip each time.
    """
    looking = poll()
    looking.register(connection.fileno(), POLLIN)
    return bool(looking.poll(0))


def sqlalchemy_url(url: str) -> str:
    """Turn a PostgreSQL URL as people write it into the one SQLAlchemy needs; refuse other databases."""
    scheme, separator, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg") or not separator:
        raise Unusable(f"The database must be PostgreSQL (postgresql://…), not {scheme}://….")
    return f"postgresql+psycopg://{rest}"


def driver_connection() -> Connection[Any]:
    """Return the psycopg connection of the running transaction, for work that joins it (jobs, COPY)."""
    return cast("Connection[Any]", db.session.connection().connection.dbapi_connection)
