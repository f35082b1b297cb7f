"""The database: one PostgreSQL, one declarative base, one session per request, job or command.

Verbs add and change mapped objects through `db.session` and never commit; the edge, the job
runner and the console do.
"""

import re
from datetime import date, datetime
from select import POLLIN, poll
from typing import Any, Final, cast
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as SessionOfFlask
from psycopg import BaseConnection, Connection
from sqlalchemy import BigInteger, Date, DateTime, Engine, MetaData, Text, Uuid, event
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


_HOST: Final = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>\d*))?")


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


READS: Final = "reads"
"""Where a session notes the engine that it reads from, if that is not the primary's (see `kernel.replica`)."""


class Session(SessionOfFlask):
    """A session that is on the primary, unless it was told to read elsewhere."""

    def get_bind(self, *arguments: Any, **more: Any) -> Any:
        """Return where the next statement goes."""
        elsewhere: Engine | None = self.info.get(READS)
        return elsewhere if elsewhere is not None else super().get_bind(*arguments, **more)


db = SQLAlchemy(
    model_class=Base, engine_options={"pool_pre_ping": False}, session_options={"class_": Session}
)


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
    return f"postgresql+psycopg://{_with_hosts_apart(rest)}"


def _with_hosts_apart(rest: str) -> str:
    """Write several hosts (`user@a:5432,b:5432/cps`), of which libpq takes the first that will do, as SQLAlchemy reads them too."""
    before, slash, after = rest.partition("/")
    user, at, hosts = before.rpartition("@")
    if "," not in hosts:
        return rest
    parts = [_HOST.fullmatch(host) for host in hosts.split(",")]
    name, _mark, query = after.partition("?")
    names = ",".join(part["host"].strip("[]") for part in parts if part)
    ports = ",".join(part["port"] or "5432" for part in parts if part)
    return f"{user}{at}{slash}{name}?host={names}&port={ports}{f'&{query}' if query else ''}"


def libpq_url(url: str) -> str:
    """Turn a PostgreSQL URL as people write it into the one psql and psycopg read; refuse other databases."""
    return f"postgresql://{sqlalchemy_url(url) and url.partition('://')[2]}"


def driver_connection() -> Connection[Any]:
    """Return the psycopg connection of the running transaction, for work that joins it (jobs, COPY)."""
    return cast("Connection[Any]", db.session.connection().connection.dbapi_connection)
