"""`cps city handover`: the sheet that is printed and signed when WeGO hands a city its system."""

import sys
from importlib.metadata import version

import click

from cps.console.newcity import ready, sheet
from cps.console.session import application, settings_in_use


@click.command()
def handover() -> None:
    """Print the hand-over sheet as one HTML page: `cps city handover > sheet.html`.

    It names the officials and holds no passwords. Print it on A4, in the city's languages and English.
    """
    settings = settings_in_use()
    with application(settings, lambda words: click.echo(words, err=True)) as app:
        page = sheet.written(
            app, ready.everything(settings), address=settings.base_url, version=version("cps")
        )
    sys.stdout.buffer.write(page.encode())
