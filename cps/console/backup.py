"""`cps backup`: keep the city's database and files, and see what is kept. `cps restore-drill` proves it."""

import sys
from datetime import datetime
from typing import Any

import click

from cps.backup import notes
from cps.backup.base import Kept
from cps.backup.media import Snapshot
from cps.backup.setup import Backups, backups_of
from cps.console.session import settings_in_use
from cps.kernel import clock
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
    backups.media.back_up()
    backups.media.forget()
    _note(settings, backups)
    click.echo("The files: kept; what is older than five weeks is dropped.")


@backup.command("media")
def run_media() -> None:
    """Keep the files as they are now: every few minutes, by a timer."""
    settings = settings_in_use()
    backups = backups_of(settings)
    backups.media.back_up()
    _note(settings, backups)


@backup.command()
def check() -> None:
    """Say what both repositories hold. The exit code is 1 where one holds nothing yet."""
    settings = settings_in_use()
    backups = backups_of(settings)
    kept, snapshots = _note(settings, backups)
    if kept.newest is None:
        click.echo("Base backup      none yet")
    else:
        newest = kept.newest
        click.echo(f"Base backup      {_told(newest.at)}: {newest.label}, {newest.size / _MIB:,.0f} MiB")
    click.echo(f"Newest WAL       {kept.newest_wal or 'none yet'}")
    click.echo(
        f"Files            {_told(snapshots[-1].at)}: {snapshots[-1].id}, the newest of {len(snapshots)}"
        if snapshots
        else "Files            none yet"
    )
    if kept.newest is None or not snapshots:
        sys.exit(1)


def _note(settings: Settings, backups: Backups) -> tuple[Kept, list[Snapshot]]:
    """Note what both repositories hold, for `cps doctor`, which may not open them."""
    kept, snapshots = backups.base.kept(), backups.media.snapshots()
    seen: dict[str, Any] = {"at": clock.now().isoformat(), "base": None, "media": None}
    if kept.newest:
        seen["base"] = {"at": kept.newest.at.isoformat(), "kind": kept.newest.kind, "bytes": kept.newest.size}
    if snapshots:
        seen["media"] = {"at": snapshots[-1].at.isoformat(), "snapshots": len(snapshots)}
    notes.write(settings.var, notes.SEEN, seen)
    return kept, snapshots


def _told(at: datetime) -> str:
    return at.astimezone().isoformat(sep=" ", timespec="seconds")
