"""`cps assets`: what is built once at set-up."""

import click

from cps.web import building


@click.group()
def assets() -> None:
    """Styles, scripts and catalogues."""


@assets.command("build")
def build() -> None:
    """Bundle styles and scripts with content hashes; compile the catalogues."""
    for name in building.build():
        click.echo(name)
