"""What ends by its own date leaves no open report behind: each goes where it belongs, with one event that says why."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from shapely.geometry import box
from sqlalchemy import text

from cps.city.load import load
from cps.city.queries import forget
from cps.city.rule import Rule
from cps.complaints import endings, history, orphans, planned, rehoming, reopening, whose
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import audience
from tests.complaints.reformed import IN_EAST, a_plan, after, an_area, reorganised
from tests.complaints.test_rehoming import _uncommitted, a_complaint, department, home, rehomings
from tests.makers import HANOI

__all__ = ["_uncommitted"]

pytestmark = pytest.mark.usefixtures("no_city")

LAST_DAY = date(2030, 1, 31)
MIDNIGHT = datetime(2030, 2, 1, tzinfo=HANOI)
ASKED_FOR = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'follow_endings'")


@pytest.fixture
def office_ends(profile):
    """The town with an office of the west that ends in January; noise is its business."""
    hall, roads, office = profile.departments
    west, east = profile.areas
    borough = replace(office, code="borough", names={"vi": "Quận", "en": "Borough"}, last_day=None)
    ending = replace(
        profile,
        departments=(hall, roads, borough, replace(office, last_day=LAST_DAY)),
        areas=(replace(west, office=None), east),
        rules=(
            Rule("pothole", "*", "roads"),
            Rule("noise", "west", "west-office", last_day=LAST_DAY),
            Rule("noise", "west", "borough", first_day=MIDNIGHT.date()),
            Rule("noise", "*", "town-hall"),
            Rule("*", "*", "town-hall"),
        ),
    )
    load(ending)
    return ending


@pytest.fixture
def west_ends(profile):
    """The town whose west ends in January; north and south are there from then on."""
    west, east = profile.areas
    begin = MIDNIGHT.date()
    ending = replace(
        profile,
        areas=(
            replace(west, last_day=LAST_DAY),
            east,
            replace(an_area("north", "North", box(105.0, 21.07, 105.1, 21.1), "roads"), first_day=begin),
            replace(an_area("south", "South", box(105.0, 21.0, 105.1, 21.07), "roads"), first_day=begin),
        ),
    )
    load(ending)
    return ending


def follow(moment=MIDNIGHT):
    with clock.standing_at(moment):
        forget()
        endings.follow(after=0)
        db.session.flush()
    db.session.expire_all()


def test_nothing_moves_before_the_end(office_ends):
    complaint = a_complaint()

    follow(MIDNIGHT - timedelta(seconds=1))

    assert home(complaint) == ("west", "west-office")


def test_reports_of_a_department_that_ended_go_where_the_rules_send_them(office_ends):
    complaint, other = a_complaint(), a_complaint(category="pothole")

    follow()

    assert home(complaint) == ("west", "borough")
    assert home(other) == ("west", "roads")
    (event,) = rehomings(complaint)
    assert event.details["ended"] == ["department"]
    assert (event.at, event.department_id) == (MIDNIGHT, department("borough").id)
    assert rehomings(other) == []


def test_without_a_rule_they_go_to_the_fallback_desk(profile):
    hall, roads, office = profile.departments
    rules = (
        Rule("noise", "*", "west-office", last_day=LAST_DAY),
        Rule("pothole", "*", "roads"),
        Rule("*", "*", "town-hall"),
    )
    west, east = profile.areas
    load(
        replace(
            profile,
            departments=(hall, roads, replace(office, last_day=LAST_DAY)),
            areas=(replace(west, office=None), east),
            rules=rules,
        )
    )
    complaint = a_complaint()

    follow()

    assert home(complaint) == ("west", "town-hall")


def test_what_was_sent_to_it_on_purpose_is_routed_anew_too(office_ends):
    complaint = a_complaint(category="pothole")
    complaint.department = department("west-office")
    db.session.flush()

    follow()

    assert home(complaint) == ("west", "roads")


def test_a_point_decides_the_new_area_of_an_area_that_ended(west_ends):
    complaint, eastern = a_complaint(), a_complaint(point=IN_EAST)

    follow()

    assert home(complaint) == ("north", "roads")
    assert home(eastern)[0] == "east"
    (event,) = rehomings(complaint)
    assert (event.details["ended"], event.details["guessed"]) == (["area"], False)


def test_without_a_point_the_area_that_holds_most_of_it_is_a_guess(west_ends):
    complaint = a_complaint(point=None, area="west")

    follow()

    assert home(complaint)[0] == "south"
    assert rehomings(complaint)[0].details["guessed"]


def test_where_nothing_lies_any_more_the_old_name_still_says_where_it_is(profile):
    west, east = profile.areas
    load(replace(profile, areas=(replace(west, last_day=LAST_DAY, office=None), east)))
    complaint = a_complaint(point=None, area="west", category="pothole")

    follow()

    assert home(complaint) == ("west", "roads")
    assert rehomings(complaint) == []


def test_who_handles_it_does_not_go_along_and_what_has_begun_stays_begun(office_ends):
    assigned, begun = a_complaint(Status.ASSIGNED), a_complaint(Status.IN_PROGRESS)
    due = begun.due_at

    follow()

    assert (assigned.status, assigned.assignee) == (Status.RECEIVED, None)
    assert (begun.status, begun.assignee, begun.due_at) == (Status.IN_PROGRESS, None, due)


def test_it_happens_once_and_nobody_gets_a_letter(office_ends):
    complaint = a_complaint()

    follow()
    follow(MIDNIGHT + timedelta(days=3))

    (event,) = rehomings(complaint)
    assert [e.position for e in history.of(complaint)] == list(range(1, complaint.version + 1))
    assert audience.letter_to_reporter(event.kind, is_internal=False, details=event.details) is None


def test_many_go_in_batches(office_ends, monkeypatch):
    monkeypatch.setattr(rehoming, "BATCH", 2)
    complaints = [a_complaint() for _ in range(3)]

    follow()

    assert [len(rehomings(complaint)) for complaint in complaints] == [1, 1, 0]
    assert db.session.scalar(ASKED_FOR) == 1


def test_a_closed_report_stays_and_goes_home_when_it_is_reopened(office_ends):
    complaint = a_complaint(Status.RESOLVED)
    closed_at = complaint.closed_at

    follow()
    stayed = home(complaint)
    with clock.standing_at(closed_at + timedelta(days=28)):
        forget()
        reopening.reopen(complaint, words="Still loud.")

    assert stayed == ("west", "west-office")
    assert home(complaint) == ("west", "borough")
    assert [event.kind for event in history.of(complaint)][-2:] == [EventKind.REHOMED, EventKind.REOPENED]
    assert rehomings(complaint)[0].details["ended"] == ["department"]


def test_a_reorganisation_that_is_due_goes_first(office_ends):
    complaint = a_complaint()
    with clock.standing_at(MIDNIGHT - timedelta(days=1)):
        planned.leave(a_plan(day=MIDNIGHT.date()), office_ends, source="plan.toml")

    follow()

    assert rehomings(complaint) == []


def test_what_a_reorganisation_ended_is_not_said_to_have_ended_by_itself(profile):
    load(profile)
    open_one, closed = a_complaint(), a_complaint(Status.RESOLVED)
    reorganised(after(profile))

    reopening.reopen(closed, words="Still loud.")

    assert ["ended" in rehomings(one)[0].details for one in (open_one, closed)] == [False, False]


def test_the_reason_is_said_in_the_readers_language(office_ends):
    complaint = a_complaint()

    follow()

    with clock.standing_at(MIDNIGHT):
        events = history.of(complaint)
        assert whose.explained(complaint, events, language="en") == (
            "West office, which had it before, no longer exists"
        )
        assert whose.explained(complaint, events, language="vi").endswith(", Phường Tây, không còn nữa")


def test_a_load_tells_how_many_open_reports_are_where_something_ends(profile):
    load(profile)
    a_complaint()
    a_complaint()
    hall, roads, office = profile.departments
    west, east = profile.areas
    ending = replace(
        profile,
        departments=(hall, roads, replace(office, last_day=LAST_DAY)),
        areas=(replace(west, last_day=LAST_DAY), replace(east, last_day=LAST_DAY)),
    )

    assert orphans.left_at_the_end(ending) == [
        "Area 'west', which ends on 2030-01-31, has 2 open reports now.",
        "Department 'west-office', which ends on 2030-01-31, has 2 open reports now.",
    ]
