"""The backups: how old each part of them is, and whether a drill has proved them.

The repositories are for root and the database's user to open; what `cps backup` and `cps restore-drill` last saw of them
is read from their notes. Of the archive the living database knows by itself.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cps.backup import notes
from cps.health.finding import Finding, State, graded, summed, worst_of
from cps.kernel import clock
from cps.kernel.db import db
from cps.settings import Settings

_BASE = (timedelta(hours=26), timedelta(days=3))
_WAL = (timedelta(minutes=5), timedelta(hours=1))
_FILES = (timedelta(minutes=30), timedelta(hours=26))
_DRILL = (timedelta(days=40), timedelta(days=100))
_LONGEST_SEGMENT_SECONDS: Final = 300

_ARCHIVER: Final = text(
    "SELECT current_setting('archive_mode') AS mode, extract(epoch FROM setting::interval) AS timeout,"
    " failed_count AS failed, last_failed_time > coalesce(last_archived_time, '-infinity') AS is_failing"
    " FROM pg_stat_archiver, (SELECT current_setting('archive_timeout') AS setting) AS s"
)
_WAITING: Final = text(
    "SELECT count(*) AS segments, min(modification) AS oldest FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"
)

Grade = tuple[State, str, str]


def backup(settings: Settings) -> Finding:
    """Look at the base backups, the archive, the files and the last drill."""
    if not settings.backup_stanza:
        return _none(settings)
    drill = notes.read(settings.var, notes.DRILL)
    base, files = (_age(notes.read(settings.var, name), "at") for name in (notes.BASE, notes.FILES))
    proved = _age(drill, "began_at")
    archive, figures = _archive()
    figures |= {
        "base_age_seconds": _seconds(base),
        "files_age_seconds": _seconds(files),
        "drill_age_seconds": _seconds(proved),
    }
    looks = (
        _graded(base, _BASE, "base backup", "Run `cps backup run`, and see why its timer did not."),
        archive,
        _graded(
            files, _FILES, "backup of the files", "Run `cps backup media`, and see why its timer did not."
        ),
        _of_the_drill(drill, proved),
    )
    wrong = [look for look in looks if look[0] is not State.OK]
    if not wrong:
        told = (
            f"Base backup {_span(base)} ago, files {_span(files)} ago, proved by a drill {_span(proved)} ago."
        )
        return Finding("backup", State.OK, told, figures=figures)
    return summed("backup", wrong, figures)


def _none(settings: Settings) -> Finding:
    if settings.is_demo:
        return Finding("backup", State.OFF, "A demo needs no backup.")
    if settings.media is not None and db.session.execute(_ARCHIVER).one().mode != "off":
        told = "Not made on this host: the database's changes are archived, and its host makes the backups."
        return Finding("backup", State.OFF, told)
    return Finding(
        "backup",
        State.WARNING,
        "There is no backup.",
        "Set one up: docs/backup.md says how, step by step.",
    )


def _archive() -> tuple[Grade, dict[str, Any]]:
    """Look whether the database's changes leave the machine, and for how long the oldest that should have waits."""
    found = db.session.execute(_ARCHIVER).one()
    figures = {"archive_failures": found.failed, "archive_timeout_seconds": int(found.timeout)}
    if found.mode == "off":
        todo = "Set `archive_mode = on` and `archive_command` in postgresql.conf, and restart PostgreSQL."
        return (State.FAULT, "The database's changes are not archived.", todo), figures
    try:
        waiting = db.session.execute(_WAITING).one()
    except ProgrammingError:
        db.session.rollback()
        todo = (
            f"As superuser: GRANT EXECUTE ON FUNCTION pg_ls_archive_statusdir() TO {db.engine.url.username}."
        )
        return (State.WARNING, "It cannot be seen what waits for the archive.", todo), figures
    age = clock.now() - waiting.oldest if waiting.oldest else timedelta()
    figures |= {"archive_waiting": waiting.segments, "archive_waiting_seconds": round(age.total_seconds())}
    state = _by(age, _WAL)
    if found.is_failing and waiting.segments:
        state = worst_of((state, State.WARNING))
    if state is not State.OK:
        told = f"The archive has not taken the database's changes for {_span(age)}: a disaster now would lose them."
        return (
            state,
            told,
            "PostgreSQL's log says why; see that the repository is there and has room.",
        ), figures
    if not 0 < found.timeout <= _LONGEST_SEGMENT_SECONDS:
        told = "Changes may stay out of the archive for long: `archive_timeout` is not set to a minute."
        return (State.WARNING, told, "Set `archive_timeout = 60` in postgresql.conf, and reload."), figures
    return (State.OK, "", ""), figures


def _of_the_drill(drill: Mapping[str, Any] | None, age: timedelta | None) -> Grade:
    todo = "Run `cps restore-drill`."
    if drill is not None and not drill.get("ok"):
        faults = drill.get("faults") or ["no reason was noted"]
        return State.FAULT, f"The last drill failed: {str(faults[0]).rstrip('.')}.", todo
    if age is None:
        return State.WARNING, "No drill has proved the backup yet.", todo
    return _graded(age, _DRILL, "drill", todo)


def _graded(age: timedelta | None, limits: tuple[timedelta, timedelta], what: str, todo: str) -> Grade:
    if age is None:
        return State.FAULT, f"There is no {what} yet.", todo
    return _by(age, limits), f"The last {what} was {_span(age)} ago.", todo


def _by(age: timedelta, limits: tuple[timedelta, timedelta]) -> State:
    warning, fault = (limit.total_seconds() for limit in limits)
    return graded(age.total_seconds(), warning=warning, fault=fault)


def _age(note: Mapping[str, Any] | None, name: str) -> timedelta | None:
    """Return how long ago the moment in a note is; None if there is none, or it cannot be read."""
    try:
        return clock.now() - datetime.fromisoformat(str((note or {})[name]))
    except (KeyError, ValueError, TypeError):
        return None


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else round(age.total_seconds())


def _span(age: timedelta | None) -> str:
    seconds = (age or timedelta()).total_seconds()
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
