"""A workbook that cannot be used as it is: each fault is told with sheet, row and column, all at once, never as a crash."""

import zipfile
from datetime import date

import pytest

from cps.city.survey.draft import draft
from cps.city.survey.workbook import read_workbook
from cps.kernel.errors import Unusable
from tests.city.survey.filled import AREAS, NORTH, SOUTH, a_book, a_survey, add, answer, outlines, saved

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def told(book, tmp_path):
    """Return every sentence that a survey is answered with."""
    answers, problems = read_workbook(saved(book, tmp_path / "s.xlsx"))
    _draft, more = draft(answers, tmp_path, icons=["other", "pothole", "parking"], pictures=[])
    return [str(problem) for problem in [*problems, *more]]


def test_a_good_survey_has_no_fault(tmp_path):
    assert told(a_survey(), tmp_path) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"code,name\nroads,Roads\n", "is no workbook"),
        (b"", "is no workbook"),
        (OLE + b"\0" * 600, "old Excel"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
    ],
)
def test_what_is_no_workbook_is_told_as_what_it_is(tmp_path, data, sentence):
    path = tmp_path / "s.xlsx"
    path.write_bytes(data)

    with pytest.raises(Unusable, match=sentence):
        read_workbook(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(Unusable, match="There is no file"):
        read_workbook(tmp_path / "none.xlsx")
    with pytest.raises(Unusable, match="cannot be read: Is a directory"):
        read_workbook(tmp_path)


def test_a_workbook_with_macros_is_refused(tmp_path):
    path = saved(a_survey(), tmp_path / "s.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macros")

    with pytest.raises(Unusable, match="holds macros"):
        read_workbook(path)


def test_a_zip_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "s.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<office/>")

    with pytest.raises(Unusable, match="is no Excel workbook"):
        read_workbook(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("cps.city.survey.workbook._MOST_UNPACKED", 10_000)

    with pytest.raises(Unusable, match="unpacks to more"):
        read_workbook(saved(a_survey(), tmp_path / "s.xlsx"))


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"],
)
@pytest.mark.parametrize("data", [b"", b"<broken", b"<a/>"])
def test_a_damaged_workbook_is_told_and_no_traceback(tmp_path, part, data):
    whole, damaged = saved(a_survey(), tmp_path / "whole.xlsx"), tmp_path / "s.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(damaged, "w") as fresh:
        for name in old.namelist():
            fresh.writestr(name, data if name == part else old.read(name))

    try:
        _answers, problems = read_workbook(damaged)
    except Unusable as reason:
        problems = [reason]

    assert problems


def test_a_missing_sheet_and_a_strange_one_are_told(tmp_path):
    book = a_survey()
    del book["Holidays"]
    book.create_sheet("Notes")

    assert told(book, tmp_path) == [
        "s.xlsx: The sheet 'Holidays' is missing. Copy it from the template; it may stay empty.",
        "s.xlsx: No sheet of a survey is called 'Notes'. Take it out, or give it its name back.",
    ]


def test_a_renamed_a_missing_and_a_doubled_column_are_told(tmp_path):
    book = a_survey()
    book["Departments"]["A1"] = "Kode"
    book["Categories"]["I1"] = "Urgent"
    book["Areas"]["A1"] = None

    sentences = told(book, tmp_path)

    assert (
        "s.xlsx, sheet Departments, column A: No column is called 'Kode'. Not seen so far: 'Code'"
        in sentences[0]
    )
    assert "s.xlsx, sheet Departments: The column 'Code *' is missing from row 1." in sentences
    assert "s.xlsx, sheet Categories, column I: The column 'Urgent' stands here twice." in sentences
    assert any("sheet Areas, column A: This column has no heading in row 1." in one for one in sentences)


def test_columns_may_be_moved(tmp_path):
    book = a_survey()
    page = book["Areas"]
    for row in range(1, 5):
        page.cell(row, 1).value, page.cell(row, 2).value = page.cell(row, 2).value, page.cell(row, 1).value

    answers, problems = read_workbook(saved(book, tmp_path / "s.xlsx"))

    assert problems == []
    assert answers.codes("area") == ("north", "south")


def test_merged_cells_formulas_without_value_and_errors_are_told_where_they_are(tmp_path):
    book = a_survey()
    book["Departments"].merge_cells("B3:B4")
    book["Areas"]["B4"] = "=CONCATENATE(1,2)"
    book["Categories"]["B3"] = "#REF!"
    book["Categories"]["B3"].data_type = "e"

    sentences = told(book, tmp_path)

    assert (
        "s.xlsx, sheet Departments, B3:B4: These cells are merged. Unmerge them and write the value into each row."
        in sentences
    )
    assert (
        "s.xlsx, sheet Areas, row 4, column B (Name (Filipino)): This formula has no value. Type the value itself."
        in sentences
    )
    assert any(
        "sheet Categories, row 3, column B" in one and "error of the spreadsheet" in one for one in sentences
    )


def test_a_date_that_was_a_code_and_a_phone_that_lost_its_zero_are_told(tmp_path):
    book = a_book()
    answer(book, "city", {"code": "hue", "country": "VN", "name_vi": "Huế", "latitude": 16, "longitude": 107})
    add(book, "department", {"code": date(2026, 2, 1), "name_vi": "Ban", "phone": 2343822000})

    sentences = told(book, tmp_path)

    assert sentences[0] == (
        "s.xlsx, sheet Departments, row 3, column A (Code): The spreadsheet has made this the datetime "
        "2026-02-01 00:00:00. Make the cell a text and type it again."
    )
    assert "a leading 0 may be lost" in sentences[1]


def test_a_holiday_is_a_date_or_a_text_that_can_only_be_read_one_way(tmp_path):
    book = a_survey()
    add(
        book,
        "holiday",
        {"what": "closed", "date": date(2027, 3, 26), "name_vi": "Lễ", "name_en": "Feast"},
        {"what": "closed", "date": "2027-03-27", "name_vi": "Lễ", "name_en": "Feast"},
        {"what": "closed", "date": "9/1/2027", "name_vi": "Lễ", "name_en": "Feast"},
    )

    assert told(book, tmp_path) == [
        "s.xlsx, sheet Holidays, row 5, column B (Date): '9/1/2027' is no date. Write it like 2027-01-09."
    ]


def test_duplicates_and_strangers_are_told_with_what_to_write(tmp_path):
    book = a_survey()
    add(book, "department", {"code": "roads", "name_vi": "Lại", "name_en": "Again"})
    add(book, "category", {"code": "noise", "name_vi": "Ồn", "name_en": "Noise", "department": "police"})
    add(
        book,
        "official",
        {"name": "Hoa", "email": "hoa@hue.example", "role": "officer", "department": "police"},
    )
    add(book, "rule", {"category": "pothole", "area": "west", "department": "roads"})

    sentences = told(book, tmp_path)

    assert sentences == [
        "s.xlsx, sheet Departments, row 6, column A (Code): 'roads' stands in row 3 already. Each needs its own.",
        (
            "s.xlsx, sheet Categories, row 7, column G (Department): 'police' is no code in the sheet 'Departments'. "
            "Add a row there, or write one of: roads, desk, north-office."
        ),
        (
            "s.xlsx, sheet Routing, row 3, column B (Area): 'west' is no code in the sheet 'Areas'. "
            "Add a row there, or write one of: north, south."
        ),
        (
            "s.xlsx, sheet Officials, row 3, column D (Department): 'police' is no code in the sheet 'Departments'. "
            "Add a row there, or write one of: roads, desk, north-office."
        ),
    ]


def test_a_fault_that_only_the_check_of_profiles_knows_is_told_at_its_row(tmp_path):
    book = a_survey()
    add(book, "rule", {"category": "pothole", "department": "desk"})

    (sentence,) = told(book, tmp_path)

    assert sentence.startswith("s.xlsx, sheet Routing, row 3: This rule quarrels with line ")


def test_an_area_that_the_boundary_file_lacks_is_told_at_its_row(tmp_path):
    (tmp_path / "wards.geojson").write_text(outlines(("north", NORTH)), encoding="utf-8")
    book = a_survey()
    answer(book, "city", {"boundaries": "wards.geojson"})

    assert told(book, tmp_path) == [
        "s.xlsx, sheet Areas, row 4, column A (Code): Area 'south' has no outline in the boundary file."
    ]


def test_a_boundary_file_that_is_not_there_or_elsewhere_is_told(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "wards.geojson").write_text(
        outlines(("north", NORTH), ("south", SOUTH)), encoding="utf-8"
    )
    for name in ("none.geojson", "deep/wards.geojson"):
        book = a_survey()
        answer(book, "city", {"boundaries": name})

        (sentence,) = told(book, tmp_path)

        assert "(Boundary file): There is no file" in sentence


def test_some_areas_with_a_place_and_some_without_are_told(tmp_path):
    book = a_book()
    answer(book, "city", {"code": "hue", "country": "VN", "name_vi": "Huế", "latitude": 16, "longitude": 107})
    add(book, "area", {**AREAS[0], "office": "", "latitude": "16.5", "longitude": "107.5"}, AREAS[1])

    (sentence,) = told(book, tmp_path)

    assert "sheet Areas, row 4" in sentence
    assert "Other areas say where they are" in sentence


def test_what_looks_like_a_formula_but_is_text_stays_text(tmp_path):
    book = a_survey()
    words = '=HYPERLINK("http://evil.example";"x")'
    cell = book["Departments"]["F3"]  # the English name of roads
    assert book["Departments"]["F1"].value == "Name (English)"
    cell.value, cell.data_type = words, "s"

    answers, problems = read_workbook(saved(book, tmp_path / "s.xlsx"))
    made, more = draft(answers, tmp_path, icons=["other", "pothole", "parking"], pictures=[])

    assert [*problems, *more] == []
    assert made.profile.departments[0].names["en"] == words


def test_ten_thousand_areas_are_read_and_what_lies_far_below_is_told(tmp_path):
    book = a_survey()
    page = book["Areas"]
    for number in range(10_000):
        page.cell(5 + number, 1).value = f"ward-{number}"
        page.cell(5 + number, 6).value = f"Ward {number}"
    book["Places"].cell(60_000, 1).value = "Far below"

    answers, problems = read_workbook(saved(book, tmp_path / "s.xlsx"))

    assert len(answers.rows("area")) == 10_002
    assert [str(problem).partition(". ")[0] for problem in problems] == [
        "s.xlsx, sheet Places, row 60000: This sheet goes on beyond row 20,000"
    ]


def test_an_empty_template_is_told_what_it_needs(tmp_path):
    sentences = told(a_book(), tmp_path)

    assert any("cell B2 (Code): This is needed." in one for one in sentences)
    assert any("(Latitude): Where is the city?" in one for one in sentences)


def test_outlines_of_both_areas_are_taken(tmp_path):
    (tmp_path / "wards.geojson").write_text(outlines(("north", NORTH), ("south", SOUTH)), encoding="utf-8")
    book = a_survey()
    answer(book, "city", {"boundaries": "wards.geojson", "latitude": None, "longitude": None})
    answers, _problems = read_workbook(saved(book, tmp_path / "s.xlsx"))

    made, problems = draft(answers, tmp_path, icons=["other", "pothole", "parking"], pictures=[])

    assert problems == []
    assert (made.profile.map.latitude, made.profile.map.longitude) == (16.5, 107.55)
    assert made.profile.tolerance_m == 0
    assert not any(area.approximate for area in made.profile.areas)
