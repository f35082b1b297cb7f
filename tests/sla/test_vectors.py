"""The published examples of four countries' rules, counted by their packs."""

import json

import pytest
from click.testing import CliRunner

from cps.city.promise import Promise
from cps.console.command import main
from cps.kernel.dates import OtherCalendar
from cps.sla import pack
from cps.sla.explanation import explained
from cps.sla.promise import deadline, due
from tests.sla.offices import moment


@pytest.mark.parametrize(
    ("country", "code", "received", "expected"),
    [
        ("KR", "grievance", (2026, 3, 9, 14), (2026, 3, 17, 18)),
        ("KR", "three-days", (2026, 3, 9, 14), (2026, 3, 12, 14)),
        ("KR", "three-days", (2026, 2, 13, 17), (2026, 2, 23, 17)),  # over Seollal
        ("KR", "grievance", (2026, 2, 13, 17), (2026, 2, 26, 18)),
        ("KR", "everyday", (2026, 3, 13, 16, 30), (2026, 3, 16, 10, 30)),
        ("KR", "objection", (2026, 3, 9, 14), (2026, 5, 8, 23, 59)),
        ("KR", "objection-decision", (2026, 3, 9, 14), (2026, 3, 20, 18)),
        ("KR", "transfer-body", (2026, 3, 9, 14), (2026, 3, 10, 14)),
        ("VN", "ihanoi-accept", (2026, 3, 13, 15), (2026, 3, 16, 15)),
        ("VN", "da-nang", (2026, 1, 7, 9), (2026, 1, 10, 17)),  # the Saturday is worked for 2 January
        ("PH", "simple", (2026, 3, 12, 9), (2026, 3, 17, 17)),
        ("NP", "ward-first-answer", (2026, 11, 20, 14, 30), (2026, 11, 22, 12, 30)),
    ],
)
def test_a_published_example_comes_out_as_published(country, code, received, expected):
    rules = pack.of(country)
    legal = rules.promise(code)

    assert due(legal.promise, moment(rules.calendar, *received), rules.calendar) == moment(
        rules.calendar, *expected
    )


def test_a_month_that_has_no_such_date_ends_on_its_last_day_and_rolls_over_days_off():
    korea = pack.of(
        "KR"
    ).calendar  # 28 February 2026 is a Saturday, 1 March a holiday with 2 March in its place
    counted = deadline(Promise.parse("1 month, first day counted"), moment(korea, 2026, 1, 31, 10), korea)

    assert counted.moved_from.isoformat() == "2026-02-28"
    assert counted.due_at == moment(korea, 2026, 3, 3, 23, 59)


def test_seoul_in_the_summer_time_of_1988_counts_lived_hours():
    korea = pack.of("KR").calendar

    night = due(Promise.parse("6 hours"), moment(korea, 1988, 5, 7, 23), korea)  # clocks jump from 2 to 3

    assert night == moment(korea, 1988, 5, 8, 6)


@pytest.mark.parametrize("country", ["KR", "VN", "PH", "NP"])
def test_every_figure_has_an_article_and_says_that_it_is_no_advice(country):
    rules = pack.of(country)

    assert rules.promises
    assert all(legal.article for legal in rules.promises)
    assert str(pack.NOTE) == "An example, not legal advice."


def test_an_explanation_names_what_was_left_out():
    korea = pack.of("KR").calendar
    counted = deadline(
        Promise.parse("7 working days, first day counted"), moment(korea, 2026, 2, 13, 17), korea
    )

    assert explained(counted, korea, language="en") == (
        "7 working days, first day counted; 3 holidays left out (Korean New Year); 4 weekly days off left out"
    )
    assert "설날" in explained(counted, korea, language="ko")
    assert explained(counted, korea, language="vi").startswith(
        "7 ngày làm việc, tính cả ngày đầu; không tính 3"
    )


def test_an_explanation_writes_its_dates_in_the_calendars_of_its_readers():
    korea = pack.of("KR").calendar
    promise = Promise.parse("1 month, first day counted")
    counted = deadline(promise, moment(korea, 2026, 1, 31, 10), korea)

    said = explained(counted, korea, language="en", read_in=[OtherCalendar.BIKRAM_SAMBAT])

    assert said.endswith("moved from 16 Falgun 2082 (28 February 2026), a day off, to the next working day")


def answer(*arguments):
    result = CliRunner().invoke(main, ["sla", "due", *arguments])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_command_answers_without_a_database():
    found = answer("--city", "hanoi", "--category", "pothole", "--received", "2026-03-13T15:00")

    assert found["due_at"] == "2026-03-24T17:00:00+07:00"
    assert found["acknowledge_by"] == "2026-03-16T15:00:00+07:00"
    assert set(found["explanation"]) == {"en", "ko", "vi", "fil", "ne"}
    assert [step["counted"] for step in found["steps"]][-1] == 7


def test_the_command_counts_pauses_and_extensions():
    found = answer(
        *("--pack", "KR", "--promise", "grievance", "--received", "2026-03-09T14:00"),
        *("--pause", "2026-03-11T10:00/2026-03-13T10:00", "--extend", "3"),
    )

    assert found["due_at"] == "2026-03-25T18:00:00+09:00"
    assert "extended by 3 working days" in found["explanation"]["en"]
    assert "paused 3 days while we waited for you" in found["explanation"]["en"]


def test_the_command_reads_a_calendar_and_a_promise_of_ones_own(tmp_path):
    week = "\n".join(
        f'{day} = ["10:00-17:00"]' for day in ("sunday", "monday", "tuesday", "wednesday", "thursday")
    )
    file = tmp_path / "calendar.toml"
    file.write_text(
        f'time_zone = "Asia/Kathmandu"\n[[week]]\nfrom = 2000-01-01\n{week}\nfriday = ["10:00-15:00"]\nsaturday = []\n'
    )

    found = answer(
        "--calendar", str(file), "--promise", "3 working hours", "--received", "2026-11-20T14:30+05:45"
    )

    assert found["due_at"] == "2026-11-22T12:30:00+05:45"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--pack", "KR", "--promise", "nonsense"], "There is no promise 'nonsense'"),
        (["--pack", "XX", "--promise", "simple"], "There is no rule pack 'XX'"),
        (["--pack", "KR", "--promise", "grievance", "--extend", "8"], "1 to 7 long, not 8"),
        (
            ["--pack", "KR", "--promise", "grievance", "--extend", "3", "--extend", "3"],
            "needs the citizen's consent",
        ),
        (["--pack", "KR", "--promise", "grievance", "--extend", "3 hours"], "counted in the same unit"),
        (["--pack", "KR", "--promise", "grievance", "--pause", "yesterday/.."], "is no moment"),
        (["--city", "hanoi", "--category", "nonsense"], "There is no category 'nonsense'"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_sentence(arguments, sentence):
    result = CliRunner().invoke(main, ["sla", "due", "--received", "2026-03-09T14:00", *arguments])

    assert result.exit_code == 1
    assert sentence in result.output
