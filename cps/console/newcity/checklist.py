"""`cps city checklist`: what is left before citizens may come, line by line, with how it was checked."""

import json
import sys

import click

from cps.console import doctor
from cps.console.newcity import ready
from cps.console.session import application, settings_in_use
from cps.health.finding import worst


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say it for programs.")
def checklist(*, as_json: bool) -> None:
    """Say what is left before citizens may come: the city, its officials, the installation.

    Nothing is changed. What only people can look at stands at the end. The exit code is 0 if nothing is left that
    can be looked at, 1 with a warning, 2 with a fault.
    """
    settings = settings_in_use()
    with application(settings, lambda words: click.echo(words, err=True)):
        found = ready.everything(settings)
    if as_json:
        click.echo(json.dumps(doctor.report_of(settings, found), ensure_ascii=False, indent=2))
    else:
        doctor.tell(found, dict.fromkeys(ready.BY_HAND_NAMES, "by hand"))
    sys.exit(doctor.EXIT_CODES[worst(found)])
