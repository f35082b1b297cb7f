"""`cps assets`: what is built once at set-up."""

import click
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from cps.kernel.files import TEMPLATES
from cps.web import building
from cps.web.assets import text


@click.group()
def assets() -> None:
    """Styles, scripts and catalogues."""


@assets.command("build")
def build() -> None:
    """Bundle styles and scripts with content hashes; compile the catalogues."""
    for name in building.build():
        click.echo(name)


@assets.command("away")
def away() -> None:
    """Print the page that a proxy shows while the city does not answer; it needs no other file."""
    style = Markup(text("citizen.css") + text("shown.css"))  # noqa: S704 - our own files
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    click.echo(environment.get_template("refusals/plain.html").render(status=503, style=style))
