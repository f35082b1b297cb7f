"""The database: whether it answers, is at the state of this version, is safe, and has room for more connections."""

import time
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cps.health.finding import Finding, State, graded, summed
from cps.kernel import clock, schema
from cps.kernel import replica as replicas
from cps.kernel.db import db
from cps.settings import Settings

_SLOW_MS, _TOO_SLOW_MS = 50, 500
_MANY_CONNECTIONS, _TOO_MANY_CONNECTIONS = 0.8, 0.95
_LONG, _TOO_LONG = timedelta(minutes=5), timedelta(hours=1)
_APART_SECONDS, _FAR_APART_SECONDS = 2, 60
_MIB: Final = 2**20

_STATE: Final = text(
    "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,"
    " current_setting('data_checksums') AS checksums, pg_database_size(current_database()) AS bytes,"
    " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"
    " / current_setting('max_connections')::float AS used,"
    " (SELECT max(clock_timestamp() - xact_start) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()) AS longest,"
    " clock_timestamp() AS now"
)


# In one question to each: where the primary's log ends, and how far before that the replica is.
_PLACE: Final = text("SELECT pg_current_wal_lsn()::text")
_FOLLOWING: Final = text(
    "SELECT pg_is_in_recovery() AS follows, CASE WHEN pg_is_in_recovery()"
    " THEN pg_wal_lsn_diff(CAST(:place AS pg_lsn), pg_last_wal_replay_lsn()) END AS bytes,"
    " extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) AS seconds"
)


def database(_settings: Settings) -> Finding:
    """Look at the server: how quickly it answers, what it is set to, what it is busy with."""
    begun = time.perf_counter()
    db.session.execute(text("SELECT 1"))
    taken = (time.perf_counter() - begun) * 1000
    found = db.session.execute(_STATE).one()
    longest = found.longest or timedelta()
    figures = {
        "version": found.version,
        "answer_ms": round(taken, 1),
        "size_mib": round(found.bytes / _MIB),
        "connections_used_share": round(found.used, 3),
        "longest_transaction_seconds": round(longest.total_seconds()),
        "clock_apart_seconds": round(abs((found.now - clock.of_this_machine()).total_seconds()), 1),
    }
    wrong = _wrong(found, figures, longest)
    if not wrong:
        told = f"PostgreSQL {found.version} answers in {taken:.0f} ms; it holds {found.bytes / _MIB:.0f} MiB."
        return Finding("database", State.OK, told, figures=figures)
    return summed("database", wrong, figures)


def replica(settings: Settings) -> Finding:
    """Look whether the replica follows, and how far it is behind."""
    if not settings.database_replica_url:
        return Finding("replica", State.OFF, "There is no replica: everything is read from the one database.")
    most = settings.database_replica_seconds
    try:
        with db.engines[replicas.NAME].connect() as connection:
            found = connection.execute(_FOLLOWING, {"place": db.session.scalar(_PLACE)}).one()
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        told = f"The replica does not answer ({reason}); everything is read from the primary."
        return Finding("replica", State.WARNING, told, "Start it, or check CPS_DATABASE_REPLICA_URL.")
    if not found.follows:
        told = "What should be the replica follows no primary: it was promoted, or is another database."
        todo = "Make it anew from the primary (docs/scaling.md), or take CPS_DATABASE_REPLICA_URL away."
        return Finding("replica", State.FAULT, told, todo)
    behind = max(0, int(found.bytes))
    seconds = 0.0 if not behind else max(0.0, float(found.seconds or 0))
    figures = {"behind_bytes": behind, "behind_seconds": round(seconds, 1)}
    if seconds > most:
        told = f"The replica is {seconds:.0f} seconds behind ({behind / _MIB:.0f} MiB) and is not read."
        todo = "See in pg_stat_replication on the primary whether it is connected, and in its log what holds it up."
        return Finding("replica", State.WARNING, told, todo, figures)
    return Finding("replica", State.OK, "The replica follows and is read.", figures=figures)


def _wrong(found: Any, figures: dict[str, Any], longest: timedelta) -> list[tuple[State, str, str]]:
    """Return what is wrong with it: how bad, in a sentence, and what to do."""
    looks = (
        (
            State.OK if found.fsync == "on" else State.FAULT,
            "`fsync` is off: what people were told is kept can be lost with the power.",
            "Set `fsync = on` in postgresql.conf.",
        ),
        (
            State.OK if found.checksums == "on" else State.WARNING,
            "Pages have no checksums: a damaged disk would go unnoticed.",
            "Stop the server and run `pg_checksums --enable`.",
        ),
        (
            graded(figures["answer_ms"], warning=_SLOW_MS, fault=_TOO_SLOW_MS),
            f"It needs {figures['answer_ms']:.0f} ms for the least question.",
            "See what the machine and the network to it are busy with.",
        ),
        (
            graded(found.used, warning=_MANY_CONNECTIONS, fault=_TOO_MANY_CONNECTIONS),
            f"{found.used:.0%} of its connections are taken.",
            "Raise `max_connections`, or lower CPS_WEB_WORKERS and CPS_WEB_THREADS.",
        ),
        (
            graded(longest.total_seconds(), warning=_LONG.total_seconds(), fault=_TOO_LONG.total_seconds()),
            f"A transaction has been open for {longest.total_seconds() / 60:.0f} minutes and keeps others waiting.",
            "Look at pg_stat_activity, and end what hangs with pg_terminate_backend.",
        ),
        (
            graded(figures["clock_apart_seconds"], warning=_APART_SECONDS, fault=_FAR_APART_SECONDS),
            f"Its clock and ours are {figures['clock_apart_seconds']:.0f} seconds apart.",
            "Let a time service keep both machines right.",
        ),
    )
    return [look for look in looks if look[0] is not State.OK]


def migrations(_settings: Settings) -> Finding:
    """Look whether the database is at the state that this version needs, or at one that works with it."""
    present, needed = schema.present(), schema.needed()
    figures = {"present": present, "needed": needed}
    if present == needed:
        return Finding("migrations", State.OK, f"The database is at migration {needed}.", figures=figures)
    if present is None:
        return Finding(
            "migrations",
            State.FAULT,
            "The database is empty.",
            "Run `cps database migrate`, then `cps city load PATH`.",
            figures,
        )
    if schema.suits(present):
        told = f"The database is at migration {present}, newer than {needed}, and works with this version."
        return Finding("migrations", State.OK, told, figures=figures)
    if present > needed:
        told = f"The database is at migration {present}, which this version does not know; it needs {needed}."
        return Finding("migrations", State.FAULT, told, "Install the newer version again.", figures)
    told = f"The database is at migration {present}; this version needs {needed}."
    return Finding("migrations", State.FAULT, told, "Run `cps database migrate`.", figures)
