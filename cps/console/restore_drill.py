"""`cps restore-drill`: prove that the backups can be restored, without touching what lives."""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Final

import click

from cps.backup.drill import drill
from cps.backup.report import RPO_GOAL, Asked, Report
from cps.backup.setup import backups_of
from cps.console.session import settings_in_use
from cps.kernel import clock, schema
from cps.kernel.db import libpq_url
from cps.kernel.errors import Unusable
from cps.kernel.postgres import ELSEWHERE
from cps.settings import photos_of

_MIB: Final = 2**20


@click.command("restore-drill")
@click.option("--at", "at", metavar="TIME", help="Restore to this moment instead of now (2026-11-30T10:00).")
@click.option("--into", type=click.Path(path_type=Path), help="The empty folder to restore into.")
@click.option("--keep", is_flag=True, help="Leave what was restored in the folder.")
@click.option("--json", "as_json", is_flag=True, help="Say it for programs.")
def restore_drill(at: str | None, into: Path | None, *, keep: bool, as_json: bool) -> None:
    """Restore the backups into a folder of their own, start them, and compare them with the living city, row for row.

    Nothing that lives is touched; who files a report waits for half a second at most. The exit code is 0 if all is
    proved, 2 if something is wrong.
    """
    settings = settings_in_use()
    backups = backups_of(settings)
    assert settings.database_url is not None, "backups_of refuses without one"
    asked = Asked(
        url=libpq_url(settings.database_url),
        var=settings.var,
        photos=photos_of(settings),
        into=(into or _place(settings.var, settings.backup_stanza)).absolute(),
        needed_migration=schema.needed(),
        at=_moment(at) if at else None,
        keep=keep,
        bindir=settings.pg_bindir,
    )
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        report = drill(backups, asked, say=lambda words: click.echo(words, err=True))
    except Unusable as reason:
        click.echo(str(reason), err=True)
        sys.exit(2)
    finally:
        signal.signal(signal.SIGTERM, before)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _tell(report)
    sys.exit(2 if report.faults else 0)


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(2)  # by way of every `finally`


def _place(var: Path, stanza: str) -> Path:
    """Return the folder of drills where none is named: for root one that the database's user can reach."""
    return ELSEWHERE / f"drill-{stanza}" if os.geteuid() == 0 else var / "backup" / "drill"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip()).astimezone()
    except ValueError:
        raise Unusable(f"{text!r} is no moment like 2026-11-30T10:00.") from None
    if moment > clock.now():
        raise Unusable(f"{moment.isoformat()} is still to come.")
    return moment


def _tell(report: Report) -> None:
    size = report.database_bytes / _MIB
    what = f"PostgreSQL {report.version}, migration {report.migration}, {report.tables} tables"
    steps = ", ".join(f"{name} {seconds:,.0f} s" for name, seconds in report.seconds.items())
    rows = {
        "Restored to": _told(report.restored_to) or "the newest change in the archive",
        "Newest event": _told(report.newest_change) or "none",
        "Database": f"{what}, {report.rows:,} rows, {report.reports:,} reports, {size:,.0f} MiB",
        "Files": f"{report.photos:,} files of photos, {report.media_bytes / _MIB:,.1f} MiB",
        "Compared": report.compared,
        "RPO": _rpo(report),
        "RTO": f"{report.rto_seconds:,.0f} s (after {steps})",
    }
    for name, told in rows.items():
        click.echo(f"{name:<14}{told}")
    if report.removed_meanwhile:
        click.echo(
            f"{'':<14}{report.removed_meanwhile} files were removed meanwhile, in the living city too."
        )
    for told in report.not_compared:
        click.echo(f"Not compared  {told}")
    if report.kept_in:
        click.echo(f"Kept in       {report.kept_in}")
    for fault in report.faults:
        click.echo(f"WRONG         {fault}")
    click.echo("\nThe backup is NOT proved." if report.faults else "\nThe backup is proved.")


def _told(at: datetime | None) -> str:
    return at.astimezone().isoformat(sep=" ", timespec="seconds") if at else ""


def _rpo(report: Report) -> str:
    photos = f"{report.media_rpo_seconds:,.0f} s of photos"
    if report.rpo_seconds is None:
        return f"of the database not known, for no server tells when it last archived; {photos}"
    return f"at most {report.rpo_seconds:,.0f} s of the database (goal {RPO_GOAL.total_seconds():.0f} s), {photos}"
