"""`cps city`: check a city's profile, and put it in force."""

from pathlib import Path

import click
from sqlalchemy import select

from cps.city import models
from cps.city.calendar import Calendar
from cps.city.files import read
from cps.city.load import Change, load
from cps.city.profile import Profile
from cps.city.queries import in_force
from cps.city.reading.findings import Fault
from cps.complaints import recounting
from cps.console.session import application, settings_in_use
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.kernel.files import CITIES, STATIC

_folder = click.argument("path", type=click.Path(path_type=Path))
_areas = click.option(
    "--areas",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Official boundaries (GeoJSON, WGS84) to use in place of areas.geojson.",
)


@click.group()
def city() -> None:
    """The city's profile."""


@city.command()
@_folder
@_areas
def check(path: Path, areas: Path | None) -> None:
    """Say everything that is wrong with the profile in folder PATH."""
    click.echo(_summary(checked(path, areas=areas)))


@city.command("load")
@_folder
@_areas
def load_profile(path: Path, areas: Path | None) -> None:
    """Put the profile in folder PATH in force and say what that changed."""
    profile = checked(path, areas=areas)
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
        "Nothing changed." if not changes else f"{_counted(len(changes), 'change', 'changes')} in force."
    )


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


def folder_of(city: str) -> Path:
    """Return the folder of a profile: a path, or the name of one that comes along; Unusable if there is none."""
    for folder in (Path(city), CITIES / city):
        if (folder / "city.toml").is_file():
            return folder
    raise Unusable(f"There is no city profile at {city}: give the path of a folder with a city.toml.")


def checked(folder: Path, *, areas: Path | None = None) -> Profile:
    """Return the profile in a folder; raise Unusable that names every fault it has."""
    profile, faults = read(folder, icons={icon.stem for icon in STATIC.glob("icons/*.svg")}, boundaries=areas)
    if profile is None:
        raise Unusable(_told(folder, faults))
    return profile


def _told(folder: Path, faults: list[Fault]) -> str:
    found = _counted(len(faults), "fault", "faults")
    return "\n".join([*map(str, faults), f"The profile in {folder} has {found}."])


def _summary(profile: Profile) -> str:
    return ", ".join(
        (
            f"{profile.code}: {_counted(len(profile.departments), 'department', 'departments')}",
            _counted(len(profile.categories), "category", "categories"),
            _counted(len(profile.areas), "area", "areas"),
            f"{_counted(len(profile.languages), 'language', 'languages')} ({', '.join(profile.languages)}). No faults.",
        )
    )


def _line(change: Change) -> str:
    said = f": {'; '.join(change.details)}" if change.details else ""
    return f"{change.kind} {change.what} {change.code}{said}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
