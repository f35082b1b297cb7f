"""A problem that comes back: found once at one place, joined, opened again after its measure, by the city's rule."""

from dataclasses import replace

import pytest
from sqlalchemy import event as database_event
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from cps.city.asking import Recurring
from cps.city.queries import in_force
from cps.complaints import (
    lifecycle,
    merging,
    quarantine,
    recurring_finding,
    recurring_plans,
    recurring_reports,
)
from cps.complaints.recurring import (
    Happening,
    RecurringEvent,
    RecurringReport,
    RecurringRound,
    Standing,
    history_of,
)
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.people.models import Role
from tests.makers import DRAINAGE, a_department, an_official, later
from tests.recurring import LAMP, a_problem, a_report_on, beside, looked, planned, problems


def reports_of(problem):
    query = select(RecurringReport.complaint_id).where(RecurringReport.problem_id == problem.id)
    return sorted(db.session.scalars(query))


def with_rule(monkeypatch, **parts):
    city = in_force()
    asks = replace(city.profile.asks, recurring=Recurring(**parts))
    changed = replace(city, profile=replace(city.profile, asks=asks))
    for module in (recurring_finding, recurring_plans, recurring_reports):
        monkeypatch.setattr(module, "in_force", lambda: changed)


@pytest.fixture
def head(city):
    return an_official("Abe", role=Role.HEAD)


def test_the_third_report_of_a_kind_at_one_place_makes_a_problem_of_all_three(city):
    reports = [a_report_on(0), a_report_on(20), a_report_on(80)]

    looked(81)
    (found,) = problems()

    assert reports_of(found) == sorted(one.id for one in reports)
    assert (found.category_id, found.department_id) == (reports[0].category_id, reports[0].department_id)
    assert found.point == reports[2].point
    assert found.standing is Standing.UNPLANNED
    assert [event.kind for event in history_of(found)] == [Happening.FOUND]


def test_two_make_none(city):
    a_report_on(0), a_report_on(1)

    looked(2)

    assert problems() == []


@pytest.mark.parametrize(
    "third",
    [
        {"point": beside(52)},
        {"point": beside(0, east=52)},
        {"point": beside(40, east=40)},
        {"category": "noise"},
        {"point": None, "area": "first"},
    ],
)
def test_what_is_apart_in_place_or_kind_or_nowhere_makes_none(city, third):
    if "area" in third:
        third = {**third, "area": next(iter(in_force().area_ids))}
    a_report_on(0), a_report_on(1), a_report_on(2, **third)

    looked(3)

    assert problems() == []


def test_what_is_just_within_the_metres_makes_one(city):
    a_report_on(0, point=beside(48)), a_report_on(1, point=beside(0, east=48)), a_report_on(2)

    looked(3)

    assert len(problems()) == 1


def test_what_came_in_before_the_days_does_not_count(city):
    a_report_on(0), a_report_on(50), a_report_on(91)

    looked(92)

    assert problems() == []


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.DECLINED])
def test_answered_ones_count(city, status):
    a_report_on(0, status=status), a_report_on(1, status=status), a_report_on(2)

    looked(3)

    assert len(problems()) == 1


def test_withdrawn_and_merged_ones_do_not_count(city, head):
    lead, same, taken_back, last = (a_report_on(day) for day in (0, 0.1, 0.2, 0.3))
    merging.merge(same, into=lead, by=head)
    lifecycle.withdraw(taken_back)
    db.session.commit()

    looked()

    assert problems() == []
    assert last.status is Status.RECEIVED


def test_what_is_set_aside_does_not_count_and_what_is_let_in_again_does(city, head):
    other = an_official("Hue", role=Role.HEAD)
    first, _second, _third = (a_report_on(day) for day in range(3))
    quarantine.set_aside(first, by=head, cause="spam", reason="The same three times.")
    db.session.commit()

    looked(4)
    found = problems()
    quarantine.let_in(first, by=other)
    a_report_on(5)
    looked(6)

    assert found == []
    assert len(reports_of(problems()[0])) == 4


def test_private_ones_count(city):
    reports = [a_report_on(day, category="sewage") for day in range(3)]
    for one in reports:
        one.is_public = False
    db.session.commit()

    looked(4)

    assert len(problems()) == 1


def test_what_came_in_a_moment_ago_is_looked_at_in_the_next_round(city):
    a_report_on(0), a_report_on(1), a_report_on(2)

    looked(2 + 4 / (24 * 60))
    early = problems()
    looked(2 + 6 / (24 * 60))

    assert (early, len(problems())) == ([], 1)


def test_looking_twice_finds_nothing_twice(city):
    problem = a_problem()
    version = problem.version

    looked(0.3, times=2)
    db.session.execute(update(RecurringRound).values(received_at=None, number=0))
    looked(0.4)

    assert [one.id for one in problems()] == [problem.id]
    assert problems()[0].version == version
    assert len(reports_of(problem)) == 3


def test_the_next_report_there_joins_it_and_changes_nothing_else(city):
    problem = a_problem()
    joined = a_report_on(1.1, point=beside(49))
    before = (problem.version, joined.version, joined.due_at, joined.status)

    looked(2)
    db.session.refresh(joined)

    assert len(problems()) == 1
    assert joined.id in reports_of(problem)
    assert (problem.version, joined.version, joined.due_at, joined.status) == before


def test_what_was_made_in_a_round_is_joined_in_the_same_one(city):
    a_report_on(0, point=beside(-45)), a_report_on(0.1, point=beside(-45)), a_report_on(0.2)
    fourth = a_report_on(0.3, point=beside(45))
    other = a_report_on(0.4, point=beside(45), category="drains")

    looked(1)
    (problem,) = problems()

    assert len(reports_of(problem)) == 4
    assert fourth.id in reports_of(problem)
    assert other.id not in reports_of(problem)


def test_reports_that_lie_alone_are_looked_at_in_one_question(city):
    for number in range(12):
        a_report_on(number / 24, point=beside(number * 200))
    asked = []
    note = lambda _c, _cur, statement, *_rest: asked.append(statement)  # noqa: E731
    database_event.listen(db.engine, "before_cursor_execute", note)
    try:
        looked(2)
    finally:
        database_event.remove(db.engine, "before_cursor_execute", note)

    assert sum(statement.startswith("SELECT") for statement in asked) <= 3, asked


def test_a_place_beyond_it_is_another_once_it_has_enough_of_its_own(city):
    problem = a_problem()
    for number in range(2):
        a_report_on(1 + number, point=beside(60))
    looked(4)
    early = len(problems())
    a_report_on(5, point=beside(60))

    looked(6)

    assert (early, len(problems())) == (1, 2)
    assert len(reports_of(problem)) == 3
    assert len(reports_of(problems()[1])) == 3


def test_a_report_of_one_problem_makes_no_other(city):
    for number in range(2):
        a_report_on(number, point=beside(40))
    a_report_on(2)
    a_report_on(3, point=beside(60))

    looked(4)

    assert [len(reports_of(one)) for one in problems()] == [3]


def test_times_nought_looks_at_nothing(city, monkeypatch):
    with_rule(monkeypatch, times=0)
    for day in range(3):
        a_report_on(day)

    looked(4)

    assert problems() == []


def test_a_city_says_how_often_how_long_how_far_and_what_does_not_count(city, monkeypatch):
    with_rule(monkeypatch, times=2, days=10, metres=200, without=("noise",))
    a_report_on(0), a_report_on(9, point=beside(190))
    a_report_on(0, category="drains"), a_report_on(11, category="drains")
    a_report_on(8, category="noise"), a_report_on(9, category="noise")

    looked(12)

    assert [len(reports_of(one)) for one in problems()] == [2]


def test_more_than_fit_into_a_round_are_found_in_the_next_ones(city, monkeypatch):
    monkeypatch.setattr(recurring_finding, "AT_ONCE", 2)
    for day in range(5):
        a_report_on(day, point=beside(0) if day % 2 == 0 else beside(500))

    with clock.standing_at(later(days=6)):
        turns = [recurring_finding.look() for _turn in range(4)]
    db.session.commit()

    assert turns == [True, True, False, False]
    assert [len(reports_of(one)) for one in problems()] == [3]


def test_reports_of_one_moment_are_all_looked_at(city, monkeypatch):
    monkeypatch.setattr(recurring_finding, "AT_ONCE", 1)
    for north in (900, 0, 0, 0):
        a_report_on(0, point=beside(north))

    looked(times=4)

    assert len(problems()) == 1


def test_a_worker_that_was_down_counts_no_farther_back_than_the_rule(city):
    for day in range(3):
        a_report_on(day)

    looked(95)

    assert problems() == []


def test_what_came_in_while_nobody_looked_counts_no_farther_back_either(city):
    looked(0)
    for day in range(1, 4):
        a_report_on(day)

    looked(95)

    assert problems() == []


def test_a_plan_has_a_cause_an_owner_and_a_date(city, head):
    problem = planned(a_problem(), head)

    assert (problem.cause, problem.owner, problem.due_on) == (LAMP, head, later(days=10).date())
    assert problem.standing is Standing.PLANNED
    with clock.standing_at(later(days=11)):
        assert problem.standing is Standing.LATE


def test_the_same_plan_sent_twice_is_one(city, head):
    problem = planned(a_problem(), head)
    version = problem.version

    planned(problem, head)

    assert problem.version == version


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cause", " \n "),
        ("cause", "x" * 4001),
        ("owner", ""),
        ("owner", "9" * 30),
        ("owner", "-1"),
        ("due_on", ""),
        ("due_on", "tomorrow"),
        ("due_on", "2030-02-30"),
        ("due_on", "2030-01-06"),
        ("due_on", "9999-12-31"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_by_field(city, head, field, value):
    problem = a_problem()
    typed = {"cause": LAMP, "owner": str(head.id), "due_on": "2030-01-07", field: value}

    with pytest.raises(Invalid) as invalid:
        recurring_plans.plan(problem, **typed, by=head)

    assert set(invalid.value.faults) == {field}
    assert problem.standing is Standing.UNPLANNED


@pytest.mark.parametrize("other", [{"department": DRAINAGE}, {"is_active": False}])
def test_who_sees_to_it_works_there(city, head, other):
    stranger = an_official("Eve", **other)

    with pytest.raises(Invalid):
        recurring_plans.plan(a_problem(), cause=LAMP, owner=str(stranger.id), due_on="2030-01-09", by=head)


def test_a_date_that_is_over_may_stay_while_the_cause_is_put_right(city, head):
    problem = planned(a_problem(), head, days=2)

    with clock.standing_at(later(days=5)):
        recurring_plans.plan(
            problem, cause="Another", owner=str(head.id), due_on=str(problem.due_on), by=head
        )

    assert problem.cause == "Another"


def test_done_it_counts_what_came_since_and_comes_back_by_the_same_rule(city, head):
    problem = planned(a_problem(), head)
    with clock.standing_at(later(days=1)):
        recurring_plans.finish(problem, measure="New cable", by=head)
        db.session.commit()
    a_report_on(2), a_report_on(3)
    looked(4)
    waiting = recurring_reports.counted([problem])[problem.id].since_done, problem.standing
    a_report_on(5)
    looked(6)
    db.session.refresh(problem)

    assert waiting == (2, Standing.DONE)
    assert len(problems()) == 1
    assert (problem.standing, problem.returns, problem.cause) == (Standing.UNPLANNED, 1, LAMP)
    assert problem.owner_id is problem.due_on is None
    assert history_of(problem)[0].details["reports"] == 3
    assert head.id in history_of(problem)[0].details["people"]


def test_what_is_not_one_problem_asks_for_no_plan_until_as_many_came_again(city, head):
    problem = a_problem()
    with clock.standing_at(later(days=1)):
        event = recurring_plans.dismiss(problem, reason=" Three masts. ", by=head)
        db.session.commit()
    assert (event.kind, event.details["reason"]) == (Happening.DISMISSED, "Three masts.")
    with clock.standing_at(later(days=60)):
        assert not recurring_plans.remind()
    dismissed = problem.standing, recurring_reports.how_many(head)[Standing.DISMISSED]
    for day in (2, 3, 5):
        a_report_on(day)
    looked(6)
    db.session.refresh(problem)

    assert dismissed == (Standing.DISMISSED, 1)
    assert len(problems()) == 1
    assert (problem.standing, problem.returns, problem.measure) == (Standing.UNPLANNED, 0, "")
    assert history_of(problem)[0].details["was_dismissed"]
    assert recurring_reports.how_many(head)[Standing.DISMISSED] == 0


def test_that_it_is_not_one_is_said_by_who_leads_with_a_reason_and_once(city, head):
    problem, bo = planned(a_problem(), head), an_official()
    with pytest.raises(NotFound):
        recurring_plans.dismiss(problem, reason="Three masts.", by=bo)
    with pytest.raises(Invalid):
        recurring_plans.dismiss(problem, reason=" ", by=head)

    recurring_plans.dismiss(problem, reason="Three masts.", by=head)

    assert recurring_plans.dismiss(problem, reason=" Three masts. ", by=head) is None
    for refused in (
        lambda: recurring_plans.dismiss(problem, reason="Other", by=head),
        lambda: recurring_plans.plan(problem, cause=LAMP, owner=str(head.id), due_on="2030-01-09", by=head),
        lambda: recurring_plans.finish(problem, measure="Three masts.", by=head),
        lambda: recurring_plans.pass_on(problem, to=a_department(DRAINAGE), by=head),
    ):
        with pytest.raises(Refused, match="not one problem"):
            refused()


def test_what_comes_in_over_years_is_no_return(city, head):
    problem = planned(a_problem(), head)
    with clock.standing_at(later(days=1)):
        recurring_plans.finish(problem, measure="New cable", by=head)
        db.session.commit()
    for day in (60, 120, 180):
        a_report_on(day)
        looked(day + 1)

    assert problem.standing is Standing.DONE


def test_done_twice_is_done_once_and_another_measure_is_refused(city, head):
    problem = a_problem()
    recurring_plans.finish(problem, measure="New cable", by=head)

    assert recurring_plans.finish(problem, measure=" New cable ", by=head) is None
    with pytest.raises(Refused):
        recurring_plans.finish(problem, measure="Other", by=head)
    with pytest.raises(Refused):
        recurring_plans.plan(problem, cause=LAMP, owner=str(head.id), due_on="2030-01-09", by=head)


def test_done_needs_words(city, head):
    with pytest.raises(Invalid):
        recurring_plans.finish(a_problem(), measure=" ", by=head)


def test_an_owner_may_write_and_other_officers_and_heads_may_not(city, head):
    bo, eve = an_official(), an_official("Eve")
    chi = an_official("Chi", role=Role.HEAD, department=DRAINAGE)
    problem = a_problem()
    recurring_plans.plan(problem, cause=LAMP, owner=str(bo.id), due_on="2030-01-09", by=head)

    for stranger in (eve, chi):
        with pytest.raises(Refused):
            recurring_plans.finish(problem, measure="Nothing", by=stranger)
    recurring_plans.finish(problem, measure="New cable", by=bo)

    assert problem.done_by is bo


def test_another_department_plans_anew(city, head):
    problem = planned(a_problem(), head)
    chi = an_official("Chi", role=Role.HEAD, department=DRAINAGE)

    recurring_plans.pass_on(problem, to=a_department(DRAINAGE), by=head)

    assert (problem.department.code, problem.standing, problem.cause) == (
        DRAINAGE,
        Standing.UNPLANNED,
        LAMP,
    )
    assert history_of(problem)[0].details["people"] == [chi.id]
    with pytest.raises(NotFound):
        recurring_plans.pass_on(problem, to=a_department(), by=head)
    with pytest.raises(Refused):
        recurring_plans.pass_on(problem, to=a_department(DRAINAGE), by=chi)


def test_what_is_overdue_is_told_once_for_each_date(city, head):
    dee = an_official("Dee", role=Role.COORDINATOR)
    problem = a_problem()

    def reminded(day):
        with clock.standing_at(later(days=day)):
            recurring_plans.remind()
            db.session.commit()
        return [
            event.details["people"]
            for event in reversed(history_of(problem))
            if event.kind is Happening.REMINDED
        ]

    assert reminded(6.9) == []  # five working days: until Monday evening
    assert reminded(7.5) == [[dee.id, head.id]]
    assert len(reminded(8)) == 1
    with clock.standing_at(later(days=8)):
        planned(problem, head, days=9)
    assert len(reminded(9.2)) == 1  # the whole day is there
    assert len(reminded(10)) == 2
    recurring_plans.finish(problem, measure="New cable", by=head)
    assert len(reminded(30)) == 2


def test_a_department_that_ends_leaves_its_problems_to_its_heir(city, head):
    problem = planned(a_problem(), head)
    heir = a_department(DRAINAGE)

    recurring_plans.move({problem.department_id: heir.id})
    db.session.commit()
    db.session.refresh(problem)

    assert (problem.department_id, problem.owner_id) == (heir.id, head.id)


def test_what_happened_is_never_changed(city):
    problem = a_problem()

    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(
            update(RecurringEvent).where(RecurringEvent.problem_id == problem.id).values(kind=Happening.DONE)
        )
    db.session.rollback()


def test_what_is_long_past_is_found_without_a_mail(city, head):
    for day in range(3):
        a_report_on(day)

    looked(20)
    (problem,) = problems()

    assert history_of(problem)[0].details["people"] == []


def test_finding_reads_an_index_and_not_the_reports(city):
    report = a_report_on(0)
    row = db.session.execute(
        select(*recurring_finding._LOOKED_AT).where(recurring_finding.Complaint.id == report.id)
    ).one()
    query = recurring_finding._around(row, Recurring())
    asked = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    # A bitmap is made of an index that fits the question: in a table this small any other is as good to read as a whole.
    db.session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"))
    others = "SELECT indexname FROM pg_indexes WHERE tablename = 'complaint' AND indexname LIKE 'ix_%'"
    for name in db.session.scalars(text(others)).all():
        if name != "ix_complaint_again":
            db.session.execute(text(f"DROP INDEX {name}"))

    plan = db.session.connection().exec_driver_sql(f"EXPLAIN {asked}")

    told = "\n".join(line for (line,) in plan)
    db.session.rollback()
    assert "ix_complaint_again" in told
