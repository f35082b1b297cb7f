"""`cps city`: check a city's profile and official boundaries, and put them in force."""

from pathlib import Path
from typing import Any

import click

from cps.city.load import load
from cps.city.profile import Profile
from cps.complaints import orphans, recounting
from cps.console.checking import checked, counted, defaults, oddities
from cps.console.exitkit.export import export
from cps.console.inspecting import report
from cps.console.loading import (
    Choice,
    areas_option,
    calendar_in_force,
    choosing,
    line_of,
    places_option,
    with_places,
)
from cps.console.newcity.checklist import checklist
from cps.console.newcity.handover import handover
from cps.console.newcity.new import new
from cps.console.newcity.smoke import smoke
from cps.console.reorganising import count_areas, reorganise
from cps.console.session import application, settings_in_use
from cps.kernel.db import db

_folder = click.argument("path", type=click.Path(path_type=Path))


@click.group()
def city() -> None:
    """The city's profile."""


city.add_command(new)
city.add_command(checklist)
city.add_command(handover)
city.add_command(smoke)
city.add_command(export)
city.add_command(reorganise)
city.add_command(count_areas)


@city.command()
@_folder
@areas_option
@places_option
@choosing
def check(path: Path, areas: Path | None, places: Path | None, **choice: Any) -> None:
    """Say everything that is wrong with the profile in folder PATH."""
    profile = checked(path, boundaries=Choice(**choice).read(areas) if areas else None)
    if places is not None:
        profile = with_places(profile, places, click.echo)
    for line in [*oddities(profile), *defaults(profile)]:
        click.echo(line)
    click.echo(_summary(profile))


@city.command("load")
@_folder
@areas_option
@places_option
@choosing
def load_profile(path: Path, areas: Path | None, places: Path | None, **choice: Any) -> None:
    """Put the profile in folder PATH in force and say what that changed."""
    profile = checked(path, boundaries=Choice(**choice).read(areas) if areas else None)
    if places is not None:
        profile = with_places(profile, places, click.echo)
    for oddity in oddities(profile):
        click.echo(oddity)
    with application(settings_in_use(), click.echo):
        before = calendar_in_force()
        if before is not None:
            orphans.refuse(profile)
            for sentence in orphans.left_at_the_end(profile):
                click.echo(f"warning: {sentence}")
        changes = load(profile)
        is_recounted = recounting.begin_after(before, profile)
        db.session.commit()
    for change in changes:
        click.echo(line_of(change))
    if is_recounted:
        click.echo("The calendar changed: the worker counts the deadlines of all open reports anew.")
    click.echo(
        "Nothing changed." if not changes else f"{counted(len(changes), 'change', 'changes')} in force."
    )


@city.command("areas")
@click.argument("file", type=click.Path(path_type=Path))
@choosing
@click.option(
    "--city",
    "folder",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Profile to hold the file against: its areas.csv and the centre of its map.",
)
@click.option("--clean", is_flag=True, help="Repair slivers and small overlaps along borders.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the areas as areas.geojson, if there are no errors.",
)
def look_at_areas(file: Path, folder: Path | None, clean: bool, out: Path | None, **choice: Any) -> None:
    """Say everything about the official boundary FILE: what it holds, errors, warnings."""
    report(Choice(**choice).read(file), folder=folder, is_cleaned=clean, out=out)


def _summary(profile: Profile) -> str:
    return ", ".join(
        (
            f"{profile.code}: {counted(len(profile.departments), 'department', 'departments')}",
            counted(len(profile.categories), "category", "categories"),
            *((counted(len(profile.places), "place", "places"),) if profile.places is not None else ()),
            counted(len(profile.areas), "area", "areas"),
            f"{counted(len(profile.languages), 'language', 'languages')} ({', '.join(profile.languages)}). No faults.",
        )
    )
