"""`cps routing`: who answers and why, without a database for a profile, with one for what was made."""

import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from cps.complaints import handovers
from cps.complaints.handovers import Scope
from cps.complaints.status import Status
from cps.console import routing as command
from cps.console.command import main
from cps.kernel.db import db
from cps.kernel.files import CITIES
from tests.makers import DRAINAGE, a_complaint, a_department, an_official

AT_THE_LAKE = ("--lat", "21.0287", "--lon", "105.8523")


def run(*arguments):
    return CliRunner().invoke(main, ["routing", *map(str, arguments)])


def said(*arguments):
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture
def in_the_city(city, monkeypatch):
    """Let commands stand inside the application of the test."""

    @contextmanager
    def application(*_settings_and_say):
        yield city

    monkeypatch.setattr(command, "application", application)


def test_a_place_in_a_profile_has_an_area_a_department_a_reason_and_a_rule():
    answer = said(
        "explain", "--city", "hanoi", "--category", "noise", *AT_THE_LAKE, "--at", "2026-11-24T23:00"
    )

    assert (answer["area"], answer["department"]) == ("00070", "ubnd-00070")
    assert answer["at"] == "2026-11-24T23:00:00+07:00"
    assert answer["why"]["en"] == (
        "reports about “Noise” go to the own office of the area they are in: Hoan Kiem Ward"
    )
    assert set(answer["why"]) == {"en", "ko", "vi", "fil", "ne"}
    assert answer["rule"] == {"category": "noise", "department": "@office"}


def test_where_the_place_is_not_known_the_rules_for_all_count():
    assert said("explain", "--city", "hanoi", "--category", "noise")["area"] is None
    assert (
        said("explain", "--city", "hanoi", "--category", "noise", "--area", "00070")["department"]
        == "ubnd-00070"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--category", "noise", "--lat", "1", "--lon", "105.8"), "outside Hanoi"),
        (("--category", "noise", "--lat", "x", "--lon", "105.8"), "could not read this place"),
        (("--category", "noise", "--lat", "21"), "--lat and --lon together"),
        (("--category", "smell"), "no category 'smell'"),
        (("--category", "noise", "--area", "x"), "no area 'x'"),
        (("--category", "noise", "--at", "noon"), "no moment like"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(arguments, sentence):
    result = run("explain", "--city", "hanoi", *arguments)

    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_report_that_was_made_says_where_it_is_and_what_sent_it_there_at_first(in_the_city):
    complaint = a_complaint()
    handovers.transfer(complaint, to=a_department(DRAINAGE), by=an_official(), reason="It is a drain.")
    db.session.commit()

    answer = said("explain", complaint.reference.lower())

    assert answer["department"] == DRAINAGE
    assert answer["why"]["en"].endswith("It is a drain")
    assert answer["rule"] == {"category": "street-light", "department": "hapulico"}
    assert run("explain", "0000-0000").exit_code == 1


def test_a_dry_run_counts_what_would_move_and_what_would_be_right_at_once(in_the_city, tmp_path):
    right = a_complaint()
    handed_on = a_complaint()
    handovers.transfer(handed_on, to=a_department(DRAINAGE), by=an_official(), reason="It is a drain.")
    a_complaint(Status.RESOLVED, category="drains")
    db.session.commit()
    rules = (CITIES / "hanoi" / "routing.csv").read_text(encoding="utf-8")
    (tmp_path / "routing.csv").write_text(
        rules.replace("street-light,*,hapulico", f"street-light,*,{DRAINAGE}")
    )

    result = run("dry-run", tmp_path / "routing.csv", "--references")

    assert result.output.splitlines() == [
        "3 reports looked at, 2 would go elsewhere.",
        "1 had been handed on by officials; 1 of them would go to the right department at once.",
        "1 were with the right department from the start and would go to another.",
        f"       2  street-light: hapulico → {DRAINAGE}  ({right.reference})",
    ]
    assert run("dry-run", CITIES / "hanoi").output.startswith("3 reports looked at, 0 would go elsewhere.")
    assert run("dry-run", CITIES / "hanoi", "--since", "2031-01-01").output.startswith("0 reports looked at")


def test_a_dry_run_of_what_is_no_rules_is_one_sentence(in_the_city, tmp_path):
    rules = tmp_path / "routing.csv"
    rules.write_text("category,area\n")
    assert "column 'department' is missing" in run("dry-run", rules).output

    rules.write_text("category,area,department\nnoise,*,polise\n*,*,pcc\n")
    result = run("dry-run", rules)

    assert result.exit_code == 1
    assert "routing.csv:2: There is no department 'polise'" in result.output


def test_proposals_are_rows_for_the_rules(in_the_city):
    assert run("proposals").output == "Nobody proposed a rule.\n"
    complaint = a_complaint()
    handovers.transfer(
        complaint, to=a_department(DRAINAGE), by=an_official(), reason="A drain.", proposes=Scope.ALL
    )
    db.session.commit()

    (line,) = run("proposals").output.splitlines()

    assert line.split("#")[0].strip() == f"street-light,*,{DRAINAGE}"
    assert "1 report from hapulico, 1 official, last 2030-01-07" in line
