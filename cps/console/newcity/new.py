"""`cps city new`: a profile from the on-site survey, from kept answers, or from questions on the terminal."""

from pathlib import Path

import click

from cps.city.survey.answers import Answers, Problem
from cps.city.survey.draft import Draft, draft, refuse_profile, write
from cps.city.survey.kept import FILE, answers_from, read_kept
from cps.city.survey.workbook import read_workbook
from cps.console.checking import counted, oddities
from cps.console.newcity.asking import ask
from cps.kernel.errors import Unusable
from cps.kernel.files import CITIES, STATIC


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--survey", type=click.Path(path_type=Path), metavar="FILE.xlsx", help="The on-site survey workbook."
)
@click.option(
    "--answers", type=click.Path(path_type=Path), metavar="FILE", help="Answers kept earlier, in TOML."
)
def new(folder: Path, survey: Path | None, answers: Path | None) -> None:
    """Make the profile of a new city in FOLDER.

    Without an option the questions are asked on the terminal; what was answered is kept in FOLDER/answers.toml, and
    the same command goes on there. The empty workbook is survey.xlsx, beside the example profiles.
    """
    if survey is not None and answers is not None:
        raise Unusable("Give --survey or --answers, not both.")
    refuse_profile(folder)
    found, problems, beside = _read(folder, survey, answers)
    made = _drafted(found, problems, beside)
    write(made, folder)
    _tell(made, folder)


def _read(folder: Path, survey: Path | None, answers: Path | None) -> tuple[Answers, list[Problem], Path]:
    """Return the answers, what is wrong with them as such, and where a boundary file is looked for."""
    if survey is not None:
        return *read_workbook(survey), survey.parent
    if answers is not None:
        return *answers_from(read_kept(answers), answers.name), answers.parent
    return *answers_from(ask(folder / FILE), FILE), folder


def _drafted(answers: Answers, problems: list[Problem], beside: Path) -> Draft:
    icons = {icon.stem for icon in STATIC.glob("icons/*.svg")}
    pictures = {picture.stem for picture in STATIC.glob("examples/*.svg")}
    made, more = draft(answers, beside, icons=icons, pictures=pictures)
    told = list(dict.fromkeys(map(str, [*problems, *more])))
    if made is None or told:
        told.append(
            f"{answers.source} has {counted(len(told), 'fault', 'faults')}; nothing was written. "
            f"The empty survey is {CITIES / 'survey.xlsx'}."
        )
        raise Unusable("\n".join(told))
    return made


def _tell(made: Draft, folder: Path) -> None:
    profile = made.profile
    for one in made.assumptions:
        click.echo(f"assumed: {one.file}: {one.told}")
    for oddity in oddities(profile):
        click.echo(oddity)
    click.echo(
        f"{folder} holds the profile of {profile.code}: {counted(len(profile.departments), 'department', 'departments')}, "
        f"{counted(len(profile.categories), 'category', 'categories')}, {counted(len(profile.areas), 'area', 'areas')}, "
        f"{counted(len(made.assumptions), 'assumption', 'assumptions')} (in its README.md). No faults."
    )
    click.echo(f"Next: read README.md with the city, then `cps city load {folder}`.")
