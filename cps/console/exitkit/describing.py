"""What the files of a kit mean: a dictionary of tables and columns from the models, and a README."""

import csv
import inspect
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Dialect, Table
from sqlalchemy.dialects import registry

from cps.console.exitkit.parting import LEFT_OUT, Part, handed_on, part_of
from cps.kernel.columns import Words
from cps.kernel.db import Base

DICTIONARY: Final = "dictionary.csv"
_DIALECT: Final[Dialect] = registry.load("postgresql")()
README: Final = "README.md"
_SENTENCE: Final = re.compile(r"(?<=[.;:])\s+")
_UNITS: Final = (
    (re.compile(r"latitude|longitude"), "degrees, WGS84"),
    (re.compile(r".*_m$|metres"), "metres"),
    (re.compile(r".*size$"), "bytes"),
    (re.compile(r"width|height"), "pixels"),
)


def write_dictionary(path: Path) -> None:
    """Write a line for each table and each column: type, part, unit, meaning."""
    models = {str(mapper.local_table): mapper.class_ for mapper in Base.registry.mappers}
    with path.open("w", encoding="utf-8", newline="") as opened:
        lines = csv.writer(opened, lineterminator="\n")
        lines.writerow(("table", "column", "type", "part", "key", "unit", "meaning"))
        for table in handed_on():
            told = inspect.cleandoc(models[table.name].__doc__ or "") if table.name in models else ""
            lines.writerow((table.name, "", "", "", "", "", " ".join(told.split())))
            lines.writerows(_line(table, column, meaning_in(told, column.name)) for column in table.columns)


def meaning_in(docstring: str, name: str) -> str:
    """Return the sentence of a docstring that speaks of a column; empty if none does."""
    sentences = [" ".join(sentence.split()) for sentence in _SENTENCE.split(docstring)]
    for sentence, following in zip(sentences, [*sentences[1:], ""], strict=True):
        if f"`{name}`" in sentence:
            told = f"{sentence} {following}" if sentence.endswith(":") else sentence
            return told.rstrip(".;")
    return ""


def _line(table: Table, column: Column[object], meaning: str) -> tuple[str, ...]:
    kind = column.type
    if isinstance(kind, Words):
        words = ", ".join(word.value for word in kind.enum_type)
        meaning = f"{meaning}; one of {words}" if meaning else f"one of {words}"
    refers = next((f"refers to {key.target_fullname}" for key in column.foreign_keys), "")
    return (
        table.name,
        column.name,
        _type(column).lower(),
        str(part_of(column)),
        "primary" if column.primary_key else refers,
        _unit(column),
        meaning,
    )


def _type(column: Column[object]) -> str:
    return column.type.compile(dialect=_DIALECT)


def _unit(column: Column[object]) -> str:
    if "TIMESTAMP" in _type(column):
        return "moment, UTC"
    return next((unit for pattern, unit in _UNITS if pattern.fullmatch(column.name)), "")


def readme(facts: Sequence[tuple[str, str]], files: Iterable[str], *, has_personal: bool) -> str:
    """Write what a kit is and how it is read."""
    present = set(files)
    rows = [(name, told) for name, told in _FILES if any(file.startswith(name) for file in present)]
    lines = [
        "# Exit kit",
        "",
        "Everything of one city, in open formats, to be read without CPS.",
        "",
        *(f"* {name}: {value}" for name, value in facts),
        "",
        "| file | what |",
        "|---|---|",
        *(f"| `{name}` | {told} |" for name, told in rows),
        "",
        *_READING,
        "## What is personal",
        "",
        "`personal/` holds everything that may name somebody: contacts and names of reporters, what they and officials wrote,",
        "places of reports, photos, accounts of officials, letters. Hand it on only to who takes the duty of the city over. The rest",
        "holds no words anybody typed about a report; `complaints.geojson` shows places only where everybody could see them exactly.",
        *([] if has_personal else ["", "This kit was made without personal data."]),
        "",
        "## What is not here",
        "",
        "| left out | because |",
        "|---|---|",
        "| passwords, keys, the secrets of private links, the text of letters (which hold them) | they open something |",
        "| original photos as they came | they say where the phone was; the photos here are the re-encoded ones |",
        "| background jobs | they are this system's, not the city's |",
        *(f"| `{table}` | {why} |" for table, why in LEFT_OUT.items()),
        "",
        "A new installation of CPS is moved by a backup, not by this kit: only a backup keeps private links good.",
    ]
    return "\n".join(lines) + "\n"


_FILES: Final = (
    (DICTIONARY, "every table and column: type, part, unit, meaning"),
    ("manifest.json", "version of CPS and of the database, how many rows each file has"),
    (Part.SHARED.value, "the tables, without what is personal"),
    ("areas.geojson", "the areas and their outlines"),
    ("complaints.geojson", "the reports, each at its place if everybody may know it exactly"),
    ("letters.toml", "the letters as they are written now, in each language"),
    ("profile/", "the city profile, file by file, as it was given; loading it changes nothing"),
    (Part.PERSONAL.value, "what is personal of the tables"),
    (
        "personal/photos/",
        "the photos: what everybody sees, and `-clear` what officials see where parts are covered",
    ),
    ("personal/photos.csv", "which photo is in which file, its size and its SHA-256"),
    ("SHA256SUMS", "a checksum of every other file"),
)

_READING: Final = (
    "## Reading it",
    "",
    "* CSV is UTF-8 with a header row; commas, quotes and line breaks within cells are quoted. An empty cell is no value,",
    '  `""` is an empty text. Moments are in UTC, dates where the city is, JSON stands as text.',
    "* It is a machine's export: what people typed stands as they typed it. A cell that begins with `=`, `+`, `-` or `@` is",
    "  text; a spreadsheet may take it for a formula, so import the files as text and never open them by a double click.",
    "* `tables/` and `personal/tables/` have files of the same name about the same rows: put them together by the primary key.",
    "* `sha256sum -c SHA256SUMS` says whether every file is as it was written. Nothing is signed.",
    "* `\\copy complaint(id, …) FROM 'tables/complaint.csv' CSV HEADER` reads a table into PostgreSQL.",
    "",
)
