"""The proof of a backup: restore it apart from what lives, start it, and compare it with the living city, row for row.

Where no city lives any more, or an earlier moment is asked for, what was restored is looked at by itself, and what could
not be compared is said.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import psycopg

from cps.backup import mark, notes
from cps.backup.base import BaseBackup
from cps.backup.mark import Mark
from cps.backup.media import Snapshot
from cps.backup.report import Asked, Report
from cps.backup.scratch import Scratch, scratch, served
from cps.backup.setup import Backups
from cps.backup.verifying import Restored
from cps.kernel import clock
from cps.kernel.errors import Unusable

_HISTORY: Final = "A chain over the history: there is none yet."
_GONE_ON: Final = "Rows: the living city has gone on since the moment asked for."
_HEAD_ROOM: Final = 1.15  # of the database: the WAL to recover with, and what it adds
# Whoever says so lives, and is no disaster to be rehearsed without it.
_REFUSED: Final = re.compile(r'FATAL: +(?!database ".*" does not exist|the database system is)')
_PROMOTE: Final = "--target-action=promote"


@dataclass(frozen=True)
class _Target:
    """Where recovery ends, as pgBackRest's options, and the mark of the living city there."""

    options: tuple[str, ...]
    living: Mark | None = None


def drill(backups: Backups, asked: Asked, *, say: Callable[[str], None]) -> Report:
    """Restore, verify and report; the result is noted for `cps doctor`, also when it could not be done.

    One to an earlier moment is not noted: it proves less, and failing to reach a moment long past is no fault.
    Raises Unusable, in one sentence, where something is in the way.
    """
    report = Report(clock.now())
    with scratch(asked.into, backups.account, keep=asked.keep) as place:
        try:
            _restore_and_verify(backups, asked, place, report, say)
            report.kept_in = str(asked.into) if asked.keep else None
        except Unusable as reason:
            report.faults.append(str(reason))
            raise
        finally:
            is_over = report.faults or report.rto_seconds is not None
            if is_over and asked.at is None:
                notes.write(asked.var, notes.DRILL, report.as_json())
    return report


def _restore_and_verify(
    backups: Backups, asked: Asked, place: Scratch, report: Report, say: Callable[[str], None]
) -> None:
    newest = _expect_room(backups, place, report)
    target = _target(backups, asked, report, newest, say)
    snapshot = _snapshot(backups, target.living, asked)
    begun = time.monotonic()
    say("Restoring the database …")
    backups.base.restore(place.data, tablespaces=place.tablespaces, to=target.options, keeps=place.lock)
    report.seconds["database"] = _since(begun)
    say("Restoring the files …")
    backups.media.restore(snapshot, place.media, keeps=place.lock)
    report.seconds["files"] = _since(begun)
    say("Recovering …")
    environment = backups.base.environment()
    with served(place, like=asked.url, bindir=asked.bindir, environment=environment) as url:
        report.seconds["recovered"] = _since(begun)
        say("Verifying …")
        Restored(url, place, backups.media, asked, target.living).verify(report)
    report.rto_seconds = _since(begun)


def _expect_room(backups: Backups, place: Scratch, report: Report) -> BaseBackup:
    """Return the newest base backup, and note how old the newest files are; Unusable where there is no room for them."""
    newest, snapshots = backups.base.kept().newest, backups.media.snapshots()
    if newest is None or not snapshots:
        raise Unusable("There is nothing to restore yet: run `cps backup run` first.")
    report.media_rpo_seconds = round((report.began_at - snapshots[-1].at).total_seconds(), 1)
    place.refuse_unless_room(round(newest.size * _HEAD_ROOM) + backups.media.size(snapshots[-1]))
    return newest


def _target(
    backups: Backups, asked: Asked, report: Report, newest: BaseBackup, say: Callable[[str], None]
) -> _Target:
    """Decide where recovery ends; mark the present moment of a city that lives, if no other is asked for."""
    _ask_the_living(asked, report)
    report.not_compared.append(_HISTORY)
    report.restored_to = asked.at
    if asked.at is not None:
        if report.is_living:
            report.not_compared.append(_GONE_ON)
            mark.close_wal(asked.url)
        return _Target(("--type=time", f"--target={asked.at:%Y-%m-%d %H:%M:%S.%f%z}", _PROMOTE))
    if not report.is_living:
        return _Target(("--type=default",))
    say("Marking this moment, and summing up what lives …")
    living = mark.set_mark(asked.url)
    backups.media.back_up()
    report.compared, report.restored_to = "every row of every table with the living city's", living.at
    # From the one that was there before: one that is made meanwhile ends after the moment, and does not lead to it.
    return _Target((f"--set={newest.label}", "--type=name", f"--target={living.name}", _PROMOTE), living)


def _ask_the_living(asked: Asked, report: Report) -> None:
    """Note whether the city lives, and how old its newest archived change is."""
    try:
        archived = mark.archived_at(asked.url)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0].rpartition("failed: ")[2]
        if _REFUSED.match(reason):
            raise Unusable(
                f"The living database does not let this drill in ({reason}), so nothing could be compared: see "
                "CPS_DATABASE_URL, pg_hba.conf and pg_ident.conf, as docs/backup.md says."
            ) from error
        report.not_compared.append(f"Rows: the living database does not answer ({reason}).")
        return
    report.is_living = True
    if archived is not None:  # a server that crashed has forgotten it
        report.rpo_seconds = round((report.began_at - archived).total_seconds(), 1)


def _snapshot(backups: Backups, living: Mark | None, asked: Asked) -> Snapshot:
    """Choose the first snapshot after the moment: what a row names was there before the row."""
    moment = living.at if living else asked.at
    snapshots = backups.media.snapshots()
    later = [one for one in snapshots if moment is not None and one.at >= moment]
    return later[0] if later else snapshots[-1]


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 1)
