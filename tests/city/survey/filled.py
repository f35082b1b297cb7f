"""The template of the survey filled in as somebody in the city hall would, and ways to spoil it."""

import json
from pathlib import Path

from openpyxl import Workbook, load_workbook

from cps.city.survey.answers import heading
from cps.city.survey.sheets import sheet
from cps.kernel.files import CITIES

TEMPLATE = CITIES / "survey.xlsx"

CITY = {
    "code": "hue",
    "country": "VN",
    "name_vi": "Thành phố Huế",
    "name_en": "Hue",
    "latitude": "16.46",
    "longitude": "107.59",
    "phone": "0234 1022",
    "email": "hello@hue.example",
    "address": "14 Lê Lợi",
    "front_desk": "desk",
}
DEPARTMENTS = [
    {"code": "roads", "name_vi": "Phòng Giao thông", "name_en": "Roads Office", "email": "roads@hue.example"},
    {"code": "desk", "name_vi": "Bộ phận tiếp nhận", "name_en": "Front desk", "phone": "0234 382 2000"},
    {"code": "north-office", "name_vi": "UBND phường Bắc", "name_en": "North office", "parent": "desk"},
]
CATEGORIES = [
    {
        "code": "pothole",
        "name_vi": "Ổ gà",
        "name_en": "Pothole",
        "department": "roads",
        "promise": "5",
        "public": "yes",
    },
    {
        "code": "fallen-pole",
        "name_vi": "Cột đổ",
        "name_en": "Fallen pole",
        "department": "area office",
        "urgent": "yes",
    },
    {
        "code": "parking",
        "name_vi": "Đỗ xe",
        "name_en": "Parking",
        "department": "desk",
        "photos": "2",
        "public": "no",
    },
    {"code": "other", "name_vi": "Khác", "name_en": "Other", "promise": "15 calendar days"},
]
AREAS = [
    {"code": "north", "name_vi": "Phường Bắc", "name_en": "North Ward", "office": "north-office"},
    {"code": "south", "name_vi": "Phường Nam", "name_en": "South Ward"},
]
NORTH = [[107.5, 16.5], [107.6, 16.5], [107.6, 16.6], [107.5, 16.6], [107.5, 16.5]]
SOUTH = [[107.5, 16.4], [107.6, 16.4], [107.6, 16.5], [107.5, 16.5], [107.5, 16.4]]


def a_book() -> Workbook:
    """Return the template as it comes, with its example rows."""
    return load_workbook(TEMPLATE)


def answer(book: Workbook, key: str, values: dict[str, object]) -> None:
    """Write answers beside their questions."""
    one = sheet(key)
    page = book[one.title]
    rows = {page.cell(row, 1).value: row for row in range(2, page.max_row + 1)}
    for column, value in values.items():
        page.cell(rows[heading(one.column(column))], 2).value = value


def add(book: Workbook, key: str, *rows: dict[str, object]) -> None:
    """Write rows below the example."""
    one = sheet(key)
    page = book[one.title]
    columns = {page.cell(1, n).value: n for n in range(1, page.max_column + 1)}
    first = 3
    while any(page.cell(first, n).value is not None for n in columns.values()):
        first += 1
    for number, row in enumerate(rows, start=first):
        for column, value in row.items():
            page.cell(number, columns[heading(one.column(column))]).value = value


def a_survey() -> Workbook:
    """Return a survey of a small city with everything that matters."""
    book = a_book()
    answer(book, "city", CITY)
    add(book, "department", *DEPARTMENTS)
    add(book, "category", *CATEGORIES)
    add(book, "area", *AREAS)
    return book


def saved(book: Workbook, path: Path) -> Path:
    """Save a workbook and return where."""
    book.save(path)
    return path


def outlines(*features: tuple[str, list[list[float]]]) -> str:
    """Return a boundary file with these codes."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"code": code},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
                for code, ring in features
            ],
        }
    )
