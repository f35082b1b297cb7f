"""The tables of a surveyed city: departments, areas, categories, who answers for what, places.

Each row remembers which row of the survey it came from, so that a fault found later is told there.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import Final

from cps.city.profile import Category
from cps.city.promise import Promise
from cps.city.reading.entries import AREAS, CATEGORIES, DEPARTMENTS
from cps.city.rule import ANY
from cps.city.rule import AREA_OFFICE as OFFICE
from cps.city.survey.answers import Answers, Entry
from cps.city.survey.check import promise_of
from cps.city.survey.form import AREA_OFFICE
from cps.city.survey.notes import Notes
from cps.city.survey.sheets_of_answering import CATEGORIES as CATEGORY_SHEET
from cps.city.survey.usual import FRONT_DESK, Usual

ROUTING: Final = "routing.csv"
PLACES: Final = "places.csv"
FRONT_DESK_CODE: Final = "front-desk"
_ON_FIRST_SCREEN: Final = 8
_USUAL_PROMISE: Final = "7 working days"
_URGENT_PROMISE: Final = "8 working hours"


@dataclass(slots=True)
class Table:
    """A CSV file as it will be written; `origins`: where each row came from."""

    file: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)

    def add(self, row: Sequence[str], origin: str) -> None:
        """Add a row."""
        self.rows.append(row)
        self.origins.append(origin)

    def text(self) -> str:
        """Write it."""
        written = StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows([self.header, *self.rows])
        return written.getvalue()


@dataclass(frozen=True)
class Making:
    """What all tables are made from."""

    answers: Answers
    languages: Sequence[str]
    usual: Usual
    notes: Notes

    def columns(self, *prefixes: str) -> list[str]:
        """Return the columns by language."""
        return [f"{prefix}_{language}" for prefix in prefixes for language in self.languages]

    def names(
        self, entry: Entry, file: str, *, prefix: str = "name", also: Mapping[str, str] | None = None
    ) -> list[str]:
        """Return what something is called, in the order of the languages."""
        found = self.notes.names(entry, prefix, self.languages, file, also or {})
        return [found[language] for language in self.languages]


def departments(making: Making) -> Table:
    """Write who answers."""
    table = Table(DEPARTMENTS, ["code", "parent", "phone", "email", "outside", *making.columns("name")])
    for row in making.answers.rows("department"):
        cells = [row["code"], row["parent"], row["phone"], row["email"], row["outside"]]
        table.add([*cells, *making.names(row, DEPARTMENTS)], row.place)
    if not table.rows:
        making.notes.assume(DEPARTMENTS, "One department, the front desk, takes every report.")
        names = [FRONT_DESK[language] for language in making.languages]
        table.add([FRONT_DESK_CODE, "", "", "", "", *names], making.answers.source)
    return table


def front_desk(making: Making) -> str:
    """Return the code of the department that takes whatever fits no rule."""
    said = making.answers.one("city")["front_desk"]
    codes = making.answers.codes("department")
    if not said and codes:
        making.notes.assume(ROUTING, f"'{codes[0]}', the first department, takes what fits no rule.")
    return said or (codes[0] if codes else FRONT_DESK_CODE)


def areas(making: Making, rows: Sequence[Entry]) -> Table:
    """Write the parts of the city."""
    table = Table(AREAS, ["code", "office", *making.columns("name")])
    for row in rows:
        table.add([row["code"], row["office"], *making.names(row, AREAS)], row.place)
    return table


def categories(making: Making) -> Table:
    """Write what can be reported."""
    fixed = ["code", "icon", "promise", "visibility", "featured"]
    table = Table(CATEGORIES, [*fixed, *making.columns("name", "hint", "keywords")])
    usual = {category.code: category for category in making.usual.profile.categories}
    rows = making.answers.rows("category")
    for number, row in enumerate(rows):
        table.add(_category(making, row, usual.get(row["code"]), number), row.place)
    if not rows:
        making.notes.assume(
            CATEGORIES,
            f"What can be reported, and by when it is answered, is that of the example {making.usual.name}.",
        )
        for number, category in enumerate(usual.values()):
            empty = Entry(CATEGORY_SHEET, {"code": category.code}, making.answers.source)
            table.add(_category(making, empty, category, number), making.answers.source)
    return table


def _category(making: Making, row: Entry, usual: Category | None, number: int) -> list[str]:
    is_first = number < _ON_FIRST_SCREEN
    is_public = (row["public"] or ("yes" if usual is None or usual.is_public else "no")) == "yes"
    if usual is None:
        making.notes.assume_of(row["code"], CATEGORIES, "The picture is the general one ({codes}).")
    names = _category_names(making, row, usual)
    hints = _hints(making, row, usual)
    keywords = [";".join(usual.keywords.get(language, ())) if usual else "" for language in making.languages]
    return [
        row["code"],
        usual.icon if usual else "other",
        str(_promise(making, row, usual)),
        "public" if is_public else "private",
        row["first_screen"] or ("yes" if is_first else "no"),
        *names,
        *hints,
        *keywords,
    ]


def _category_names(making: Making, row: Entry, usual: Category | None) -> list[str]:
    is_written = any(value for key, value in row.cells.items() if key.startswith("name_"))
    if usual is not None and not is_written and making.usual.covers(making.languages):
        return [usual.names[language] for language in making.languages]
    also = usual.names if usual else {}
    if not is_written:
        row = replace(row, cells={**row.cells, "name_en": also.get("en") or row["code"]})
    return making.names(row, CATEGORIES, also=also)


def _promise(making: Making, row: Entry, usual: Category | None) -> Promise:
    if row["promise"]:
        return promise_of(row["promise"])
    if row["urgent"] == "yes":
        told, promise = f"{_URGENT_PROMISE}, because it is urgent", Promise.parse(_URGENT_PROMISE)
    elif usual is not None:
        told, promise = f"as in the example {making.usual.name}", usual.promise
    else:
        told, promise = _USUAL_PROMISE, Promise.parse(_USUAL_PROMISE)
    if making.answers.rows("category"):
        making.notes.assume_of(row["code"], CATEGORIES, f"Answered within: {told} ({{codes}}).")
    return promise


def _hints(making: Making, row: Entry, usual: Category | None) -> list[str]:
    """Return the hints: in every language, or in none."""
    written = any(row[f"hint_{language}"] for language in making.languages)
    if written:
        return making.names(row, CATEGORIES, prefix="hint", also=usual.hints if usual else {})
    hints = [usual.hints.get(language, "") if usual else "" for language in making.languages]
    return hints if all(hints) else [""] * len(hints)


def routing(making: Making, desk: str, areas_written: Sequence[Entry]) -> Table:
    """Write who answers for what; the fallback desk comes last."""
    rules = making.answers.rows("rule")
    has_hours = any(row["hours"] for row in rules)
    table = Table(ROUTING, ["category", "area", "department", *(["hours"] if has_hours else [])])
    end = [""] if has_hours else []
    have_offices = any(area["office"] for area in areas_written)
    for row in making.answers.rows("category"):
        where = row.where("department")
        if not row["department"]:
            making.notes.assume_of(row["code"], ROUTING, "The front desk answers ({codes}).")
        elif row["department"] != AREA_OFFICE:
            table.add([row["code"], ANY, row["department"], *end], where)
        elif have_offices:
            table.add([row["code"], ANY, OFFICE, *end], where)
            table.add([row["code"], ANY, desk, *end], where)
        else:
            making.notes.assume_of(
                row["code"], ROUTING, "No area has an office yet, so the front desk answers ({codes})."
            )
    if not making.answers.rows("category"):
        making.notes.assume(ROUTING, "The front desk answers for all categories.")
    for row in rules:
        department = OFFICE if row["department"] == AREA_OFFICE else row["department"]
        hours = [row["hours"]] if has_hours else []
        table.add([row["category"], row["area"] or ANY, department, *hours], row.place)
    table.add([ANY, ANY, desk, *end], making.answers.one("city").where("front_desk"))
    return table


def places(making: Making) -> Table | None:
    """Write the places people name; None if nobody named any."""
    rows = making.answers.rows("place")
    if not rows:
        return None
    table = Table(PLACES, ["name", "other_names", "kind", "latitude", "longitude"])
    for row in rows:
        kind = row["kind"] or "landmark"
        table.add([row["name"], row["other_names"], kind, row["latitude"], row["longitude"]], row.place)
    return table
