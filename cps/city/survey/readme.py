"""README.md of a surveyed city: which file says what, where it comes from, and what somebody has to check."""

from collections.abc import Sequence
from typing import Final

from cps.city.profile import Profile, named
from cps.city.survey.answers import Answers
from cps.city.survey.notes import Assumption
from cps.city.survey.sheets import SHEETS
from cps.city.survey.usual import Usual

_FILES: Final = (
    ("city.toml", "names, map, contact, emergency numbers", "city"),
    ("departments.csv", "who answers", "department"),
    ("areas.csv", "the parts of the city and their offices", "area"),
    ("areas.geojson", "their outlines", "area"),
    ("categories.csv", "what can be reported and by when it is answered", "category"),
    ("routing.csv", "who answers for what", "rule"),
    ("calendar.toml", "office hours, days off", "hours"),
    ("clocks.toml", "periods beside the answer", ""),
    ("report.toml", "what is asked of those who report, consent", ""),
    ("places.csv", "places people name", "place"),
)


def readme(profile: Profile, answers: Answers, usual: Usual, assumptions: Sequence[Assumption]) -> str:
    """Write it in English, as those of the example profiles."""
    name = named(profile.names, "en", profile.languages[0])
    lines = [
        f"# {name}: the profile",
        "",
        f"Made by `cps city new` from {answers.source}. Every line is a claim that somebody at the city can confirm or correct;",
        "`cps city check` finds what is inconsistent, not what is untrue.",
        "",
        "| file | what | where it comes from |",
        "|---|---|---|",
        *(
            f"| `{file}` | {what} | {_source(key, answers, usual)} |"
            for file, what, key in _FILES
            if _is_there(file, profile)
        ),
        "",
        "The letters are the default words of CPS, as long as there is no `letters.toml`.",
    ]
    if answers.rows("official"):
        lines += [
            "",
            "`officials.csv` names who gets an account. It is personal data: keep it out of what is published, and delete it",
            "when the accounts are made (`cps people load officials.csv`).",
        ]
    lines += ["", "## What was assumed", ""]
    if assumptions:
        lines += ["| file | what nobody said |", "|---|---|"]
        lines += [f"| `{one.file}` | {one.told.replace('|', '/')} |" for one in assumptions]
    else:
        lines.append("Nothing: the survey says everything.")
    return "\n".join(lines) + "\n"


def _is_there(file: str, profile: Profile) -> bool:
    return file != "places.csv" or profile.places is not None


def _source(key: str, answers: Answers, usual: Usual) -> str:
    example = f"the example {usual.name}" if usual.is_of_the_country else "the template"
    if not key:
        return f"{example}, unchecked"
    title = next(sheet.title for sheet in SHEETS if sheet.key == key)
    is_said = any(any(row.cells.values()) for row in answers.rows(key))
    return f"the survey, {title}" if is_said else "assumed, see below"
