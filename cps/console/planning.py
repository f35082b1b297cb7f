"""What `cps city reorganise` leaves to the worker: `--on-its-day`, `--planned`, `--withdraw`."""

from pathlib import Path

import click

from cps.city.models import PlannedReform
from cps.city.plan import Plan
from cps.city.profile import Profile
from cps.city.queries import in_force
from cps.complaints import planned
from cps.console.session import application, settings_in_use
from cps.kernel.db import db
from cps.kernel.errors import Unusable


def leave(plan: Plan, profile: Profile, path: Path) -> None:
    """Leave a plan that fits to the worker, inside an application; commits. Raises Unusable if it does not fit."""
    row = planned.leave(plan, profile, source=str(path.resolve()))
    if fault := planned.fault_of(row):
        raise Unusable(f"{fault}\nNothing was left to the worker.")
    db.session.commit()
    click.echo(
        f"Left to the worker for {row.day}: it carries the plan out as soon as that day has begun. "
        f"To see it: --planned. To take it back: --withdraw {row.id}."
    )


def show() -> None:
    """Print what waits for its day, and whether it still fits the city."""
    with application(settings_in_use(), click.echo):
        rows = planned.waiting()
        for row in rows:
            click.echo(_line(row))
            click.echo(_indented(_state(row)))
    if not rows:
        click.echo("No reorganisation waits for its day.")


def withdraw(number: int) -> None:
    """Take back what waits under this number."""
    with application(settings_in_use(), click.echo):
        row = planned.withdraw(number)
        db.session.commit()
        click.echo(f"The reorganisation of {row.day} waits no longer.")


def _line(row: PlannedReform) -> str:
    left_at = row.planned_at.astimezone(in_force().profile.calendar.zone)
    return f"{row.id}: {row.day}, {row.source}, left on {left_at:%Y-%m-%d %H:%M}."


def _state(row: PlannedReform) -> str:
    fault = planned.fault_of(row)
    if not fault:
        return "It fits the city as it is now."
    tried = f"It was tried on {row.tried_at:%Y-%m-%d %H:%M} UTC and not carried out. " if row.tried_at else ""
    return f"{tried}It does not fit the city as it is now:\n{fault}"


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.splitlines())
