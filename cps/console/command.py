"""The `cps` command, put together from one file per noun.

A command's module is loaded when the command is called: the web side needs no drawing of demo
pictures, and `cps --help` needs nothing at all.
"""

import sys
from importlib import import_module

import click

from cps.kernel.errors import Unusable
from cps.photos.storage import Away

_COMMANDS = {
    "assets": "Styles, scripts and catalogues.",
    "backup": "The city's backups.",
    "basemap": "The base map under the outlines.",
    "city": "The city's profile.",
    "database": "The database in use.",
    "doctor": "How the installation is, and what to do about it.",
    "demo": "Run a whole city on this machine, filled with made-up reports.",
    "fleet": "Many cities on many servers.",
    "media": "Where the city's photos are kept.",
    "jobs": "What is done in the background.",
    "people": "Officials.",
    "restore-drill": "Prove that the backups can be restored, row for row.",
    "routing": "Who answers for a report, and why.",
    "sla": "By when a promise is due.",
    "serve": "Answer citizens and officials over HTTP.",
    "suggestions": "What kind of problem is suggested from the words.",
    "work": "Do what requests left for later.",
}


class _Nouns(click.Group):
    """A group that loads a command when it is asked for, and says in one sentence what keeps it from working."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"cps.console.{_module(name)}"), _module(name))
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except Unusable as reason:
            click.echo(str(reason), err=True)
        except Away:
            click.echo("The bucket of CPS_MEDIA does not answer: see `cps doctor`.", err=True)
        sys.exit(1)


def _module(name: str) -> str:
    return name.replace("-", "_")


@click.group(cls=_Nouns)
@click.version_option(package_name="cps")
def main() -> None:
    """Civic Participation System."""
