"""The workbook in the repository is the one its script makes, and explains every column."""

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from cps.city.survey.answers import heading
from cps.city.survey.form import Kind
from cps.city.survey.sheets import SHEETS
from cps.city.survey.workbook import GUIDE, read_workbook
from deploy.cities import make_survey
from tests.city.survey.filled import TEMPLATE


def test_the_script_makes_the_same_bytes_as_lie_in_the_repository(tmp_path):
    make_survey.main(tmp_path / "survey.xlsx")

    assert (tmp_path / "survey.xlsx").read_bytes() == TEMPLATE.read_bytes()


def test_every_sheet_and_column_of_the_form_is_there_with_a_comment():
    book = load_workbook(TEMPLATE)

    assert book.sheetnames == [GUIDE, *(sheet.title for sheet in SHEETS)]
    for sheet in SHEETS:
        page = book[sheet.title]
        if sheet.is_questions:
            asked = {page.cell(row, 1).value: page.cell(row, 3).value for row in range(2, page.max_row + 1)}
            assert asked == {heading(column): column.told for column in sheet.columns}
        else:
            for number, column in enumerate(sheet.columns, start=1):
                assert page.cell(1, number).value == heading(column)
                assert column.told in page.cell(1, number).comment.text


def test_cells_with_choices_and_codes_have_a_drop_down():
    book = load_workbook(TEMPLATE)

    for sheet in SHEETS:
        lists = [rule for rule in book[sheet.title].data_validations.dataValidation if rule.type == "list"]
        assert len(lists) == sum(bool(column.choices or column.refers_to) for column in sheet.columns)


def test_phone_cells_are_texts_so_that_leading_zeros_stay():
    page = load_workbook(TEMPLATE)["Departments"]
    sheet = next(sheet for sheet in SHEETS if sheet.key == "department")
    phone = next(n for n, column in enumerate(sheet.columns, start=1) if column.kind is Kind.PHONE)

    assert page.column_dimensions[get_column_letter(phone)].number_format == "@"


def test_its_example_rows_are_not_read():
    answers, problems = read_workbook(TEMPLATE)

    assert problems == []
    assert all(not answers.rows(sheet.key) for sheet in SHEETS if not sheet.is_questions)
    assert not any(any(answers.one(sheet.key).cells.values()) for sheet in SHEETS if sheet.is_questions)
