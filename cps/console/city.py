"""`cps city`: check a city's profile and official boundaries, and put them in force."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from cps.city import models
from cps.city.boundary.source import read_boundaries
from cps.city.calendar import Calendar
from cps.city.load import Change, load
from cps.city.profile import Profile
from cps.city.queries import in_force
from cps.city.reading.outlines import Boundaries
from cps.complaints import recounting
from cps.console.checking import checked, counted, oddities
from cps.console.inspecting import report
from cps.console.session import application, settings_in_use
from cps.kernel.db import db

_folder = click.argument("path", type=click.Path(path_type=Path))
_areas = click.option(
    "--areas",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Official boundaries (GeoJSON, Shapefile, GeoPackage) to use in place of areas.geojson.",
)


@dataclass(frozen=True)
class _Choice:
    layer: str | None
    code_field: str | None
    name_field: str | None

    def read(self, path: Path) -> Boundaries:
        return read_boundaries(path, layer=self.layer, code_field=self.code_field, name_field=self.name_field)


def _choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which part of a boundary file counts."""
    for name, metavar, words in (
        ("--name-field", "F", "The field that holds the name of an area."),
        ("--code-field", "F", "The field that holds the code of an area."),
        ("--layer", "NAME", "The layer of a GeoPackage, or the Shapefile in a zip file."),
    ):
        command = click.option(name, metavar=metavar, help=words)(command)
    return command


@click.group()
def city() -> None:
    """The city's profile."""


@city.command()
@_folder
@_areas
@_choosing
def check(path: Path, areas: Path | None, **choice: Any) -> None:
    """Say everything that is wrong with the profile in folder PATH."""
    profile = checked(path, boundaries=_Choice(**choice).read(areas) if areas else None)
    for oddity in oddities(profile):
        click.echo(oddity)
    click.echo(_summary(profile))


@city.command("load")
@_folder
@_areas
@_choosing
def load_profile(path: Path, areas: Path | None, **choice: Any) -> None:
    """Put the profile in folder PATH in force and say what that changed."""
    profile = checked(path, boundaries=_Choice(**choice).read(areas) if areas else None)
    for oddity in oddities(profile):
        click.echo(oddity)
    with application(settings_in_use(), click.echo):
        before = _calendar_in_force()
        changes = load(profile)
        is_recounted = before is not None and before != profile.calendar
        if is_recounted:
            recounting.begin(_news(before, profile))
        db.session.commit()
    for change in changes:
        click.echo(_line(change))
    if is_recounted:
        click.echo("The calendar changed: the worker counts the deadlines of all open reports anew.")
    click.echo(
        "Nothing changed." if not changes else f"{counted(len(changes), 'change', 'changes')} in force."
    )


@city.command("areas")
@click.argument("file", type=click.Path(path_type=Path))
@_choosing
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
    report(_Choice(**choice).read(file), folder=folder, is_cleaned=clean, out=out)


def _calendar_in_force() -> Calendar | None:
    return in_force().profile.calendar if db.session.scalar(select(models.City.id)) else None


def _news(before: Calendar | None, profile: Profile) -> dict[str, str]:
    """Name the closures that are new, in each language; nothing if the calendar changed otherwise."""
    known = {closure.day for closure in before.closures} if before else set()
    new = [closure for closure in profile.calendar.closures if closure.day not in known]
    return {
        language: ", ".join(dict.fromkeys(closure.names.get(language, "") for closure in new))
        for language in profile.languages
        if new
    }


def _summary(profile: Profile) -> str:
    return ", ".join(
        (
            f"{profile.code}: {counted(len(profile.departments), 'department', 'departments')}",
            counted(len(profile.categories), "category", "categories"),
            counted(len(profile.areas), "area", "areas"),
            f"{counted(len(profile.languages), 'language', 'languages')} ({', '.join(profile.languages)}). No faults.",
        )
    )


def _line(change: Change) -> str:
    said = f": {'; '.join(change.details)}" if change.details else ""
    return f"{change.kind} {change.what} {change.code}{said}"
