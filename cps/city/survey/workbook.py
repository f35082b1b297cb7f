"""The survey workbook (.xlsx) becomes answers, or a list of everything that is wrong with it.

Cells are read as text and never calculated: what looks like a formula but was typed as text stays text.
"""

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from cps.city.survey.answers import Answers, Entry, Problem, column_name, heading, without_examples
from cps.city.survey.form import Kind, Sheet
from cps.city.survey.sheets import SHEETS
from cps.kernel.errors import Unusable
from cps.kernel.text import cleaned

MOST_BYTES: Final = 20_000_000
MOST_ROWS: Final = 20_000
GUIDE: Final = "How to fill this in"
ANSWER: Final = "Answer"
QUESTION: Final = "Question"
_MOST_UNPACKED: Final = 300_000_000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_LOOKED_AT: Final = 100  # rows, to see whether a column without heading is used
_SHORT_NUMBER: Final = 9999  # a longer phone number may have lost its leading zero
_DAMAGED: Final = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
)


def read_workbook(path: Path) -> tuple[Answers, list[Problem]]:
    """Read the answers and what is wrong with the cells as such; raise Unusable for what is no survey at all."""
    _check_file(path)
    texts, values = _opened(path, calculated=False), _opened(path, calculated=True)
    problems: list[Problem] = []
    entries: dict[str, tuple[Entry, ...]] = {}
    for sheet in SHEETS:
        if sheet.title not in texts.sheetnames:
            problems.append(
                Problem(
                    path.name,
                    f"The sheet '{sheet.title}' is missing. Copy it from the template; it may stay empty.",
                )
            )
            continue
        reader = _Reader(path.name, sheet, texts[sheet.title], values[sheet.title], problems)
        entries[sheet.key] = without_examples(tuple(reader.entries()))
    known = {GUIDE, *(sheet.title for sheet in SHEETS)}
    problems.extend(
        Problem(path.name, f"No sheet of a survey is called '{name}'. Take it out, or give it its name back.")
        for name in texts.sheetnames
        if name not in known
    )
    return Answers(path.name, entries), problems


def _check_file(path: Path) -> None:
    """Refuse a file that is no plain workbook, saying what it is instead."""
    try:
        size = path.stat().st_size
        with path.open("rb") as opened:
            begin = opened.read(8)
    except FileNotFoundError:
        raise Unusable(f"There is no file {path}.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None
    if size > MOST_BYTES:
        raise Unusable(f"{path} is larger than {MOST_BYTES // 1_000_000} MB. Take pictures out of it.")
    if begin == _OLE:
        if _ENCRYPTED in path.read_bytes():
            raise Unusable(f"{path} is protected with a password. Save it without one.")
        raise Unusable(f"{path} is in the format of old Excel (.xls). Save it as .xlsx.")
    if not zipfile.is_zipfile(path):
        raise Unusable(f"{path} is no workbook, or it is cut off. A survey is an .xlsx file.")
    _check_parts(path)


def _check_parts(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unusable(f"{path} holds macros, which nobody needs here. Save it as .xlsx without macros.")
    if "xl/workbook.xml" not in names:
        raise Unusable(f"{path} is no Excel workbook. Save the survey as .xlsx.")
    if sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Unusable(f"{path} unpacks to more than {_MOST_UNPACKED // 1_000_000} MB. It is no survey.")


def _opened(path: Path, *, calculated: bool) -> Workbook:
    try:
        with path.open("rb") as file:  # openpyxl leaves open what it breaks off
            return load_workbook(file, data_only=calculated)
    except _DAMAGED:
        raise Unusable(f"{path} is damaged. Open it in a spreadsheet program and save it again.") from None


class _Reader:
    """Reads one sheet; `texts` holds formulas as they are written, `values` what they gave when it was saved."""

    def __init__(
        self, file: str, sheet: Sheet, texts: Worksheet, values: Worksheet, problems: list[Problem]
    ) -> None:
        self._at = f"{file}, sheet {sheet.title}"
        self._sheet = sheet
        self._texts = texts
        self._values = values
        self._problems = problems

    def entries(self) -> Iterator[Entry]:
        """Give the rows that say something."""
        for merged in self._texts.merged_cells.ranges:
            self._note(
                f"{self._at}, {merged.coord}",
                "These cells are merged. Unmerge them and write the value into each row.",
            )
        if self._sheet.is_questions:
            yield from self._questions()
        else:
            yield from self._rows()

    def _rows(self) -> Iterator[Entry]:
        columns = self._columns()
        for number in range(2, self._last_row() + 1):
            cells = {key: self._text(key, number, column) for key, column in columns.items()}
            if not any(cells.values()):
                continue
            places = {key: self._where(key, number, column) for key, column in columns.items()}
            yield Entry(self._sheet, cells, f"{self._at}, row {number}", places)

    def _last_row(self) -> int:
        last: int = self._texts.max_row
        if last > MOST_ROWS:
            self._note(
                f"{self._at}, row {last}",
                f"This sheet goes on beyond row {MOST_ROWS:,}. Delete the empty rows below the last one; a list of "
                "places that is longer is loaded with --places.",
            )
        return min(last, MOST_ROWS)

    def _columns(self) -> dict[str, int]:
        """Return the number of each column, by key; note what is missing, unknown or there twice."""
        known = {heading(column).casefold(): column.key for column in self._sheet.columns}
        known |= {column.title.casefold(): column.key for column in self._sheet.columns}
        found: dict[str, int] = {}
        for number in range(1, self._texts.max_column + 1):
            title = self._heading(1, number)
            key = known.get(title.casefold())
            if key is not None and key not in found:
                found[key] = number
            elif title or self._has_words_below(number):
                self._note(f"{self._at}, column {column_name(number)}", self._stranger(title, found))
        for column in self._sheet.columns:
            if column.key not in found and column.is_needed:
                self._note(self._at, f"The column '{heading(column)}' is missing from row 1.")
        return found

    def _heading(self, row: int, column: int) -> str:
        value = self._texts.cell(row, column).value
        return cleaned(str(value)) if value is not None else ""

    def _has_words_below(self, column: int) -> bool:
        return any(self._texts.cell(row, column).value is not None for row in range(2, _LOOKED_AT))

    def _stranger(self, title: str, found: dict[str, int]) -> str:
        if not title:
            return "This column has no heading in row 1. Give it one of the template's, or take it out."
        lacking = [f"'{column.title}'" for column in self._sheet.columns if column.key not in found]
        if any(column.title.casefold() == title.rstrip(" *").casefold() for column in self._sheet.columns):
            return f"The column '{title}' stands here twice."
        return f"No column is called '{title}'. Not seen so far: {', '.join(lacking)}."

    def _questions(self) -> Iterator[Entry]:
        """Read a sheet with one question a row: the question in column A, the answer in column B."""
        known = {heading(column).casefold(): column.key for column in self._sheet.columns}
        known |= {column.title.casefold(): column.key for column in self._sheet.columns}
        if (self._heading(1, 1), self._heading(1, 2)) != (QUESTION, ANSWER):
            self._note(f"{self._at}, row 1", f"Column A must be headed '{QUESTION}', column B '{ANSWER}'.")
            return
        cells: dict[str, str] = {}
        places: dict[str, str] = {}
        for number in range(2, self._last_row() + 1):
            question = self._heading(number, 1)
            key = known.get(question.casefold())
            if key is not None and key not in places:
                cells[key] = self._text(key, number, 2)
                places[key] = f"{self._at}, cell B{number} ({question.rstrip(' *')})"
            elif question:
                self._note(
                    f"{self._at}, cell A{number}",
                    f"The question '{question}' is not one of the template, or stands here twice.",
                )
        yield Entry(self._sheet, cells, self._at, places)

    def _where(self, key: str, row: int, column: int) -> str:
        title = self._sheet.column(key).title
        return f"{self._at}, row {row}, column {column_name(column)} ({title})"

    def _text(self, key: str, row: int, column: int) -> str:
        """Return a cell as text; note one that cannot be trusted to say what was typed."""
        cell, saved = self._texts.cell(row, column), self._values.cell(row, column).value
        kind = self._sheet.column(key).kind
        if cell.data_type == "f" and saved is None:
            fault = "This formula has no value. Type the value itself."
        elif cell.data_type == "e" or (isinstance(saved, str) and cell.data_type == "f" and saved[:1] == "#"):
            fault = "This cell shows an error of the spreadsheet. Type the value itself."
        else:
            text, fault = _said(saved if cell.data_type == "f" else cell.value, kind)
            if not fault:
                return cleaned(text)
        self._note(self._where(key, row, column), fault)
        return ""

    def _note(self, where: str, sentence: str) -> None:
        self._problems.append(Problem(where, sentence))


def _said(value: object, kind: Kind) -> tuple[str, str]:
    """Return what a cell says, and what is wrong with it if it cannot be told what was meant."""
    match value:
        case None:
            said = ""
        case bool():
            said = "yes" if value else "no"
        case date() if kind is Kind.DAY:
            said = value.isoformat()[:10]
        case int() if kind is Kind.PHONE and abs(value) > _SHORT_NUMBER:
            return "", (
                f"This is the number {value}, and a leading 0 may be lost. Make the cell a text and type it again."
            )
        case int() | str():
            said = str(value)
        case float():
            said = str(int(value)) if value.is_integer() else repr(value)
        case _:
            return "", (
                f"The spreadsheet has made this the {type(value).__name__} {value}. "
                "Make the cell a text and type it again."
            )
    return said, ""
