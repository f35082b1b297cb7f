"""The answers of a survey as they were written down: text by column, each with the place to put it right at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cps.city.survey.form import Column, Sheet
from cps.city.survey.sheets import SHEETS

EXAMPLE: Final = "example"
"""How a cell begins in a row that only shows how to fill a sheet in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a sheet, or all answers of a sheet of questions: what its cells say, and where each stands."""

    sheet: Sheet
    cells: Mapping[str, str]
    place: str
    places: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")

    def where(self, key: str = "") -> str:
        """Say where a cell stands, or the row."""
        return self.places.get(key, self.place)

    @property
    def is_example(self) -> bool:
        """Whether it is the row that shows how to fill the sheet in."""
        return not self.sheet.is_questions and any(
            cell.casefold().startswith(EXAMPLE) for cell in self.cells.values()
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right: where it stands, and what to write instead."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything a survey says, by key of its sheets; `source`: the file it was read from."""

    source: str
    entries: Mapping[str, Sequence[Entry]]

    def rows(self, key: str) -> Sequence[Entry]:
        """Return the rows of a sheet."""
        return self.entries.get(key, ())

    def one(self, key: str) -> Entry:
        """Return the answers of a sheet of questions; empty ones if nobody answered."""
        rows = self.rows(key)
        sheet = next(sheet for sheet in SHEETS if sheet.key == key)
        return rows[0] if rows else Entry(sheet, {}, f"{self.source}, {sheet.title}")

    def codes(self, key: str) -> tuple[str, ...]:
        """Return the codes of a sheet's rows."""
        return tuple(row["code"] for row in self.rows(key) if row["code"])


def without_examples(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Leave the rows out that only show how to fill the sheet in."""
    return tuple(entry for entry in entries if not entry.is_example)


def column_name(number: int) -> str:
    """Return what a spreadsheet calls a column: 1 is A, 27 is AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def heading(column: Column) -> str:
    """Return what stands above a column; an asterisk marks what is needed."""
    return f"{column.title} *" if column.is_needed else column.title
