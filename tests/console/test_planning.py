"""A reorganisation left to its day: carried out once, as by hand, or not at all and said so."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from cps.city import kept
from cps.city.models import PlannedReform, Reform
from cps.city.plan import Plan
from cps.city.queries import forget, in_force
from cps.complaints import planned, rehoming
from cps.kernel import clock
from cps.kernel.db import db
from tests.city import town
from tests.complaints.reformed import IN_SOUTH
from tests.console.test_reorganising import (
    NORTH,
    after,
    before,
    codes_in_force,
    filed,
    plan,
    rehomings,
    run,
)
from tests.makers import HANOI, MONDAY

__all__ = ["after", "before", "plan"]

DAY = datetime(2030, 2, 1, tzinfo=HANOI)
AREAS = text("SELECT code, first_day, last_day FROM area ORDER BY code")
HISTORY = text(
    "SELECT complaint_id, kind, department.code, at FROM event JOIN department ON department.id = department_id"
    " ORDER BY complaint_id, event.position"
)
HOMES = text(
    "SELECT area.code, department.code FROM complaint JOIN area ON area.id = area_id"
    " JOIN department ON department.id = department_id"
)
RECOUNTS = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'recount'")
REHOMINGS_TO_COME = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'rehome'")


@pytest.fixture
def left(own_city, plan):
    """The plan, left to the first of February, with three reports that it moves."""
    plan.write_text(plan.read_text().replace("day = 2030-01-07", "day = 2030-02-01"))
    filed(own_city, 3)
    result = run("reorganise", plan, "--on-its-day")
    assert result.exit_code == 0, result.output
    return plan


@contextmanager
def working(app, moment):
    """Stand in a worker at this moment, in a transaction that is committed."""
    with app.app_context(), clock.standing_at(moment):
        forget()
        yield
        db.session.commit()
        forget()


def look(app, moment):
    with working(app, moment):
        planned.carry_out()


def rehome(app, moment):
    with working(app, moment):
        for number in db.session.scalars(select(Reform.id)).all():
            while rehoming.walk(number) is not None:
                db.session.commit()


def waiting(app):
    with app.app_context():
        return [(row.source, row.fault) for row in planned.waiting()]


def test_what_is_left_says_how_to_see_it_and_how_to_take_it_back(own_city, plan):
    plan.write_text(plan.read_text().replace("day = 2030-01-07", "day = 2030-02-01"))

    left = run("reorganise", plan, "--on-its-day")
    shown = run("reorganise", "--planned")

    assert left.output == (
        "Left to the worker for 2030-02-01: it carries the plan out as soon as that day has begun. "
        "To see it: --planned. To take it back: --withdraw 1.\n"
    )
    assert shown.output.splitlines() == [
        f"1: 2030-02-01, {plan}, left on 2030-01-07 09:00.",
        "   It fits the city as it is now.",
    ]
    assert codes_in_force(own_city) == ["east", "west"]


def test_nothing_happens_before_the_day_has_begun_in_the_citys_zone(own_city, left):
    look(own_city, DAY - timedelta(seconds=1))
    too_early = codes_in_force(own_city)

    look(own_city, DAY)

    assert too_early == ["east", "west"]
    with own_city.app_context(), clock.standing_at(DAY):
        assert db.session.scalars(select(Reform.day)).all() == [DAY.date()]
    assert waiting(own_city) == []


@pytest.mark.parametrize("way", ["by the worker", "by hand"])
def test_it_leaves_the_same_either_way(own_city, left, way):
    if way == "by the worker":
        look(own_city, DAY)
        rehome(own_city, DAY)
    else:
        with clock.standing_at(DAY):
            run("reorganise", left, "--apply")

    with own_city.app_context():
        forget()
        assert db.session.execute(AREAS).all() == [
            ("east", None, None),
            ("north", DAY.date(), None),
            ("south", DAY.date(), None),
            ("west", None, DAY.date() - timedelta(days=1)),
        ]
        assert db.session.execute(HISTORY).all() == [
            (number, *event)
            for number in (1, 2, 3)
            for event in (("received", "west-office", MONDAY), ("rehomed", "borough", DAY))
        ]
        assert set(db.session.execute(HOMES)) == {("north", "borough")}
        reform = db.session.scalars(select(Reform)).one()
        assert (reform.day, reform.seen, reform.last, reform.ended_at) == (DAY.date(), 3, 3, DAY)
    assert waiting(own_city) == []


def test_the_reports_are_re_homed_in_the_batches_of_the_worker(own_city, left):
    look(own_city, DAY)

    with own_city.app_context():
        assert db.session.scalar(REHOMINGS_TO_COME) == 2  # at once, and after a minute for the stragglers
    rehome(own_city, DAY)
    assert rehomings(own_city) == {1: 1, 2: 1, 3: 1}


def test_a_new_calendar_that_comes_with_it_lets_deadlines_be_counted_anew(own_city, plan, after):
    (after / "calendar.toml").write_text(
        (after / "calendar.toml").read_text()
        + '\n[[closure]]\ndate = 2030-02-04\n[closure.name]\nvi = "Bão"\nen = "Storm"\n'
    )
    run("reorganise", plan, "--on-its-day")

    look(own_city, MONDAY)

    with own_city.app_context():
        asked_for = db.session.execute(RECOUNTS).scalars().all()
    assert [arguments["why"] for arguments in asked_for] == [{"vi": "Bão", "en": "Storm"}]


def test_after_days_without_a_worker_it_is_caught_up_with_from_its_day_on(own_city, left):
    look(own_city, DAY + timedelta(days=9))

    with own_city.app_context():
        assert db.session.scalars(select(Reform.day)).all() == [DAY.date()]
        first_days = db.session.execute(text("SELECT first_day FROM area WHERE code = 'north'")).scalars()
        assert list(first_days) == [DAY.date()]


def test_it_happens_once_however_many_workers_look(own_city, left):
    barrier = Barrier(3)

    def work():
        with own_city.app_context(), clock.standing_at(DAY):
            barrier.wait()
            planned.carry_out()
            db.session.commit()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    look(own_city, DAY + timedelta(hours=2))
    rehome(own_city, DAY + timedelta(hours=2))

    with own_city.app_context():
        assert len(db.session.scalars(select(Reform)).all()) == 1
    assert rehomings(own_city) == {1: 1, 2: 1, 3: 1}


def test_what_was_applied_by_hand_waits_no_longer(own_city, left):
    with clock.standing_at(DAY):
        applied = run("reorganise", left, "--apply")
        shown = run("reorganise", "--planned")

    assert "3 open reports looked at, 3 re-homed." in applied.output
    assert shown.output == "No reorganisation waits for its day.\n"


def test_what_is_withdrawn_never_happens(own_city, left):
    taken_back = run("reorganise", "--withdraw", 1)
    again = run("reorganise", "--withdraw", 1)
    look(own_city, DAY)

    assert taken_back.output == "The reorganisation of 2030-02-01 waits no longer.\n"
    assert again.exit_code == 1
    assert "No reorganisation waits under number 1." in again.output
    with own_city.app_context():
        assert db.session.scalars(select(Reform)).all() == []


def test_leaving_the_same_plan_again_replaces_it(own_city, left):
    run("reorganise", left, "--on-its-day")

    assert waiting(own_city) == [(str(left), "")]


def test_what_does_not_fit_now_is_not_left(own_city, plan, after):
    filed(own_city, 1, point=IN_SOUTH)
    town.spoil(after, "areas.csv", "south,borough,Nam,South Ward\n", "")
    (after / "areas.geojson").write_text(
        town.outlines({"code": "north"}, NORTH, {"code": "east"}, town.EAST), encoding="utf-8"
    )
    plan.write_text(plan.read_text().replace('["south", "north"]', '["north"]'))

    result = run("reorganise", plan, "--on-its-day")

    assert result.exit_code == 1
    assert "Open reports without a home: 1." in result.output
    assert "its point is outside the new map" in result.output
    assert "Nothing was left to the worker." in result.output
    assert waiting(own_city) == []


@pytest.fixture
def unfit(own_city, plan, before):
    """The plan left, and then the city loaded with another office in the west than the plan names."""
    plan.write_text(plan.read_text().replace("day = 2030-01-07", "day = 2030-02-01"))
    filed(own_city, 1, category="pothole", point=None, landmark="At the bridge")
    run("reorganise", plan, "--on-its-day")
    for file in ("departments.csv", "areas.csv"):
        town.spoil(before, file, "west-office", "western-office")
    assert run("load", before).exit_code == 0
    return before


def test_a_plan_that_fits_no_longer_changes_nothing_and_says_why(own_city, unfit):
    look(own_city, DAY)
    shown = run("reorganise", "--planned")

    assert codes_in_force(own_city) == ["east", "west"]
    ((_source, fault),) = waiting(own_city)
    assert fault.startswith("[departments] names 'west-office', but there is no such department.")
    assert "It was tried on 2030-01-31 17:00 UTC and not carried out." in shown.output
    assert "   [departments] names 'west-office', but there is no such department." in shown.output
    with own_city.app_context():
        assert db.session.scalar(select(planned.day_that_failed())) == DAY.date()
        assert db.session.scalars(select(Reform)).all() == []
        assert db.session.scalar(REHOMINGS_TO_COME) == 0


def test_it_is_carried_out_within_an_hour_of_fitting_again(own_city, unfit):
    look(own_city, DAY)
    for file in ("departments.csv", "areas.csv"):
        town.spoil(unfit, file, "western-office", "west-office")
    assert run("load", unfit).exit_code == 0

    look(own_city, DAY + timedelta(minutes=59))
    too_early = codes_in_force(own_city)
    look(own_city, DAY + timedelta(minutes=60))

    assert too_early == ["east", "west"]
    with own_city.app_context(), clock.standing_at(DAY + timedelta(hours=1)):
        forget()
        assert sorted(in_force().area_ids) == ["east", "north", "south"]
        assert db.session.scalar(select(planned.day_that_failed())) is None


def test_a_report_without_a_home_keeps_the_city_as_it_is_on_the_day_too(own_city, left):
    with own_city.app_context():
        db.session.execute(text("UPDATE complaint SET latitude = 20, longitude = 105 WHERE id = 2"))
        db.session.commit()

    look(own_city, DAY)

    ((_source, fault),) = waiting(own_city)
    assert fault.startswith("Open reports without a home: 1.\n")
    assert fault.endswith(": its point is outside the new map.")
    assert rehomings(own_city) == {}


def test_a_second_reorganisation_waits_for_the_end_of_the_first(own_city, left):
    with working(own_city, DAY):
        first = db.session.scalars(select(PlannedReform)).one()
        profile = kept.from_json(db.session.scalar(select(PlannedReform.content))["profile"])
        next_day = DAY.date() + timedelta(days=1)
        planned.leave(Plan("two", left.parent, next_day), profile, source="two.toml")
        assert first.day < next_day

    look(own_city, DAY + timedelta(days=1))
    look(own_city, DAY + timedelta(days=1))
    while_the_first_goes_on = waiting(own_city)
    rehome(own_city, DAY + timedelta(days=1))
    look(own_city, DAY + timedelta(days=1))

    assert while_the_first_goes_on == [("two.toml", "")]
    assert waiting(own_city) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("PLAN", "--apply", "--on-its-day"),
        ("--on-its-day",),
        ("PLAN", "--planned"),
        ("--planned", "--withdraw", 1),
    ],
)
def test_wishes_that_exclude_each_other_are_refused(plan, arguments):
    given = [plan if argument == "PLAN" else argument for argument in arguments]

    assert run("reorganise", *given).exit_code == 2
