"""`cps fleet`: many cities on many servers, as an inventory of `deploy/bin/install` names them."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click

from cps.console.fleet_looking import Seen, cities_of, look
from cps.health.finding import State, worst_of
from cps.kernel.errors import Unusable
from cps.kernel.files import ANSIBLE

_MARKS: Final = {State.OK: "ok", State.OFF: "ok", State.WARNING: "warning", State.FAULT: "FAULT"}
_EXIT_CODES: Final = {State.OK: 0, State.WARNING: 1, State.FAULT: 2}
_INSTALL: Final = ANSIBLE.parent / "bin" / "install"

_inventory = click.option(
    "--inventory",
    required=True,
    type=click.Path(path_type=Path),
    help="The servers and their cities, as docs/install.md shows.",
)


@click.group()
def fleet() -> None:
    """Many cities on many servers."""


@fleet.command()
@_inventory
@click.option("--json", "as_json", is_flag=True, help="Say it for programs.")
def status(inventory: Path, *, as_json: bool) -> None:
    """Say how every city is, and what to do about what is not well.

    The exit code is 0 if all is well, 1 with a warning, 2 with a fault.
    """
    seen = look(inventory)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in seen], ensure_ascii=False, indent=2))
    else:
        _print_table(seen)
        _print_troubles(seen)
    sys.exit(_EXIT_CODES[worst_of(one.state for one in seen)])


@fleet.command()
@_inventory
@click.option("--city", "only", multiple=True, help="Upgrade this city alone; may be given again.")
def upgrade(inventory: Path, only: Sequence[str]) -> None:
    """Bring every city to the release of this checkout, one after another, and stop at the first that is worse for it."""
    if not _INSTALL.is_file():
        raise Unusable(
            "A checkout is needed to upgrade from: run it there, as `.venv/bin/cps fleet upgrade`."
        )
    planned = [
        (host, code)
        for host, codes in cities_of(inventory).items()
        for code in codes
        if not only or code in only
    ]
    if unknown := set(only) - {code for _host, code in planned}:
        raise Unusable(f"{inventory} names no city {', '.join(sorted(unknown))}.")
    for number, (host, code) in enumerate(planned, start=1):
        click.echo(f"{number} of {len(planned)}: {code} on {host}")
        before = _one(inventory, host, code)
        command = (str(_INSTALL), "--inventory", str(inventory.absolute()), "--limit", host, "--only", code)
        if subprocess.run(command, check=False).returncode:
            raise Unusable(_stopped(planned[number:], f"{code} on {host} could not be upgraded; see above."))
        after = _one(inventory, host, code)
        if worse := after.faults - before.faults or after.silence:
            _print_troubles([after])
            back = f"cps @{code} runs {after.release}; it ran {before.release} before: docs/install.md, “going back”."
            what = worse if isinstance(worse, str) else ", ".join(sorted(worse))
            raise Unusable(
                _stopped(planned[number:], f"{code} on {host} is worse than before: {what}. {back}")
            )
        click.echo(f"{code} on {host} runs {after.release}: {_MARKS[after.state]}.")


def _one(inventory: Path, host: str, code: str) -> Seen:
    return next(seen for seen in look(inventory, host=host) if seen.city == code)


def _stopped(left: Sequence[tuple[str, str]], reason: str) -> str:
    if not left:
        return reason
    return f"{reason}\nStopped; not touched: {', '.join(f'{code} on {host}' for host, code in left)}."


_COLUMNS: Final[Sequence[tuple[str, Callable[[Seen], Any]]]] = (
    ("city", lambda seen: seen.city),
    ("server", lambda seen: seen.host),
    ("release", lambda seen: seen.release),
    ("is", lambda seen: _MARKS[seen.state]),
    ("queue", lambda seen: _span(seen.figure("queue", "oldest_seconds"))),
    ("backup", lambda seen: _span(seen.figure("backup", "base_age_seconds"))),
    ("certificate", lambda seen: _days(seen.figure("certificate", "days_left"))),
    ("holidays", lambda seen: seen.figure("holidays", "known_until")),
    ("disk free", lambda seen: _share(seen.figure("disk", "free_share"))),
)


def _print_table(seen: Sequence[Seen]) -> None:
    rows = [[title for title, _value in _COLUMNS]]
    rows += [[str(value(one) or "–") for _title, value in _COLUMNS] for one in seen]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_troubles(seen: Sequence[Seen]) -> None:
    for one in seen:
        if one.silence:
            click.echo(f"\nFAULT    {one.city} on {one.host}: {one.silence}")
        for name, part in one.parts.items():
            if part["state"] in (State.WARNING, State.FAULT):
                click.echo(
                    f"\n{_MARKS[State(part['state'])]:<9}{one.city} on {one.host}, {name}: {part['told']}"
                )
                click.echo(f"         → {part['todo']}")


def _span(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _days(days: float | None) -> str | None:
    return None if days is None else f"{days:.0f} days"


def _share(share: float | None) -> str | None:
    return None if share is None else f"{share:.0%}"
