"""Problems that come back, at the desk: who sees which, the plan, the measure, what stands against them, and a report's hint."""

from dataclasses import replace

import pytest
from sqlalchemy import event as database_event

from cps.city.asking import Recurring
from cps.complaints import lifecycle, recurring_plans, recurring_reports, visibility
from cps.complaints.recurring import Happening, history_of
from cps.complaints.reporters import Contact
from cps.desk import keys
from cps.desk import recurring as pages
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from cps.web import language
from tests.makers import DRAINAGE, LIGHTING, a_complaint, a_department, an_official, later
from tests.pageclient import text_of
from tests.recurring import LAMP, a_problem, a_report_on, beside, looked, planned


@pytest.fixture
def head(city):
    return an_official("Abe", role=Role.HEAD)


@pytest.fixture
def dee(city):
    return an_official("Dee", role=Role.COORDINATOR, department=DRAINAGE)


@pytest.fixture
def problem(city):
    return a_problem()


def address(problem, noun=""):
    return f"/desk/recurring/{problem.id}{f'/{noun}' if noun else ''}"


def send(browser, problem, noun, *, version=None, **fields):
    """Send a form of a problem, made from its present version or another."""
    made_from = problem.version if version is None else version
    token = browser.page("/desk/keys").select_one("input[name=csrf_token]")["value"]
    return browser.post(
        address(problem, noun),
        data={"csrf_token": token, "version": str(made_from), **fields},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def a_plan(owner, **changes):
    return {"cause": LAMP, "owner": str(owner.id), "due_on": "2030-01-21", **changes}


def groups(page):
    """How many problems stand under each heading of the page."""
    found = page.select("section.card")
    return {text_of(section.h2): len(section.select(".recurring-what a")) for section in found}


def facts(page):
    return {text_of(one.dt): text_of(one.dd) for one in page.select("dl.facts > div")}


def now(problem):
    db.session.rollback()
    db.session.refresh(problem)
    return problem


def test_a_department_sees_its_problems_by_how_far_they_have_come(city, signed_in, head):
    planned(a_problem(), head, days=0)
    for north in (1000, 2000):
        planned(a_problem(point=beside(north)), head, days=9)
    a_problem(point=beside(3000))
    recurring_plans.finish(a_problem(point=beside(4000)), measure="New cable", by=head)
    a_problem(category="drains")
    db.session.commit()

    with clock.standing_at(later(days=1)):
        found = groups(signed_in(head).page("/desk/recurring"))

    assert found == {"Overdue (1)": 1, "Needs a plan (1)": 1, "Planned (2)": 2, "Done (1)": 1}


def test_what_is_owed_first_stands_first(city, signed_in, head):
    second = planned(a_problem(), head, days=9)
    first = planned(a_problem(point=beside(1000)), head, days=3)

    page = signed_in(head).page("/desk/recurring")
    found = [one["href"] for one in page.select(".recurring-what a")]

    assert found == [address(first), address(second)]


def test_more_than_fit_are_a_page_of_their_own(city, signed_in, head, monkeypatch):
    monkeypatch.setattr(pages, "_SHOWN", 1)
    monkeypatch.setattr(pages, "_OF_ONE_STANDING", 2)
    for north in (0, 1000, 2000):
        a_problem(point=beside(north))
    browser = signed_in(head)

    overview = browser.page("/desk/recurring")
    every = browser.page(overview.find("a", string="Show all 3")["href"])
    last = browser.page(every.select_one('a[rel="next"]')["href"])

    assert [len(page.select(".recurring-what a")) for page in (overview, every, last)] == [1, 2, 1]
    assert last.select_one('a[rel="next"]') is None
    assert last.find("a", string="First page")["href"] == "/desk/recurring?standing=unplanned"


@pytest.mark.parametrize(
    "asked",
    [
        "standing=lost",
        "page=2",
        "standing=done&page=0",
        "standing=done&page=x",
        "standing=done&page=99999999999999",
    ],
)
def test_a_page_that_cannot_be_is_not_there(city, signed_in, head, asked):
    assert signed_in(head).get(f"/desk/recurring?{asked}").status_code == 404


def test_another_department_sees_nothing_of_it_and_a_coordinator_all(city, signed_in, problem, dee):
    stranger = signed_in(an_official("Chi", role=Role.HEAD, department=DRAINAGE))

    assert "No problem came back so often" in text_of(stranger.page("/desk/recurring").main)
    assert stranger.get(address(problem)).status_code == 404
    assert groups(signed_in(dee).page("/desk/recurring")) == {"Needs a plan (1)": 1}
    assert signed_in(dee).get(address(problem)).status_code == 200


def test_a_coordinator_asks_for_one_department_and_a_head_may_not(city, signed_in, problem, dee):
    browser = signed_in(dee)

    found = [
        len(browser.page(f"/desk/recurring?department={code}").select(".recurring-what a"))
        for code in (DRAINAGE, LIGHTING)
    ]
    head = signed_in(an_official("Chi", role=Role.HEAD, department=DRAINAGE))

    assert found == [0, 1]
    assert browser.get("/desk/recurring?department=nowhere").status_code == 404
    assert head.page(f"/desk/recurring?department={LIGHTING}").select(".recurring-what a") == []


def test_an_officer_reads_it_and_has_no_form(city, signed_in, problem):
    page = signed_in(an_official()).page(address(problem))

    assert page.select(".complaint-actions form") == []
    assert "The heads of the department" in text_of(page.select_one(".complaint-actions"))


@pytest.mark.parametrize("noun", ["plans", "measures", "handovers"])
def test_what_an_officer_sends_anyway_changes_nothing(city, signed_in, problem, noun):
    bo = an_official()

    response = send(signed_in(bo), problem, noun, **a_plan(bo), measure="Done", department=DRAINAGE)

    assert response.status_code == (404 if noun == "handovers" else 409)
    assert [event.kind for event in history_of(now(problem))] == [Happening.FOUND]


def test_a_head_plans_it_and_the_page_says_so(city, signed_in, head, problem):
    bo = an_official()

    response = send(signed_in(head), problem, "plans", **a_plan(bo))
    page = signed_in(head).page(address(problem))

    assert response.status_code == 303
    assert facts(page)["Who sees to it"] == "Bo"
    assert facts(page)["To be done by"] == "21 January 2030"
    assert LAMP in text_of(page.select_one(".complaint-what"))
    assert history_of(now(problem))[0].details["people"] == [bo.id]
    assert "Planned" in text_of(page.select_one(".history"))


def test_who_sees_to_it_says_what_was_done(city, signed_in, head, problem):
    bo = an_official()
    send(signed_in(head), problem, "plans", **a_plan(bo))
    now(problem)

    with clock.standing_at(later(hours=5)):
        response = send(signed_in(bo), problem, "measures", measure="New cable")
    a_report_on(1)
    looked(2)
    page = signed_in(bo).page(address(problem))

    assert response.status_code == 303
    assert facts(page)["Reports since it was done"] == "1"
    assert "New cable" in text_of(page.select_one(".complaint-what"))
    assert page.select(".complaint-actions form") == []


def test_bad_input_is_said_and_what_was_typed_stays(city, signed_in, head, problem):
    response = send(signed_in(head), problem, "plans", **a_plan(head, due_on="2029-12-31"))
    page = response.text

    assert response.status_code == 422
    assert "This day is over. Choose a later one." in page
    assert LAMP in page
    assert 'value="2029-12-31"' in page
    assert now(problem).cause == ""


def test_who_looked_before_another_changed_it_is_shown_both(city, signed_in, head, problem, dee):
    bo, seen = an_official(), problem.version
    send(signed_in(dee), problem, "plans", **a_plan(bo, cause="Old mast"))

    response = send(signed_in(head), now(problem), "plans", version=seen, **a_plan(head))
    told = response.text

    assert response.status_code == 409
    for words in ("Somebody changed this while you had it open", "Old mast", LAMP, "What is different now"):
        assert words in told
    assert now(problem).cause == "Old mast"


def test_what_was_done_meanwhile_is_kept_and_what_was_typed_shown(city, signed_in, head, problem, dee):
    seen = problem.version
    send(signed_in(dee), problem, "measures", measure="New mast")

    response = send(signed_in(head), now(problem), "measures", version=seen, measure="New cable")

    assert response.status_code == 409
    assert "New cable" in response.text
    assert now(problem).measure == "New mast"


def test_a_head_says_that_it_is_not_one_problem_and_no_plan_is_asked_for(city, signed_in, head, problem):
    browser = signed_in(head)
    missing = send(browser, problem, "dismissals", reason=" ")
    response = send(browser, problem, "dismissals", reason="Three masts.")

    assert missing.status_code == 422
    assert "Write why it is not one problem." in missing.text
    assert response.status_code == 303
    page = browser.page(address(problem))
    assert facts(page)["Status"] == "Not one problem"
    assert "Why it is not one problem Three masts." in text_of(page)
    assert page.select_one("form[action*='/plans'], form[action*='/dismissals']") is None
    assert groups(browser.page("/desk/recurring")) == {"Not one problem (1)": 1}


def test_who_sees_to_it_does_not_say_that_it_is_none(city, signed_in, head, problem):
    bo = an_official()
    send(signed_in(head), problem, "plans", **a_plan(bo))

    page = signed_in(bo).page(address(problem))
    answer = send(signed_in(bo), now(problem), "dismissals", reason="Three masts.")

    assert page.select_one("form[action*='/dismissals']") is None
    assert answer.status_code == 404
    assert now(problem).done_at is None


@pytest.mark.parametrize("noun", ["plans", "measures", "dismissals"])
def test_the_same_form_sent_twice_is_done_once(city, signed_in, head, problem, noun):
    browser, seen = signed_in(head), problem.version

    answers = [
        send(
            browser, problem, noun, version=seen, **a_plan(head), measure="New cable", reason="Three masts."
        ).status_code
        for _time in range(2)
    ]

    assert answers == [303, 303]
    assert len(history_of(now(problem))) == 2


def test_a_head_passes_it_on_and_sees_it_no_more(city, signed_in, head, problem):
    browser = signed_in(head)
    missing = send(browser, problem, "handovers", department="nowhere")
    response = send(browser, problem, "handovers", department=DRAINAGE)

    assert missing.status_code == 422
    assert (response.status_code, response.location) == (303, "/desk/recurring")
    assert browser.get(address(problem)).status_code == 404
    assert now(problem).department_id == a_department(DRAINAGE).id


def test_an_owner_who_left_is_named_as_gone(city, signed_in, head, problem):
    bo = an_official()
    send(signed_in(head), problem, "plans", **a_plan(bo))
    bo.is_active = False
    db.session.commit()

    page = signed_in(head).page(address(problem))

    assert facts(page)["Who sees to it"] == "Bo works here no more"


def test_the_reports_stand_there_oldest_first_with_what_each_came_to(city, signed_in, head, problem):
    bo = an_official()
    with clock.standing_at(later(days=1)):
        last = a_complaint(contact=None)
        lifecycle.assign(last, to=bo, by=bo)
        lifecycle.start(last, by=bo)
        lifecycle.resolve(last, by=bo, result="We changed the lamp.")
        db.session.commit()
    looked(2)

    page = signed_in(head).page(address(problem))
    rows = [text_of(one) for one in page.select("ol.recurring li")]

    assert len(rows) == 4
    assert last.reference in rows[3]
    assert "We changed the lamp." in rows[3]
    assert "Result" not in rows[0]
    assert facts(page)["How often"] == "4 reports"


@pytest.mark.rows_by_hand
def test_private_reports_of_another_department_are_counted_and_not_read(city, signed_in, head):
    problem = a_problem(words="a secret", landmark="secret door")
    every = visibility.for_official(an_official("Zed", role=Role.COORDINATOR))
    for one in recurring_reports.of(problem, head):
        report = every.one(one.reference)
        report.is_public, report.department_id = False, a_department(DRAINAGE).id
    db.session.commit()
    browser = signed_in(head)

    page, queue = browser.page(address(problem)), browser.page("/desk/recurring")

    assert page.select("ol.recurring li") == []
    assert "secret" not in text_of(page) + text_of(queue)
    assert "3 more reports belong to other departments" in text_of(page.main)
    assert facts(page)["How often"] == "3 reports"


def test_no_address_of_a_reporter_is_on_the_page(city, signed_in, dee):
    problem = a_problem(contact=Contact(email="ana@citizen.example", name="Ana Ananas"))

    page = text_of(signed_in(dee).page(address(problem)))

    assert "citizen.example" not in page
    assert "Ananas" not in page


def test_a_report_says_which_of_its_kind_it_is_and_leads_there(city, signed_in, head, problem):
    fourth = a_report_on(1)
    looked(2)
    kept = recurring_reports.of(problem, head)
    browser = signed_in(head)

    told = [
        text_of(browser.page(f"/desk/complaints/{one}").select_one(".again"))
        for one in (kept[1].reference, fourth.reference)
    ]
    first = browser.page(f"/desk/complaints/{kept[0].reference}")

    assert "Report number 2 of this kind here within 90 days." in told[0]
    assert "Report number 4" in told[1]
    assert first.select_one(".again") is None
    link = browser.page(f"/desk/complaints/{fourth.reference}").select_one(".again a")
    assert link["href"] == address(problem)


def test_a_report_says_nothing_to_who_does_not_see_the_problem(city, signed_in, problem, head):
    reference = recurring_reports.of(problem, head)[-1].reference
    stranger = signed_in(an_official("Chi", department=DRAINAGE))

    assert stranger.page(f"/desk/complaints/{reference}").select_one(".again") is None


def test_a_report_costs_one_statement_more_at_most(city, head, problem):
    report = visibility.for_official(head).one(recurring_reports.of(problem, head)[-1].reference)
    asked = []
    note = lambda _c, _cur, statement, *_rest: asked.append(statement)  # noqa: E731
    database_event.listen(db.engine, "before_cursor_execute", note)
    try:
        recurring_reports.again(report, head)
    finally:
        database_event.remove(db.engine, "before_cursor_execute", note)

    assert len(asked) == 1


def test_the_list_costs_as_many_statements_for_many_as_for_one(city, signed_in, head):
    def cost():
        asked = []
        note = lambda _c, _cur, statement, *_rest: asked.append(statement)  # noqa: E731
        browser = signed_in(head)
        database_event.listen(db.engine, "before_cursor_execute", note)
        try:
            browser.page("/desk/recurring")
        finally:
            database_event.remove(db.engine, "before_cursor_execute", note)
        return sum("recurring_" in statement for statement in asked)

    planned(a_problem(), head)
    one = cost()
    planned(a_problem(point=beside(1000)), an_official("Eve", role=Role.HEAD))
    planned(a_problem(point=beside(2000)), an_official("Fay", role=Role.HEAD))

    assert cost() == one == 4


def test_a_city_that_looks_for_none_has_no_link(city, signed_in, head, monkeypatch):
    browser, looking = signed_in(head), language.city()
    shown = browser.page("/desk").select("a[data-recurring]")
    asks = replace(looking.profile.asks, recurring=Recurring(times=0))
    none = replace(looking, profile=replace(looking.profile, asks=asks))
    monkeypatch.setattr(keys.language, "city", lambda: none)

    hidden = browser.page("/desk").select("a[data-recurring]")

    assert (len(shown), hidden) == (1, [])
