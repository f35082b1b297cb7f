"""`cps city reorganise` drafts, shows and applies; a kill in the middle costs nothing; `cps city counts` reads any map."""

import csv
import io
import os
import signal
import subprocess
import sys

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cps.city.load import load
from cps.city.queries import forget, in_force
from cps.complaints import filing
from cps.console import demonstration
from cps.console.checking import checked
from cps.console.command import main
from cps.kernel.db import db
from cps.kernel.files import CITIES
from tests.city import town
from tests.city.districts import hanoi_before
from tests.complaints.reformed import IN_NORTH, IN_SOUTH
from tests.living import until
from tests.makers import MONDAY, a_report, an_official

NORTH = [[105.0, 21.07], [105.1, 21.07], [105.1, 21.1], [105.0, 21.1], [105.0, 21.07]]
SOUTH = [[105.0, 21.0], [105.1, 21.0], [105.1, 21.07], [105.0, 21.07], [105.0, 21.0]]
REHOMED = text("SELECT complaint_id, count(*) FROM event WHERE kind = 'rehomed' GROUP BY complaint_id")


def run(*arguments):
    return CliRunner().invoke(main, ["city", *map(str, arguments)])


@pytest.fixture
def before(own_city, tmp_path):
    """The small town, loaded, with its profile's folder."""
    folder = town.a_town(tmp_path / "town")
    with own_city.app_context():
        load(checked(folder))
        db.session.commit()
    return folder


@pytest.fixture
def after(tmp_path):
    """The profile of the town after its reform: north and south in place of west, with one office."""
    folder = town.a_town(tmp_path / "reformed")
    town.spoil(folder, "departments.csv", "west-office,town-hall", "borough,town-hall")
    town.spoil(folder, "departments.csv", "Phường Tây,West office", "Quận,Borough office")
    town.spoil(
        folder,
        "areas.csv",
        "west,west-office,Phường Tây,West Ward",
        "north,borough,Bắc,North Ward\nsouth,borough,Nam,South Ward",
    )
    (folder / "areas.geojson").write_text(
        town.outlines({"code": "north"}, NORTH, {"code": "south"}, SOUTH, {"code": "east"}, town.EAST)
    )
    return folder


@pytest.fixture
def plan(before, after, tmp_path):
    """The plan as drafted, from today on."""
    path = tmp_path / "plan.toml"
    path.write_text(run("reorganise", "--draft", after).output)
    return path


def filed(app, count, **changes):
    with app.app_context():
        for _ in range(count):
            filing.file(a_report(**{"category": "noise", "point": IN_NORTH, "language": "en", **changes}))
        db.session.commit()


def rehomings(app):
    with app.app_context():
        return dict(iter(db.session.execute(REHOMED)))


def codes_in_force(app):
    with app.app_context():
        forget()
        return sorted(in_force().area_ids)


def test_a_drafted_plan_says_what_comes_after_what_and_why(plan, after):
    words = plan.read_text()

    assert f'profile = "{after}"' in words
    assert "day = 2030-01-07" in words
    assert '"west" = ["south", "north"] # Phường Tây: Nam 70%, Bắc 30%' in words
    assert '"west-office" = "borough" # Phường Tây: Quận' in words
    assert "east" not in words


def test_a_look_counts_everything_and_changes_nothing(own_city, plan):
    filed(own_city, 2)
    filed(own_city, 1, point=None, area="west")
    filed(own_city, 1, category="pothole", point=None, area="east")
    with own_city.app_context():
        an_official(department="west-office")

    result = run("reorganise", plan)

    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        "town from 2030-01-07: 1 area ended, 2 new, 1 kept; 1 department ended, 1 new, 2 kept.",
        "4 open reports: 3 re-homed (1 to an area that is a guess, as no point is known), 1 stay where they are.",
        "Open reports by area:",
        "  west Phường Tây → north Bắc: 2",
        "  west Phường Tây → south Nam: 1",
        "Open reports by department:",
        "  west-office Phường Tây → borough Quận: 3",
        "Officials:",
        "  west-office Phường Tây → borough Quận: 1",
        "Nothing was changed. To do it: --apply.",
    ]
    assert codes_in_force(own_city) == ["east", "west"]
    assert rehomings(own_city) == {}


def test_applying_does_what_the_look_said_and_a_second_time_nothing(own_city, plan):
    filed(own_city, 3)

    first, second = run("reorganise", plan, "--apply"), run("reorganise", plan, "--apply")

    assert "3 open reports looked at, 3 re-homed." in first.output
    assert codes_in_force(own_city) == ["east", "north", "south"]
    assert second.output == "This plan was applied.\n"
    assert rehomings(own_city) == {1: 1, 2: 1, 3: 1}
    assert run("reorganise", plan).output == "This plan was applied.\n"


def test_filing_goes_on_with_the_new_profile(own_city, plan):
    run("reorganise", plan, "--apply")

    filed(own_city, 1)

    assert rehomings(own_city) == {}
    assert run("counts", "--map", "2030-01-07").output.splitlines()[1] == "north,Bắc,1,1,0"


def test_a_report_without_a_home_keeps_the_city_as_it_is(own_city, plan, after):
    filed(own_city, 1, point=IN_SOUTH)
    town.spoil(after, "areas.csv", "south,borough,Nam,South Ward\n", "")
    (after / "areas.geojson").write_text(
        town.outlines({"code": "north"}, NORTH, {"code": "east"}, town.EAST), encoding="utf-8"
    )
    plan.write_text(plan.read_text().replace('["south", "north"]', '["north"]'))

    result = run("reorganise", plan, "--apply")

    assert result.exit_code == 1
    assert "its point is outside the new map" in result.output
    assert "1 open report has no home. Nothing was changed." in result.output
    assert codes_in_force(own_city) == ["east", "west"]


def test_a_plan_for_a_later_day_is_shown_and_not_applied(own_city, plan):
    filed(own_city, 1)
    plan.write_text(plan.read_text().replace("day = 2030-01-07", "day = 2030-02-01"))

    assert "1 open report: 1 re-homed" in run("reorganise", plan).output
    assert run("reorganise", plan, "--apply").output.startswith("The plan holds from 2030-02-01.")
    assert codes_in_force(own_city) == ["east", "west"]


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("day = 2030-01-07", "day = 7", "plan.toml:3: 'day' must be a date like 2026-01-02, without quotes."),
        ('outside = "refuse"', 'outside = "guess"', "plan.toml:4: 'outside' is 'guess'; it must be"),
        ('["south", "north"]', '"south"', "plan.toml:9: 'west' must have a list of codes"),
        ("[departments]", "[offices]", "Nothing is called 'offices' here"),
    ],
)
def test_a_faulty_plan_is_told_line_by_line(plan, good, bad, fault):
    plan.write_text(plan.read_text().replace(good, bad))

    result = run("reorganise", plan)

    assert result.exit_code == 1
    assert fault in result.output


def test_plan_and_draft_exclude_each_other(plan, after):
    assert run("reorganise", plan, "--draft", after).exit_code == 2
    assert run("reorganise").exit_code == 2
    assert run("reorganise", plan, "--day", "2030-01-07").exit_code == 2


def test_loading_a_profile_that_would_orphan_open_reports_is_refused(own_city, before, after):
    filed(own_city, 2)

    result = run("load", after)

    assert result.exit_code == 1
    assert "Area 'west' would vanish and has 2 open reports." in result.output
    assert codes_in_force(own_city) == ["east", "west"]


def test_a_load_warns_how_many_open_reports_are_where_something_ends(own_city, before):
    filed(own_city, 2)
    for file in ("departments.csv", "areas.csv"):
        lines = (before / file).read_text().splitlines()
        dated = [f"{line},{'until' if line.startswith('code') else ''}" for line in lines]
        (before / file).write_text("\n".join(dated) + "\n")
    town.spoil(before, "areas.csv", "West Ward,", "West Ward,2030-01-31")

    result = run("load", before)

    assert result.exit_code == 0, result.output
    assert "warning: Area 'west', which ends on 2030-01-31, has 2 open reports now." in result.output


def test_a_kill_between_batches_costs_nothing(own_city, plan, tmp_path):
    filed(own_city, 1100)
    plan.write_text(plan.read_text().replace("day = 2030-01-07", "day = 2025-07-01"))
    url = os.environ["CPS_DATABASE_URL"]

    with psycopg.connect(url) as holder:
        holder.execute("SELECT 1 FROM complaint WHERE id = 1050 FOR UPDATE")  # the third batch waits for it
        with (tmp_path / "log").open("wb") as log:
            command = [sys.executable, "-m", "cps", "city", "reorganise", str(plan), "--apply"]
            running = subprocess.Popen(command, stdout=log, stderr=log)
        until(lambda: _seen(url) == 1000, seconds=60, what="two batches")
        running.send_signal(signal.SIGKILL)
        running.wait(10)
    assert rehomings(own_city) == dict.fromkeys(range(1, 1001), 1)

    result = run("reorganise", plan, "--apply")

    assert result.output.splitlines() == [
        "The reorganisation of 2025-07-01 goes on where it stood.",
        "100 open reports looked at, 100 re-homed.",
        "This plan was applied.",
    ]
    assert rehomings(own_city) == dict.fromkeys(range(1, 1101), 1)


def _seen(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT coalesce(max(seen), 0) FROM reform").fetchone()[0]


def test_counts_are_a_table_of_the_map_of_a_day(own_city, plan):
    filed(own_city, 2)
    filed(own_city, 1, category="pothole", point=None, landmark="At the bridge")
    run("reorganise", plan, "--apply")

    old = run("counts", "--map", "2030-01-06")
    new = run("counts", "--map", "2030-01-07", "--from", "2030-01-07", "--until", "2030-01-07")

    assert old.output.splitlines() == [
        "code,name,received,open,resolved",
        "west,Phường Tây,2,2,0",
        "east,Xã Đông,0,0,0",
        ",(no area),1,1,0",
    ]
    assert new.output.splitlines()[1:] == [
        "north,Bắc,2,2,0",
        "south,Nam,0,0,0",
        "east,Xã Đông,0,0,0",
        ",(no area),1,1,0",
    ]


def test_the_districts_of_hanoi_become_its_wards(own_city, shared, tmp_path):
    boundaries = shared / "data" / "boundaries"
    folder = hanoi_before(tmp_path / "before", boundaries / "hanoi_districts_pre2025.geojson")
    with own_city.app_context():
        load(checked(folder))
        demonstration.generate(3000, seed=1, now=MONDAY)
        db.session.commit()
    plan = tmp_path / "plan.toml"
    wards = boundaries / "hanoi_wards_2025.geojson"
    drafted = run("reorganise", "--draft", CITIES / "hanoi", "--areas", wards, "--day", "2029-07-01")
    plan.write_text(drafted.output)
    untouched = run("counts", "--map", "2029-06-30").output

    result = run("reorganise", plan, "--apply")

    assert result.exit_code == 0, result.output
    assert "30 areas ended, 126 new, 0 kept; 30 departments ended, 126 new, 17 kept." in result.output
    old, new = (run("counts", "--map", day).output for day in ("2029-06-30", "2029-07-01"))
    assert old == untouched
    assert _sums(old) == _sums(new)
    assert _sums(new)["received"] == 3000
    with own_city.app_context():
        in_force_ids = set(in_force().area_ids.values()), set(in_force().department_ids.values())
        open_ones = db.session.execute(
            text("SELECT area_id, department_id FROM complaint WHERE closed_at IS NULL")
        ).all()
    assert {area for area, _ in open_ones} - {None} <= in_force_ids[0]
    assert {department for _, department in open_ones} <= in_force_ids[1]
    assert set(rehomings(own_city).values()) == {1}


def _sums(table):
    rows = list(csv.DictReader(io.StringIO(table)))
    return {what: sum(int(row[what]) for row in rows) for what in ("received", "open", "resolved")}
