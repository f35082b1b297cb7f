"""`cps doctor`: how the installation is, part by part, and what to do about what is not well."""

import json
import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

import click

from cps.app import create_app
from cps.console.session import database_url, settings_in_use
from cps.health import looks
from cps.health.finding import Finding, State, worst
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.settings import Settings

_MARKS: Final = {State.OK: "ok", State.OFF: "off", State.WARNING: "warning", State.FAULT: "FAULT"}
# As monitoring programs read it: well, a warning, a fault.
EXIT_CODES: Final = {State.OK: 0, State.WARNING: 1, State.FAULT: 2}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say it for programs.")
def doctor(*, as_json: bool) -> None:
    """Look at every part of the installation and say what to do about what is not well.

    Nothing is changed. The exit code is 0 if all is well, 1 with a warning, 2 with a fault.
    """
    settings = settings_in_use()
    found = _found(settings)
    state = worst(found)
    if as_json:
        click.echo(json.dumps(report_of(settings, found), ensure_ascii=False, indent=2))
    else:
        tell(found)
    sys.exit(EXIT_CODES[state])


def _found(settings: Settings) -> list[Finding]:
    alone = looks.alone(settings)
    try:
        with database_url(settings, lambda words: click.echo(words, err=True)) as url:
            app = create_app(settings, database_url=url)
            with app.app_context():
                try:
                    return [*alone, *looks.at_the_database(settings)]
                finally:
                    db.session.remove()
                    db.engine.dispose()
    except Unusable as error:
        return [*alone, Finding("database", State.FAULT, str(error), "Start it, or check CPS_DATABASE_URL.")]


def tell(found: list[Finding], marks: Mapping[str, str] | None = None) -> None:
    """Print findings for people, a line each and one for what to do; `marks`: what some are marked with, by name."""
    width = max(len(finding.name) for finding in found) + 2
    for finding in found:
        click.echo(
            f"{(marks or {}).get(finding.name, _MARKS[finding.state]):<9}{finding.name:<{width}}{finding.told}"
        )
        if finding.todo:
            click.echo(f"{'':<{9 + width}}→ {finding.todo}")
    click.echo(f"\n{_summed(found)}")


def report_of(settings: Settings, found: list[Finding]) -> dict[str, Any]:
    """Return findings for programs."""
    return {
        "status": worst(found).value,
        "looked_at": clock.now().isoformat(),
        "address": settings.base_url,
        "version": version("cps"),
        "parts": [finding.as_json() for finding in found],
    }


def _summed(found: list[Finding]) -> str:
    faults = sum(finding.state is State.FAULT for finding in found)
    warnings = sum(finding.state is State.WARNING for finding in found)
    if not faults and not warnings:
        return "All is well."
    return f"{faults} {'fault' if faults == 1 else 'faults'}, {warnings} {'warning' if warnings == 1 else 'warnings'}."
