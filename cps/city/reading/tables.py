"""CSV as people and spreadsheets write it: rows by column name, each with the line it begins on."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from cps.city.reading.findings import Findings, check_names, text_of
from cps.kernel.text import cleaned

_CODE = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Row:
    """One row: its cells by column, cleaned."""

    file: str
    line: int
    cells: dict[str, str]
    findings: Findings

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def fault(self, sentence: str) -> None:
        """Note a fault in this row."""
        self.findings.add(self.file, self.line, sentence)

    def code(self) -> str:
        """Return the code of the row."""
        code = self["code"]
        if not _CODE.fullmatch(code):
            self.fault(f"The code {code!r} must consist of a-z, 0-9 and '-'.")
        return code

    def day(self, column: str) -> date | None:
        """Return the day in a cell; None if it is empty."""
        try:
            return date.fromisoformat(self[column]) if self[column] else None
        except ValueError:
            self.fault(f"{column!r} is {self[column]!r}; it must be a date like 2026-01-02, or empty.")
            return None

    def names(self, prefix: str, languages: Sequence[str], *, of: str) -> dict[str, str]:
        """Return the cells `prefix_language`; note languages without one."""
        names = {language: self[f"{prefix}_{language}"] for language in languages}
        given = [language for language in languages if f"{prefix}_{language}" in self.cells]
        return check_names(names, given, of=of, at=(self.file, self.line), findings=self.findings)

    def flag(self, column: str, *, true: str, false: str) -> bool:
        """Return whether the cell says `true`; it must say one of the two."""
        if self[column] not in (true, false):
            self.fault(f"{column!r} is {self[column]!r}; it must be {true!r} or {false!r}.")
        return self[column] == true


def read_rows(
    path: Path,
    columns: Sequence[str],
    *,
    translated: Sequence[str] = (),
    languages: Sequence[str] = (),
    optional: Sequence[str] = (),
    findings: Findings,
) -> list[Row]:
    """Read a table with these columns and, for each language, the translated ones (`name` → `name_vi`).

    Columns that are `optional` may be left out; their cells are empty then.
    """
    text = text_of(path, findings)
    if text is None:
        return []
    records = _records(text, path.name, findings)
    line, header = next(records, (1, []))
    header = [column.strip() for column in header]
    expected = [*columns, *(f"{name}_{language}" for name in translated for language in languages)]
    _check_header(header, expected, (translated, optional), at=(path.name, line), findings=findings)
    return [
        Row(path.name, line, _cells(header, record), findings)
        for line, record in records
        if _has_all_cells(record, header, at=(path.name, line), findings=findings)
    ]


def note_duplicates(rows: Sequence[Row]) -> None:
    """Note every code that stands in an earlier row."""
    first: dict[str, int] = {}
    for row in rows:
        if row["code"] in first:
            row.fault(f"The code {row['code']!r} stands on line {first[row['code']]} already.")
        first.setdefault(row["code"], row.line)


def _records(text: str, file: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """Give each record that is not blank with the line it begins on."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        findings.add(file, line, f"This is not CSV: {error}. Look for a quote that is not closed.")


def _check_header(
    header: Sequence[str],
    expected: Sequence[str],
    translated_and_optional: tuple[Sequence[str], Sequence[str]],
    *,
    at: tuple[str, int],
    findings: Findings,
) -> None:
    translated, optional = translated_and_optional
    for column in expected:
        if column not in header:
            findings.add(*at, f"The column {column!r} is missing.")
    for column in header:
        if column in expected or column in optional:
            continue
        name, _, language = column.rpartition("_")
        if name in translated:
            findings.add(
                *at, f"The column {column!r} is for {language!r}, which is no language in city.toml."
            )
        else:
            findings.add(
                *at,
                f"Nothing is called {column!r} here; known columns are {', '.join((*expected, *optional))}.",
            )
    for column in {column for column in header if header.count(column) > 1}:
        findings.add(*at, f"The column {column!r} stands here twice.")


def _has_all_cells(
    record: Sequence[str], header: Sequence[str], *, at: tuple[str, int], findings: Findings
) -> bool:
    if len(record) != len(header):
        findings.add(
            *at,
            f"This row has {len(record)} cells, the header {len(header)}. Put text with commas in quotes.",
        )
    return len(record) == len(header)


def _cells(header: Sequence[str], record: Sequence[str]) -> dict[str, str]:
    return {column: cleaned(cell) for column, cell in zip(header, record, strict=True)}
