"""`cps database`: the connection in use, for people and scripts."""

import os
import shutil
import signal
import subprocess

import click
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cps.app import create_app
from cps.console import migrating
from cps.console.session import database_url, settings_in_use
from cps.kernel import postgres
from cps.kernel.db import db, libpq_url
from cps.kernel.errors import Unusable
from cps.kernel.postgres_programs import found
from cps.settings import Settings


@click.group()
def database() -> None:
    """The database in use."""


@database.command("url")
def print_url() -> None:
    """Print the connection in use; start nothing."""
    settings = settings_in_use()
    click.echo(libpq_url(settings.database_url) if settings.database_url else postgres.address(settings.var))


@database.command()
@click.option("--to", metavar="MIGRATION", help="Go back to this migration, as 0049, for an older release.")
@click.option("--yes", is_flag=True, help="Do not ask before going back.")
def migrate(to: str | None, yes: bool) -> None:
    """Bring the database up to date with this version; every other command does so by itself."""
    settings = settings_in_use()
    if to and not yes:
        click.confirm(f"What only migrations after {to} keep will be lost. Go back?", abort=True, err=True)
    with database_url(settings, _tell) as url, create_app(settings, database_url=url).app_context():
        if to:
            migrating.back_to(to)
        else:
            migrating.to_head()
        db.session.remove()
        db.engine.dispose()


@database.command()
def shell() -> None:
    """Open psql on the connection in use."""
    settings = settings_in_use()
    program = _psql(settings)
    with database_url(settings, _tell) as url:
        where, secret = _connection(url)
        ours = signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # Ctrl-C is psql's: it ends a query, not the shell
        try:
            ended = subprocess.run([program, "--dbname", where], check=False, env={**os.environ, **secret})
        finally:
            signal.signal(signal.SIGINT, ours)
    if ended.returncode:
        raise click.exceptions.Exit(ended.returncode)


def _connection(url: str) -> tuple[str, dict[str, str]]:
    """Part the password from the rest: everybody on the machine can read a command line."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    return make_conninfo("", **parts), {"PGPASSWORD": str(password)} if password else {}


def _psql(settings: Settings) -> str:
    try:
        ours = found(settings.pg_bindir) / "psql"
    except Unusable:
        ours = None
    program = str(ours) if ours and ours.is_file() else shutil.which("psql")
    if program is None:
        raise Unusable("There is no psql on this machine: install PostgreSQL's client programs.")
    return program


def _tell(words: str) -> None:
    click.echo(words, err=True)  # what psql prints may be somebody's data
