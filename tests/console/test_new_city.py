"""`cps city new`: a profile from the workbook, from answers, or from questions that can be broken off and gone on with."""

import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cps.city.files import read
from cps.city.survey.kept import read_kept
from cps.city.survey.toml_text import toml
from cps.console.command import main
from cps.kernel.db import db
from cps.people.models import Person
from tests.city.survey.filled import AREAS, CATEGORIES, CITY, DEPARTMENTS, TEMPLATE, a_survey, add, saved

WHOLE = {"city": CITY, "department": DEPARTMENTS, "category": CATEGORIES, "area": AREAS}


def run(*arguments, typed=None):
    return CliRunner().invoke(main, ["city", *map(str, arguments)], input=typed)


def lines(*answers):
    return "".join(f"{answer}\n" for answer in answers)


# Code, country, languages, names, time zone, place, boundaries, area kinds, phone, e-mail, how to reach, address, desk.
ABOUT_THE_CITY = (
    "hue",
    "VN",
    "vi, en",
    "Huế",
    "Hue",
    "",
    "16.46",
    "107.59",
    "",
    "",
    "",
    "1022",
    "",
    "",
    "",
    "",
    "",
)
# No departments, categories, areas, rules; seven days; no holidays, numbers, officials, places.
NOTHING_MORE = ("",) * (4 + 7 + 4)


def test_a_survey_becomes_a_profile_that_the_check_of_profiles_passes(tmp_path):
    survey = saved(a_survey(), tmp_path / "survey.xlsx")

    result = run("new", tmp_path / "hue", "--survey", survey)

    assert result.exit_code == 0, result.output
    assert "holds the profile of hue: 3 departments, 4 categories, 2 areas" in result.output
    checked = run("check", tmp_path / "hue")
    assert checked.exit_code == 0
    assert "hue: 3 departments, 4 categories, 2 areas, 2 languages (vi, en). No faults." in checked.output


def test_a_survey_with_faults_tells_all_of_them_and_writes_nothing(tmp_path):
    book = a_survey()
    add(book, "department", {"code": "Roads!", "name_en": "Roads"})
    add(book, "category", {"code": "noise", "name_en": "Noise", "department": "police"})

    result = run("new", tmp_path / "hue", "--survey", saved(book, tmp_path / "survey.xlsx"))

    assert result.exit_code == 1
    assert "sheet Departments, row 6, column A (Code): 'Roads!' is no code." in result.output
    assert "sheet Categories, row 7" in result.output
    assert "survey.xlsx has 2 faults; nothing was written." in result.output
    assert not (tmp_path / "hue").exists()


def test_answers_in_a_file_become_a_profile_without_a_question(tmp_path):
    (tmp_path / "a.toml").write_text(toml(WHOLE), encoding="utf-8")

    result = run("new", tmp_path / "hue", "--answers", tmp_path / "a.toml")

    assert result.exit_code == 0, result.output
    assert read(tmp_path / "hue")[0].code == "hue"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("city = [", "is not TOML"),
        ('[mayor]\nname = "x"', "Nothing is called 'mayor' here"),
        ('city = "x"', "'city' must be written as [city]."),
        ('[department]\ncode = "x"', "'department' must be written as [[department]]."),
    ],
)
def test_answers_that_cannot_be_read_are_told(tmp_path, text, sentence):
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")

    result = run("new", tmp_path / "hue", "--answers", tmp_path / "a.toml")

    assert result.exit_code == 1
    assert sentence in result.output
    assert not (tmp_path / "hue").exists()


def test_what_nobody_asked_for_keeps_good_answers_from_being_written(tmp_path):
    (tmp_path / "a.toml").write_text(toml({**WHOLE, "mayor": {"name": "x"}}), encoding="utf-8")

    result = run("new", tmp_path / "hue", "--answers", tmp_path / "a.toml")

    assert result.exit_code == 1
    assert "a.toml has 1 fault; nothing was written." in result.output
    assert not (tmp_path / "hue").exists()


def test_missing_answers_and_two_sources_are_refused(tmp_path):
    assert "There is no file" in run("new", tmp_path / "x", "--answers", tmp_path / "none").output
    both = run("new", tmp_path / "x", "--answers", tmp_path / "a", "--survey", TEMPLATE)
    assert "Give --survey or --answers, not both." in both.output


def test_a_folder_with_a_profile_is_refused_before_anything_is_asked(tmp_path):
    (tmp_path / "city.toml").write_text("", encoding="utf-8")

    result = run("new", tmp_path)

    assert result.exit_code == 1
    assert result.output.startswith(f"{tmp_path} has a profile already")


def test_questions_on_the_terminal_become_a_profile(tmp_path):
    result = run("new", tmp_path / "hue", typed=lines(*ABOUT_THE_CITY, *NOTHING_MORE))

    assert result.exit_code == 0, result.output
    assert read(tmp_path / "hue")[0].names == {"vi": "Huế", "en": "Hue"}
    assert "Name (Korean)" not in result.output
    assert (tmp_path / "hue" / "answers.toml").stat().st_mode & 0o077 == 0


def test_a_city_that_names_no_languages_is_asked_in_those_of_its_country(tmp_path):
    typed = lines("hue", "VN", "", *ABOUT_THE_CITY[3:], *NOTHING_MORE)

    result = run("new", tmp_path / "hue", typed=typed)

    assert result.exit_code == 0, result.output
    assert read(tmp_path / "hue")[0].names == {"vi": "Huế", "en": "Hue"}
    assert "Name (Korean)" not in result.output


def test_a_wrong_answer_is_told_at_once_and_asked_again(tmp_path):
    typed = lines("Huế!", "hue", "Vietnam", "VN", *ABOUT_THE_CITY[2:], *NOTHING_MORE)

    result = run("new", tmp_path / "hue", typed=typed)

    assert result.exit_code == 0, result.output
    assert "'Huế!' is no code." in result.output
    assert "'Vietnam' is no country." in result.output


def test_every_answer_is_kept_at_once(tmp_path):
    run("new", tmp_path / "hue", typed=lines("hue", "VN"))

    assert read_kept(tmp_path / "hue" / "answers.toml") == {"city": {"code": "hue", "country": "VN"}}


def test_questions_that_are_broken_off_go_on_where_they_ended(tmp_path):
    typed = lines(*ABOUT_THE_CITY, "roads", "Đường")  # the English name of the department is not answered

    broken = run("new", tmp_path / "hue", typed=typed)

    assert broken.exit_code == 1
    assert f"Your answers are kept in {tmp_path / 'hue' / 'answers.toml'}." in broken.output
    kept = read_kept(tmp_path / "hue" / "answers.toml")
    assert kept["city"]["name_en"] == "Hue"
    assert kept["department"] == [{"code": "roads", "name_vi": "Đường"}]
    assert not (tmp_path / "hue" / "city.toml").exists()

    rest = lines("Roads", "", "", "", "", "roads", "", *NOTHING_MORE[1:])
    result = run("new", tmp_path / "hue", typed=rest)

    assert result.exit_code == 0, result.output
    assert "'roads' is there already." in result.output
    assert "Country" not in result.output
    assert read(tmp_path / "hue")[0].departments[0].names == {"vi": "Đường", "en": "Roads"}


def test_a_department_that_nobody_listed_is_told_while_it_is_asked(tmp_path):
    departments = ("roads", "Đường", "Roads", "", "", "", "", "")
    category = ("pothole", "Ổ gà", "Pothole", "police", "roads", "", "", "", "", "", "", "", "", "")

    result = run(
        "new", tmp_path / "hue", typed=lines(*ABOUT_THE_CITY, *departments, *category, *NOTHING_MORE[2:])
    )

    assert result.exit_code == 0, result.output
    assert "'police' is not there. There are roads." in result.output


def test_the_officials_of_a_survey_get_accounts_once_and_all_or_none(own_city, tmp_path):
    rows = [
        {"name": "Hoa", "email": "Hoa@hue.example", "role": "head", "department": "roads"},
        {"name": "Lan", "email": "lan@hue.example", "role": "auditor"},
    ]
    (tmp_path / "a.toml").write_text(toml({**WHOLE, "official": rows}), encoding="utf-8")
    run("new", tmp_path / "hue", "--answers", tmp_path / "a.toml")
    assert run("load", tmp_path / "hue").exit_code == 0
    officials = tmp_path / "hue" / "officials.csv"

    made = CliRunner().invoke(main, ["people", "load", str(officials)])
    again = CliRunner().invoke(main, ["people", "load", str(officials)])
    officials.write_text(
        officials.read_text("utf-8") + "Bo,bo@hue.example,officer,roads\nChi,c@hue.example,king,\n", "utf-8"
    )
    wrong = CliRunner().invoke(main, ["people", "load", str(officials)])

    assert made.exit_code == 0, made.output
    assert "Hoa can sign in as hoa@hue.example with the password " in made.output
    assert (
        again.output == "hoa@hue.example has an account already.\nlan@hue.example has an account already.\n"
    )
    assert wrong.exit_code == 1
    assert (
        "officials.csv:5: 'king' is no role; there are officer, head, coordinator, auditor." in wrong.output
    )
    with own_city.app_context():
        assert sorted(db.session.scalars(select(Person.name))) == ["Hoa", "Lan"]


@pytest.mark.parametrize("text", ["name,email\n", "\xff"])
def test_a_list_of_officials_that_is_none_is_told(tmp_path, text):
    (tmp_path / "officials.csv").write_bytes(text.encode("latin-1"))

    result = CliRunner().invoke(main, ["people", "load", str(tmp_path / "officials.csv")])

    assert result.exit_code == 1
    assert "officials.csv" in result.output


def test_a_full_or_locked_place_is_told_and_no_profile_is_left_half_written(tmp_path):
    (tmp_path / "a.toml").write_text(toml(WHOLE), encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")

    result = run("new", tmp_path / "file" / "hue", "--answers", tmp_path / "a.toml")

    assert result.exit_code == 1
    assert "cannot be written to" in result.output
    assert "Traceback" not in result.output


def test_the_command_is_a_process_that_leaves_with_one_and_says_why(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "cps", "city", "new", str(tmp_path / "x"), "--survey", __file__],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "is no workbook" in done.stderr
    assert "Traceback" not in done.stderr
