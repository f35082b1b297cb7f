"""`cps backup`: keep the city's database and files, and see what is kept. `cps restore-drill` proves it."""

import sys
from datetime import datetime

import click

from cps.backup import notes
from cps.backup.base import BaseBackup, Kept
from cps.backup.media import Snapshot
from cps.backup.setup import Backups, backups_of
from cps.console.session import settings_in_use
from cps.settings import Settings

_MIB = 2**20


@click.group()
def backup() -> None:
    """The city's backups."""


@backup.command()
def prepare() -> None:
    """Make both repositories, where they are missing; PostgreSQL must run."""
    backups = backups_of(settings_in_use())
    backups.base.prepare()
    backups.media.prepare()
    click.echo("Both repositories are there, and their passphrases open them.")


@backup.command()
def run() -> None:
    """Back up the database, then the files, and drop what is too old: once a night, by a timer.

    The database comes first: every photo that one of its rows names was there before the row, so files that are kept
    afterwards hold them all.
    """
    settings = settings_in_use()
    backups = backups_of(settings)
    made = backups.base.back_up()
    click.echo(f"The database: {made.kind} backup {made.label}, {made.kept / _MIB:,.0f} MiB.")
    _base_seen(settings, backups)
    backups.media.back_up()
    backups.media.forget()
    _files_seen(settings, backups)
    click.echo("The files: kept; what is older than five weeks is dropped.")


@backup.command("media")
def run_media() -> None:
    """Keep the files as they are now: every few minutes, by a timer."""
    settings = settings_in_use()
    backups = backups_of(settings)
    backups.media.back_up()
    _files_seen(settings, backups)


@backup.command()
def check() -> None:
    """Say what both repositories hold. The exit code is 1 where one holds nothing yet."""
    settings = settings_in_use()
    backups = backups_of(settings)
    kept, snapshots = _base_seen(settings, backups), _files_seen(settings, backups)
    rows = {
        "Base backup": _base_told(kept.newest) if kept.newest else "none yet",
        "Newest WAL": kept.newest_wal or "none yet",
        "Files": f"{_told(snapshots[-1].at)}, the newest of {len(snapshots)}" if snapshots else "none yet",
    }
    for name, told in rows.items():
        click.echo(f"{name:<14}{told}")
    if kept.newest is None or not snapshots:
        sys.exit(1)


def _base_seen(settings: Settings, backups: Backups) -> Kept:
    """Look at the database's repository, and note it for `cps doctor`, which may not open it."""
    kept = backups.base.kept()
    if kept.newest:
        newest = {"at": kept.newest.at.isoformat(), "kind": kept.newest.kind, "bytes": kept.newest.size}
        notes.write(settings.var, notes.BASE, newest)
    return kept


def _files_seen(settings: Settings, backups: Backups) -> list[Snapshot]:
    snapshots = backups.media.snapshots()
    if snapshots:
        newest = {"at": snapshots[-1].at.isoformat(), "snapshots": len(snapshots)}
        notes.write(settings.var, notes.FILES, newest)
    return snapshots


def _base_told(newest: BaseBackup) -> str:
    return f"{_told(newest.at)}, {newest.kind}, {newest.size / _MIB:,.0f} MiB, as {newest.label}"


def _told(at: datetime) -> str:
    return at.astimezone().isoformat(sep=" ", timespec="seconds")
