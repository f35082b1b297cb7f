"""`cps city reorganise` and `cps city counts`: one map of the city after another, and reports read on either."""

import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from cps.city.calendar import Calendar
from cps.city.drafting import draft
from cps.city.models import Reform
from cps.city.plan import Plan
from cps.city.profile import Names, Profile, named
from cps.city.queries import as_loaded, forget, in_force
from cps.city.reading.plan import read_plan
from cps.city.reforms import known, unfinished
from cps.city.succession import Fates, Turnover
from cps.complaints import area_counts, planned, recounting, rehoming, reorganising
from cps.complaints.reorganising import Prospect
from cps.console import planning
from cps.console.checking import checked, counted
from cps.console.loading import Choice, areas_option, calendar_in_force, choosing
from cps.console.session import application, settings_in_use
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Unusable

_DAY = click.DateTime(["%Y-%m-%d"])
_NO_AREA = "(no area)"


@click.command()
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option("--apply", "is_applied", is_flag=True, help="Do it; without this it is only shown.")
@click.option(
    "--on-its-day", "is_left", is_flag=True, help="Let the worker do it as soon as the plan's day has begun."
)
@click.option("--planned", "is_listed", is_flag=True, help="Show what waits for its day.")
@click.option("--withdraw", type=int, metavar="NUMBER", help="Take back what waits under this number.")
@click.option(
    "--draft",
    "profile",
    metavar="PROFILE",
    type=click.Path(path_type=Path),
    help="Write a plan that leads to the profile in this folder.",
)
@click.option("--day", type=_DAY, metavar="DAY", help="With --draft: from when it holds; today without it.")
@areas_option
@choosing
def reorganise(
    *,
    plan: Path | None,
    is_applied: bool,
    is_left: bool,
    is_listed: bool,
    withdraw: int | None,
    profile: Path | None,
    day: datetime | None,
    areas: Path | None,
    **choice: Any,
) -> None:
    """Show what the reorganisation in the file PLAN does; do it with --apply, or leave it to its day."""
    wishes = [plan, profile, is_listed or None, withdraw]
    is_drafted = day is not None or areas is not None
    if sum(wish is not None for wish in wishes) != 1 or (is_drafted and profile is None):
        raise click.UsageError(
            "Give either a PLAN, or --draft PROFILE with its options, or --planned, or --withdraw."
        )
    if (is_applied or is_left) and (plan is None or is_applied == is_left):
        raise click.UsageError("Give --apply or --on-its-day with a PLAN, and not both.")
    if profile is not None:
        _draft(profile, day.date() if day else None, areas, Choice(**choice))
    elif plan is not None:
        _carry_out(_checked_plan(plan), plan, is_applied=is_applied, is_left=is_left)
    elif withdraw is not None:
        planning.withdraw(withdraw)
    else:
        planning.show()


@click.command("counts")
@click.option("--map", "on", type=_DAY, metavar="DAY", required=True, help="The day whose map is read.")
@click.option("--from", "since", type=_DAY, metavar="DAY", help="The first day of receipt.")
@click.option("--until", type=_DAY, metavar="DAY", help="The last day of receipt.")
def count_areas(on: datetime, since: datetime | None, until: datetime | None) -> None:
    """Count reports by area as CSV, on the map of any day before or after a reorganisation."""
    with application(settings_in_use(), _quietly):
        found = area_counts.counts(
            on.date(), since=since.date() if since else None, until=until.date() if until else None
        )
        language = in_force().profile.languages[0]
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["code", "name", "received", "open", "resolved"])
    for count in found:
        name = named(count.names, language, language) or _NO_AREA
        table.writerow([count.code, name, count.received, count.open, count.resolved])


def _quietly(words: str) -> None:
    click.echo(words, err=True)


def _draft(folder: Path, day: date | None, areas: Path | None, choice: Choice) -> None:
    profile = checked(folder, boundaries=choice.read(areas) if areas else None)
    plan = Plan(
        digest="",
        folder=folder.resolve(),
        day=day or _today(profile),
        boundaries=areas.resolve() if areas else None,
        layer=choice.layer,
        code_field=choice.code_field,
        name_field=choice.name_field,
    )
    with application(settings_in_use(), _quietly):
        click.echo(draft(Turnover(as_loaded(), profile, plan)), nl=False)


def _checked_plan(path: Path) -> Plan:
    plan, faults = read_plan(path)
    if plan is None:
        raise Unusable(
            "\n".join([*map(str, faults), f"The plan has {counted(len(faults), 'fault', 'faults')}."])
        )
    return plan


def _carry_out(plan: Plan, path: Path, *, is_applied: bool, is_left: bool) -> None:
    choice = Choice(plan.layer, plan.code_field, plan.name_field)
    profile = checked(plan.folder, boundaries=choice.read(plan.boundaries) if plan.boundaries else None)
    with application(settings_in_use(), click.echo):
        if is_applied:
            _apply(plan, profile)
        elif is_left and not known(plan):
            planning.leave(plan, profile, path)
        else:
            _show(plan, profile)


def _show(plan: Plan, profile: Profile) -> None:
    with reorganising.at_the_earliest(plan, profile):
        prospect = None if known(plan) else reorganising.begin(plan, profile)
        if prospect is not None:
            _say(prospect)
        db.session.rollback()
        forget()
    _refuse_homeless(prospect)
    click.echo("This plan was applied." if prospect is None else "Nothing was changed. To do it: --apply.")


def _apply(plan: Plan, profile: Profile) -> None:
    if plan.day > _today(profile):
        raise Unusable(
            f"The plan holds from {plan.day}. Apply it on that day, as soon as it has begun, or leave it to the "
            "worker: --on-its-day."
        )
    for earlier in unfinished():
        click.echo(f"The reorganisation of {earlier.day} goes on where it stood.")
        _rehome(earlier)
    if known(plan):
        click.echo("This plan was applied.")
    else:
        _rehome(_begun(plan, profile, calendar_in_force()))
    _sweep()


def _begun(plan: Plan, profile: Profile, calendar: Calendar | None) -> Reform:
    prospect = reorganising.begin(plan, profile)
    _say(prospect)
    _refuse_homeless(prospect)
    is_recounted = recounting.begin_after(calendar, profile)
    planned.strike(plan)
    db.session.commit()
    click.echo(f"The profile is in force: {counted(len(prospect.changes), 'change', 'changes')}.")
    if is_recounted:
        click.echo("The calendar changed: the worker counts the deadlines of all open reports anew.")
    return prospect.reform


def _rehome(reform: Reform) -> None:
    """Re-home what there was before, a transaction for each batch."""
    number, looked_at, moved = reform.id, 0, 0
    while (batch := rehoming.walk(number)) is not None:
        db.session.commit()
        looked_at, moved = looked_at + batch.looked_at, moved + batch.moved
        click.echo(f"{looked_at} open reports looked at, {moved} re-homed.")
    db.session.commit()


def _sweep() -> None:
    """Re-home what came in meanwhile on the old map."""
    moved, after = 0, 0
    while (batch := rehoming.sweep(after=after)) is not None:
        db.session.commit()
        moved, after = moved + batch.moved, batch.last
    db.session.commit()
    if moved:
        click.echo(f"{counted(moved, 'report', 'reports')} that came in meanwhile re-homed.")


def _refuse_homeless(prospect: Prospect | None) -> None:
    if prospect is not None and prospect.homeless:
        raise Unusable(
            f"{counted(len(prospect.homeless), 'open report has', 'open reports have')} no home. Nothing was "
            'changed. Complete the profile or the plan (outside = "follow"), or close these reports.'
        )


def _say(prospect: Prospect) -> None:
    turnover = prospect.turnover
    click.echo(
        f"{turnover.after.code} from {turnover.plan.day}: {_fates(turnover.areas, 'area')}; "
        f"{_fates(turnover.departments, 'department')}."
    )
    click.echo(
        f"{counted(prospect.looked_at, 'open report', 'open reports')}: {prospect.moved} re-homed "
        f"({prospect.guessed} to an area that is a guess, as no point is known), "
        f"{prospect.looked_at - prospect.moved - len(prospect.homeless)} stay where they are."
    )
    city = in_force()
    areas, departments = (city.area_codes, city.area_names), (city.department_codes, city.department_names)
    _say_ways("Open reports by area:", prospect.areas, *areas)
    _say_ways("Open reports by department:", prospect.departments, *departments)
    _say_ways("Officials:", prospect.officials, *departments)
    _say_list("Without a home:", [f"{reference}: {reason}" for reference, reason in prospect.homeless])


def _fates(fates: Fates, what: str) -> str:
    return (
        f"{counted(len(fates.ended), what, f'{what}s')} ended, {len(fates.new)} new, {len(fates.kept)} kept"
    )


def _say_ways(
    title: str,
    ways: Mapping[Any, int],
    codes: Mapping[int, str],
    names: Mapping[int, Names],
) -> None:
    language = in_force().profile.languages[0]

    def said(number: int | None) -> str:
        return _NO_AREA if number is None else f"{codes[number]} {named(names[number], language, language)}"

    ordered = sorted((said(old), -count, said(new)) for (old, new), count in ways.items())
    _say_list(title, [f"{old} → {new}: {-count}" for old, count, new in ordered])


def _say_list(title: str, lines: Sequence[str]) -> None:
    if lines:
        click.echo(title)
    for line in lines:
        click.echo(f"  {line}")


def _today(profile: Profile) -> date:
    return clock.now().astimezone(profile.calendar.zone).date()
