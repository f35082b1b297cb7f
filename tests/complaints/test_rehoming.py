"""After a reorganisation every open complaint is where it belongs, with one event, and nobody gets a letter."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from cps.city.load import load
from cps.city.models import Department, Reform
from cps.city.queries import in_force
from cps.city.reforms import known
from cps.city.rule import Rule
from cps.complaints import (
    filing,
    handovers,
    history,
    lifecycle,
    recurring_finding,
    rehoming,
    reopening,
    reorganising,
)
from cps.complaints.kinds import EventKind
from cps.complaints.models import Event
from cps.complaints.recurring import RecurringProblem
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.notify import audience
from cps.people.models import Role
from tests.complaints.reformed import (
    IN_EAST,
    IN_NORTH,
    IN_SOUTH,
    RULES,
    a_department,
    a_plan,
    after,
    an_area,
    reorganised,
)
from tests.makers import MONDAY, a_report, an_official

ANNOUNCEMENTS = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'announce'")

pytestmark = pytest.mark.usefixtures("no_city")


@pytest.fixture(autouse=True)
def _uncommitted(monkeypatch):
    """Let makers flush where they commit: the town must not outlive the test."""
    monkeypatch.setattr(db.session, "commit", db.session.flush)


@pytest.fixture
def town(profile):
    load(profile)
    return profile


def a_complaint(status=Status.RECEIVED, **changes):
    values = {"category": "noise", "point": IN_NORTH, "language": "en", **changes}
    complaint = filing.file(a_report(**values)).complaint
    if status is not Status.RECEIVED:
        by = an_official(department=complaint.department.code)
        lifecycle.assign(complaint, to=by, by=by)
        if status is not Status.ASSIGNED:
            lifecycle.start(complaint, by=by)
        if status is Status.WAITING:
            lifecycle.ask(complaint, by=by, question="Which house?")
        if status is Status.RESOLVED:
            lifecycle.resolve(complaint, by=by, result="Spoke with them.")
    return complaint


def department(code):
    query = select(Department).where(Department.code == code, Department.is_active)
    return db.session.scalars(query).one()


def home(complaint):
    return (complaint.area.code if complaint.area else None, complaint.department.code)


def rehomings(complaint):
    return [event for event in history.of(complaint) if event.kind is EventKind.REHOMED]


def test_a_point_decides_the_new_area_and_the_rules_the_department(town):
    north, south = a_complaint(), a_complaint(point=IN_SOUTH)

    reorganised(after(town))

    assert home(north) == ("north", "borough-office")
    assert home(south) == ("south", "borough-office")
    assert not rehomings(north)[0].details["guessed"]


def test_without_a_point_it_goes_to_the_largest_successor_and_says_that_this_is_a_guess(town):
    complaint = a_complaint(point=None, area="west")

    prospect = reorganised(after(town))

    assert home(complaint) == ("south", "borough-office")
    assert rehomings(complaint)[0].details["guessed"]
    assert prospect.guessed == 1


def test_the_plan_may_name_another_main_successor(town):
    complaint = a_complaint(point=None, area="west")

    reorganised(after(town), areas={"west": ("north", "south")})

    assert home(complaint) == ("north", "borough-office")


def test_a_recurring_problem_goes_to_the_heir_of_its_department(town):
    a_complaint(), a_complaint(), a_complaint()
    with clock.standing_at(MONDAY + timedelta(hours=1)):
        recurring_finding.look()
    problem = db.session.scalars(select(RecurringProblem)).one()
    before = problem.department.code

    reorganised(after(town))
    db.session.refresh(problem)

    assert (before, problem.department.code) == ("west-office", "borough-office")


def test_the_event_holds_old_and_new_and_the_old_names_stay(town):
    complaint = a_complaint()
    old_area, old_department, version = complaint.area_id, complaint.department_id, complaint.version

    reorganised(after(town))

    (event,) = rehomings(complaint)
    assert event.details == {
        "old_area": old_area,
        "new_area": complaint.area_id,
        "old_department": old_department,
        "new_department": complaint.department_id,
        "guessed": False,
    }
    assert (event.by_id, event.is_internal, event.position) == (None, False, version + 1)
    assert complaint.version == version + 1
    assert history.of(complaint)[0].department.names["en"] == "West office"
    assert in_force().area_names[old_area]["en"] == "West Ward"


def test_what_does_not_move_gets_no_event(town):
    complaint = a_complaint(category="pothole", point=IN_EAST)

    prospect = reorganised(after(town))

    assert rehomings(complaint) == []
    assert (prospect.looked_at, prospect.moved) == (1, 0)


def test_closed_complaints_stay_where_they_were(town):
    complaint = a_complaint(Status.RESOLVED)

    reorganised(after(town))

    assert home(complaint) == ("west", "west-office")
    assert rehomings(complaint) == []


def test_where_an_official_sent_it_on_purpose_it_stays_unless_that_department_ends(town):
    bo = an_official(department="west-office")
    stays, leaves = a_complaint(), a_complaint(category="pothole")
    handovers.transfer(stays, to=department("roads"), by=bo, reason="It is the road works.")
    handovers.transfer(leaves, to=department("west-office"), by=bo, reason="They dug it.")

    reorganised(after(town))

    assert home(stays) == ("north", "roads")
    assert home(leaves) == ("north", "roads")  # as routing.csv says of potholes


def test_a_new_rule_takes_along_what_the_old_rule_had_sent(town):
    complaint = a_complaint(category="pothole", point=IN_EAST)
    profile = after(town, rules=(Rule("pothole", "*", "town-hall"), *RULES[1:]))

    reorganised(profile)

    assert home(complaint) == ("east", "town-hall")
    assert "old_area" in rehomings(complaint)[0].details


def test_a_renamed_department_is_another_one_and_the_history_keeps_the_old_name(town):
    complaint = a_complaint(category="pothole", point=IN_EAST)
    before = complaint.department_id
    departments = tuple(
        a_department("roads", "Roads and Bridges") if one.code == "roads" else one
        for one in after(town).departments
    )

    reorganised(after(town, departments=departments))

    received, rehomed = history.of(complaint)
    assert received.department.names["en"] == "Roads"
    assert rehomed.department.names["en"] == "Roads and Bridges"
    assert complaint.department_id != before
    assert complaint.department.code == "roads"


def test_an_area_that_grows_is_another_one_under_its_old_code(town):
    complaint = a_complaint(point=IN_EAST)
    before = complaint.area_id
    _north, _south, east = after(town).areas
    whole = replace(east, polygon=east.polygon.union(town.areas[0].polygon))

    reorganised(after(town, areas=(whole,)), areas={"west": ("east",)})

    assert complaint.area_id != before
    assert complaint.area.code == "east"
    assert in_force().area_codes[before] == "east"


def test_deadline_and_question_stay_as_they_were(town):
    complaint = a_complaint(Status.WAITING)
    due_at, waiting_since = complaint.due_at, complaint.waiting_since

    reorganised(after(town))

    assert (complaint.due_at, complaint.waiting_since) == (due_at, waiting_since)
    assert complaint.status is Status.WAITING


def test_officials_of_a_department_that_ends_go_to_its_successor_with_their_reports(town):
    complaint = a_complaint(Status.ASSIGNED)
    bo = complaint.assignee

    prospect = reorganised(after(town))

    assert bo.department_id == department("borough-office").id
    assert list(prospect.officials.values()) == [1]
    assert (complaint.assignee, complaint.status) == (bo, Status.ASSIGNED)


def test_who_does_not_move_along_hands_it_back_and_work_that_began_stays_begun(town):
    assigned, begun = a_complaint(Status.ASSIGNED), a_complaint(Status.IN_PROGRESS)

    reorganised(after(town), departments={"west-office": "town-hall"})

    assert (assigned.assignee, assigned.status) == (None, Status.RECEIVED)
    assert (begun.assignee, begun.status) == (None, Status.IN_PROGRESS)


def test_nobody_gets_a_letter(town):
    a_complaint()
    before = db.session.scalar(ANNOUNCEMENTS)

    reorganised(after(town))

    assert db.session.scalar(ANNOUNCEMENTS) == before
    assert audience.letter_to_reporter(EventKind.REHOMED, is_internal=False) is None


def test_a_second_run_moves_nothing_even_what_was_sent_back_meanwhile(town):
    complaint = a_complaint(category="pothole", point=IN_EAST)
    prospect = reorganised(after(town, rules=(Rule("pothole", "*", "town-hall"), *RULES[1:])))
    dee = an_official("Dee", role=Role.COORDINATOR, department="town-hall")
    handovers.transfer(complaint, to=department("roads"), by=dee, reason="The road works, after all.")

    assert rehoming.walk(prospect.reform.id) is None
    assert rehoming.sweep(after=0) is None
    rehoming.rehome(prospect.reform.id, 0)

    assert complaint.department.code == "roads"
    assert len(rehomings(complaint)) == 1


def test_batches_go_on_where_the_last_one_ended(town, monkeypatch):
    monkeypatch.setattr(rehoming, "BATCH", 2)
    complaints = [a_complaint() for _ in range(5)]
    number = reorganising.begin(a_plan(), after(town)).reform.id

    sizes = []
    while (batch := rehoming.walk(number)) is not None:
        sizes.append(batch.moved)

    assert sizes == [2, 2, 1]
    db.session.expire_all()
    assert [len(rehomings(complaint)) for complaint in complaints] == [1] * 5
    assert db.session.get(Reform, number).ended_at == MONDAY


def test_what_came_in_on_the_old_map_meanwhile_is_found(town):
    old = in_force()
    prospect = reorganised(after(town))
    late = a_complaint()
    late.area_id, late.department_id = old.area_ids["west"], old.department_ids["west-office"]
    db.session.flush()

    assert rehoming.walk(prospect.reform.id) is None  # its number was given later
    assert rehoming.sweep(after=0).moved == 1
    db.session.expire_all()
    assert home(late) == ("north", "borough-office")


def test_what_was_filed_under_the_new_rules_is_left_alone(town):
    profile = after(town, rules=(Rule("pothole", "*", "town-hall"), *RULES[1:]))
    reform = reorganising.begin(a_plan(), profile).reform
    new = a_complaint(category="pothole", point=IN_EAST)
    dee = an_official("Dee", role=Role.COORDINATOR, department="town-hall")
    handovers.transfer(new, to=department("roads"), by=dee, reason="The road works.")

    assert rehoming.walk(reform.id) is None
    assert new.department.code == "roads"


def test_the_worker_does_what_is_left(town):
    complaint = a_complaint()
    reform = reorganising.begin(a_plan(), after(town)).reform

    rehoming.rehome(reform.id, 0)
    rehoming.rehome(reform.id, 0)

    db.session.expire_all()
    assert home(complaint) == ("north", "borough-office")
    assert reform.ended_at is not None


def test_a_report_that_is_reopened_after_the_reform_comes_to_the_new_department(town):
    complaint = a_complaint(Status.RESOLVED)
    reorganised(after(town))

    reopening.reopen(complaint, words="Still noisy.")

    kinds = [event.kind for event in history.of(complaint)]
    assert kinds[-2:] == [EventKind.REHOMED, EventKind.REOPENED]
    assert home(complaint) == ("north", "borough-office")
    assert complaint.status is Status.RECEIVED


def test_a_report_that_is_reopened_without_any_reform_stays(town):
    complaint = a_complaint(Status.RESOLVED)

    reopening.reopen(complaint, words="Still noisy.")

    assert rehomings(complaint) == []


def test_one_that_missed_two_reforms_comes_home_at_once(town):
    complaint = a_complaint(Status.RESOLVED, point=None, area="west")
    reorganised(after(town))
    with clock.standing_at(MONDAY + timedelta(days=10)):
        _north, _south, east = after(town).areas
        whole = an_area("centre", "Centre", town.areas[0].polygon)
        reorganised(after(town, areas=(whole, east)), digest="two", day=date(2030, 1, 17))
        reopening.reopen(complaint, words="Still noisy.")

    assert home(complaint) == ("centre", "borough-office")
    assert len(rehomings(complaint)) == 1


def test_one_without_area_and_point_goes_with_its_department(town):
    complaint = a_complaint(category="pothole", point=None, area=None, landmark="At the bridge")
    departments = tuple(one for one in after(town).departments if one.code != "roads")
    rules = (Rule("noise", "*", "@office"), Rule("*", "*", "town-hall"))

    reorganised(after(town, departments=departments, rules=rules))

    assert home(complaint) == (None, "town-hall")


def test_a_point_outside_the_new_map_has_no_home(town):
    complaint = a_complaint(point=IN_SOUTH)
    north, _south, east = after(town).areas

    prospect = reorganising.begin(a_plan(), after(town, areas=(north, east)))

    assert prospect.homeless == [(complaint.reference, "its point is outside the new map")]


def test_a_plan_may_let_a_point_outside_the_new_map_follow_its_area(town):
    complaint = a_complaint(point=IN_SOUTH)
    north, _south, east = after(town).areas

    prospect = reorganised(after(town, areas=(north, east)), is_guessing_outside=True)

    assert (prospect.homeless, prospect.guessed) == ([], 1)
    assert home(complaint) == ("north", "borough-office")


def test_a_category_that_vanishes_leaves_its_reports_without_a_home(town):
    complaint = a_complaint()
    categories = tuple(one for one in town.categories if one.code != "noise")

    prospect = reorganising.begin(a_plan(), after(town, categories=categories))

    assert prospect.homeless == [(complaint.reference, "its category 'noise' is not in the profile")]


def test_a_plan_that_leaves_something_open_is_refused_with_all_of_it(town):
    profile = after(town, departments=(a_department("mayor", "Mayor", None),), areas=(), rules=())

    with pytest.raises(Unusable) as refusal:
        reorganising.begin(a_plan(areas={"east": ("west",), "moon": ("east",)}), profile)

    assert str(refusal.value).splitlines() == [
        "[areas] names 'moon', but there is no such area.",
        "[areas] names 'west' after 'east', but the new profile has no such area in force on the day.",
        "[areas] names 'east' after 'moon', but the new profile has no such area in force on the day.",
        "Nothing lies where area 'west' was. Name its successor in [areas].",
        "Department 'town-hall' ends, and nothing says who follows it. Name its successor in [departments].",
        "Department 'roads' ends, and nothing says who follows it. Name its successor in [departments].",
        "Department 'west-office' ends, and nothing says who follows it. Name its successor in [departments].",
        "Nothing was changed.",
    ]


def test_a_plan_says_nothing_of_what_goes_on(town):
    with pytest.raises(Unusable, match=r"\[departments\] names 'roads', but this department goes on\."):
        reorganising.begin(a_plan(departments={"roads": "town-hall"}), after(town))


def test_an_applied_plan_is_known_again(town):
    assert known(a_plan()) is None

    reform = reorganised(after(town)).reform

    assert known(a_plan()) is reform


def test_every_event_of_the_reform_counts(town):
    for _ in range(3):
        a_complaint()

    prospect = reorganised(after(town))

    count = select(func.count()).select_from(Event).where(Event.kind == EventKind.REHOMED)
    assert db.session.scalar(count) == prospect.moved == 3
