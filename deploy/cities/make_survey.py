"""Make survey.xlsx, the workbook that WeGO staff fill in on the spot: `python -m deploy.cities.make_survey`.

The same form always gives the same bytes: nothing in it says when or by whom it was made.
"""

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from cps.city.survey.answers import heading
from cps.city.survey.form import Column, Kind, Sheet
from cps.city.survey.sheets import SHEETS
from cps.city.survey.workbook import ANSWER, GUIDE, QUESTION

FILE = Path(__file__).parent / "survey.xlsx"
MADE_ON = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook knows no zones
ROWS = 2000  # rows with a drop-down; more can be filled in
HEAD = PatternFill("solid", fgColor="1F4E78")
NEEDED = PatternFill("solid", fgColor="9C2A10")
GREY = Font(italic=True, color="7F7F7F")
GUIDANCE = (
    "What this is",
    "The survey of a city before CPS is set up there. Fill in what you learn on the spot; leave open what nobody knows yet.",
    "What you leave open is filled with what is usual in the country, and told line by line, so that a half-filled survey gives a city to try.",
    "",
    "How",
    "Each sheet has its explanation in the comments of the headings. A heading with * must be filled in, in each row you use.",
    "The grey row shows how a row is filled in. It may stay: rows with 'Example' or 'example-' in them are not read.",
    "Codes are short names of a-z, 0-9 and '-', like roads or ward-01. They never change later; names may.",
    "Names in languages that are not the city's stay empty.",
    "Phone numbers are texts, so that a leading 0 is not lost: the cells are set up for that.",
    "Do not rename sheets or headings, merge cells, or add sheets. Columns may be moved.",
    "Save as .xlsx, without password and without macros.",
    "",
    "Boundaries",
    "Put the file with the official outlines (GeoJSON, zipped Shapefile or GeoPackage) beside this workbook and write its name into City.",
    "Without it, give latitude and longitude of each area's office: borders are then drawn half-way between them, for training only.",
    "",
    "Personal data",
    "The sheet Officials names people. Send this workbook only to who makes the accounts.",
    "",
    "Then",
    "cps city new FOLDER --survey survey.xlsx    tells everything to put right, with sheet, row and column, or makes the profile",
    "",
    "The sheets",
)


def main(path: Path = FILE) -> None:
    """Write the workbook."""
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)
    guide.title = GUIDE
    _guide(guide)
    for sheet in SHEETS:
        page = book.create_sheet(sheet.title)
        _questions(page, sheet) if sheet.is_questions else _table(page, sheet)
    book.properties.creator = "CPS"
    book.properties.created = book.properties.modified = MADE_ON
    written = BytesIO()
    book.save(written)
    path.write_bytes(_same_bytes(written.getvalue()))


def _guide(page: Worksheet) -> None:
    page.column_dimensions["A"].width = 26
    page.column_dimensions["B"].width = 110
    for number, line in enumerate(GUIDANCE, start=1):
        cell = page.cell(number, 1, line)
        is_heading = number == 1 or not GUIDANCE[number - 2]
        cell.font = Font(bold=is_heading, size=13 if is_heading else 11)
    for number, sheet in enumerate(SHEETS, start=len(GUIDANCE) + 1):
        page.cell(number, 1, sheet.title).font = Font(bold=True)
        page.cell(number, 2, sheet.told)


def _questions(page: Worksheet, sheet: Sheet) -> None:
    for number, (title, width) in enumerate(
        ((QUESTION, 34), (ANSWER, 44), ("What to write", 84), ("For example", 34)), start=1
    ):
        _head(page, number, title, width)
    for row, column in enumerate(sheet.columns, start=2):
        page.cell(row, 1, heading(column)).font = Font(bold=column.is_needed)
        page.cell(row, 2).number_format = "@"
        page.cell(row, 3, column.told).alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(row, 4, column.example).font = GREY
        _validate(page, column, f"B{row}")
    page.freeze_panes = "B2"


def _table(page: Worksheet, sheet: Sheet) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        width = 34 if column.key.startswith(("name", "hint", "other")) else max(15, len(column.title) + 4)
        cell = _head(page, number, heading(column), width)
        cell.fill = NEEDED if column.is_needed else HEAD
        cell.comment = Comment(f"{column.told}\nFor example: {column.example or '(empty)'}", "CPS", 130, 320)
        example = page.cell(2, number, column.example or None)
        example.font = GREY
        page.column_dimensions[letter].number_format = "yyyy-mm-dd" if column.kind is Kind.DAY else "@"
        _validate(page, column, f"{letter}2:{letter}{ROWS}")
    page.freeze_panes = "B2"


def _head(page: Worksheet, number: int, title: str, width: int):
    cell = page.cell(1, number, title)
    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
    page.column_dimensions[get_column_letter(number)].width = width
    return cell


def _validate(page: Worksheet, column: Column, cells: str) -> None:
    """Give the cells a drop-down, of choices or of the codes of another sheet; codes may also be typed."""
    rule = DataValidation(allow_blank=True, showErrorMessage=bool(column.choices))
    rule.promptTitle, rule.prompt = column.title[:32], column.told[:250]
    rule.showInputMessage = True
    if column.choices:
        rule.type, rule.formula1 = "list", f'"{",".join(column.choices)}"'
        rule.errorTitle, rule.error = column.title[:32], f"One of: {', '.join(column.choices)}"[:250]
    elif column.refers_to:
        other = next(sheet for sheet in SHEETS if sheet.key == column.refers_to)
        rule.type, rule.formula1 = "list", f"'{other.title}'!$A$3:$A${ROWS}"
    rule.add(cells)
    page.add_data_validation(rule)


def _same_bytes(data: bytes) -> bytes:
    """Pack the workbook anew with one time for all parts, so that the same form gives the same file."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as fresh:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "docProps/core.xml":
                text = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", text)
            fresh.writestr(
                zipfile.ZipInfo(part.filename, (2026, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED, 9
            )
    return packed.getvalue()


if __name__ == "__main__":
    main()
