"""What commands that put a profile in force share: official boundaries, and what a new calendar means."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click
from sqlalchemy import select

from cps.city import models
from cps.city.boundary.source import read_boundaries
from cps.city.calendar import Calendar
from cps.city.changes import Change
from cps.city.profile import Profile
from cps.city.queries import in_force
from cps.city.reading.gazetteers import read_gazetteer
from cps.city.reading.outlines import Boundaries
from cps.geo.area import AreaMap
from cps.kernel.db import db

areas_option = click.option(
    "--areas",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Official boundaries (GeoJSON, Shapefile, GeoPackage) to use in place of areas.geojson.",
)

places_option = click.option(
    "--places",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Gazetteer (places.csv, GeoNames, names of OpenStreetMap) to use in place of places.csv.",
)


@dataclass(frozen=True)
class Choice:
    """Which part of a boundary file counts."""

    layer: str | None
    code_field: str | None
    name_field: str | None

    def read(self, path: Path) -> Boundaries:
        """Read the file as chosen."""
        return read_boundaries(path, layer=self.layer, code_field=self.code_field, name_field=self.name_field)


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which part of a boundary file counts."""
    for name, metavar, words in (
        ("--name-field", "F", "The field that holds the name of an area."),
        ("--code-field", "F", "The field that holds the code of an area."),
        ("--layer", "NAME", "The layer of a GeoPackage, or the Shapefile in a zip file."),
    ):
        command = click.option(name, metavar=metavar, help=words)(command)
    return command


def with_places(profile: Profile, path: Path, say: Callable[[str], None]) -> Profile:
    """Return the profile with the places of a file, and say how many there are."""
    areas = AreaMap(((area.code, area.polygon) for area in profile.areas), tolerance_m=profile.tolerance_m)
    read = read_gazetteer(path, areas)
    say(
        f"{path.name}: {len(read.places)} places in the city; left out: {read.outside} outside, {read.twice} that stand "
        "there twice."
    )
    return replace(profile, places=read.places)


def calendar_in_force() -> Calendar | None:
    """Return the calendar of the city as it was loaded, if one was."""
    return in_force().profile.calendar if db.session.scalar(select(models.City.id)) else None


def line_of(change: Change) -> str:
    """Say a change in one line."""
    said = f": {'; '.join(change.details)}" if change.details else ""
    return f"{change.kind} {change.what} {change.code}{said}"
