"""`cps jobs`: what is done in the background."""

import click

from cps.console.session import application, settings_in_use
from cps.kernel import jobs as queue
from cps.kernel.db import db


@click.group()
def jobs() -> None:
    """What is done in the background."""


@jobs.command()
def retry() -> None:
    """Let every job that was given up be tried once more."""
    with application(settings_in_use(), lambda words: click.echo(words, err=True)):
        count = queue.retry_failed()
        db.session.commit()
    click.echo(f"{count} {'job is' if count == 1 else 'jobs are'} tried again.")
