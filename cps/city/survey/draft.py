"""A survey's answers become a city's profile: drafted, checked as every profile is, and written.

Nothing is written while there is a fault; each is told at the cell it comes from.
"""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cps.city.files import read
from cps.city.profile import Profile
from cps.city.reading.findings import Fault
from cps.city.survey import sections, tables
from cps.city.survey.answers import Answers, Problem
from cps.city.survey.check import languages_of, problems_of
from cps.city.survey.ground import FILE as OUTLINES
from cps.city.survey.ground import Ground, ground_of
from cps.city.survey.notes import Assumption, Notes
from cps.city.survey.officials import FILE as OFFICIALS
from cps.city.survey.officials import officials
from cps.city.survey.readme import readme
from cps.city.survey.tables import Making, Table
from cps.city.survey.usual import Usual, usual_in
from cps.kernel.errors import Unusable

README: Final = "README.md"


@dataclass(frozen=True)
class Draft:
    """A profile that has no faults: its files, and what was assumed."""

    profile: Profile
    files: dict[str, str]
    assumptions: Sequence[Assumption]


@dataclass(frozen=True)
class _Written:
    files: dict[str, str]
    tables: Sequence[Table]


def draft(
    answers: Answers, folder: Path, *, icons: Iterable[str], pictures: Iterable[str]
) -> tuple[Draft | None, list[Problem]]:
    """Draft the profile; None with everything that is wrong. `folder`: where the boundary file is looked for."""
    usual = usual_in(answers.one("city")["country"])
    problems = problems_of(answers, _known(answers, usual))
    city = answers.one("city")
    if city["country"] and not usual.is_of_the_country and not city["time_zone"]:
        problems.append(
            Problem(city.where("time_zone"), "CPS knows no usual time zone of this country. Write it.")
        )
    if problems:
        return None, problems
    notes = Notes()
    making = Making(answers, _languages(answers, usual, notes), usual, notes)
    ground = ground_of(answers, folder, making.languages, notes)
    if ground.problems or not ground.outlines:
        return None, ground.problems
    written = _written(making, ground)
    with tempfile.TemporaryDirectory(prefix="cps-survey-") as scratch:
        write_into(Path(scratch), written.files)
        profile, faults = read(Path(scratch), icons=icons, pictures=pictures)
    if profile is None:
        return None, [_told(fault, written.tables, answers) for fault in faults]
    assumptions = notes.all()
    files = {**written.files, README: readme(profile, answers, usual, assumptions)}
    return Draft(profile, files, assumptions), []


def write(found: Draft, folder: Path) -> None:
    """Write the profile into a new or empty place beside what is kept there; raise Unusable if it has one already.

    A folder that is cut off half-way has no `city.toml`, which comes last.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        refuse_profile(folder)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as scratch:
            write_into(Path(scratch), found.files)
            for name in sorted(found.files, key=lambda name: name == sections.CITY):
                (Path(scratch) / name).replace(folder / name)
    except OSError as error:
        raise Unusable(f"The profile cannot be written to {folder}: {error.strerror}.") from None


def refuse_profile(folder: Path) -> None:
    """Raise Unusable if a folder holds a profile already."""
    if folder.exists() and not folder.is_dir():
        raise Unusable(f"{folder} is a file, not a folder.")
    if (folder / sections.CITY).exists():
        raise Unusable(
            f"{folder} has a profile already ({sections.CITY}). Name another folder, or change that profile by hand."
        )


def write_into(folder: Path, files: dict[str, str]) -> None:
    """Write the files; what names officials can be read by nobody else."""
    for name, text in files.items():
        path = folder / name
        mode = 0o600 if name == OFFICIALS else 0o644
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)


def _written(making: Making, ground: Ground) -> _Written:
    categories = tables.categories(making)
    made = [
        tables.departments(making),
        tables.areas(making, ground.areas),
        categories,
        tables.routing(making, tables.front_desk(making), ground.areas),
    ]
    places = tables.places(making)
    if places is not None:
        made.append(places)
    files = {table.file: table.text() for table in made}
    files |= {
        sections.CITY: sections.city(making, ground),
        sections.CALENDAR: sections.calendar(making),
        sections.CLOCKS: sections.clocks(making),
        sections.REPORT: sections.report(making, categories),
        OUTLINES: ground.geojson(),
    }
    people = officials(making.answers)
    if people:
        files[OFFICIALS] = people
    return _Written(files, made)


def _known(answers: Answers, usual: Usual) -> dict[str, tuple[str, ...]]:
    """Return the codes there will be: those written down, else those that are assumed."""
    return {
        "department": answers.codes("department") or (tables.FRONT_DESK_CODE,),
        "category": answers.codes("category")
        or tuple(category.code for category in usual.profile.categories),
        "area": answers.codes("area"),
    }


def _languages(answers: Answers, usual: Usual, notes: Notes) -> tuple[str, ...]:
    said = languages_of(answers.one("city"))
    if said:
        return said
    languages = usual.profile.languages if usual.is_of_the_country else ("en",)
    notes.assume(sections.CITY, f"The languages are {', '.join(languages)}.")
    return languages


def _told(fault: Fault, written: Sequence[Table], answers: Answers) -> Problem:
    """Tell a fault of the drafted profile where the survey says what it is about."""
    for table in written:
        if table.file == fault.file and 2 <= fault.line <= len(table.origins) + 1:
            return Problem(table.origins[fault.line - 2], fault.sentence)
    sheets = {sections.CITY: "city", sections.CALENDAR: "holiday"}
    if fault.file in sheets:
        return Problem(answers.one(sheets[fault.file]).place, fault.sentence)
    return Problem(answers.source, f"{fault.file}: {fault.sentence}")
