"""The overview of who leads: its numbers, that each leads to exactly so many reports, and who sees which."""

from datetime import date

import pytest
from sqlalchemy import event as database_event

from cps.city.queries import in_force
from cps.complaints import flows, handovers, lifecycle, load, pausing, reopening, undoing, window, workload
from cps.complaints.flows import Routing
from cps.complaints.status import Status
from cps.complaints.views import Day, View
from cps.desk import queue
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from tests.makers import DRAINAGE, LIGHTING, a_complaint, a_department, an_official, later
from tests.pageclient import text_of

MOST_STATEMENTS = 8


def due(complaint, moment):
    complaint.due_at = moment
    db.session.commit()
    return complaint


def rows(page, title):
    """The rows of the tables of a section: what each cell says, by its name."""
    found = page.select(f'section[aria-labelledby="{title}-title"] tbody tr')
    return {
        text_of(row.th): [text_of(cell.select_one(".figure") or cell) for cell in row.find_all("td")]
        for row in found
    }


def in_list(browser, address):
    """How many reports the queue at an address holds, all pages together."""
    page = browser.page(address)
    following = page.select_one('a[rel="next"]')
    return len(page.select("td.q-ref a")) + (in_list(browser, following["href"]) if following else 0)


def calendar():
    return in_force().profile.calendar


def day():
    now = clock.now()
    return Day(now, workload.horizon(now, calendar()).today_ends)


def transfer(complaint, to, by):
    handovers.transfer(complaint, to=a_department(to), by=by, reason="Not ours.")
    db.session.commit()


@pytest.fixture
def head(city):
    return an_official("Abe", role=Role.HEAD)


@pytest.fixture
def dee(city):
    return an_official("Dee", role=Role.COORDINATOR, department=DRAINAGE)


@pytest.fixture
def a_small_world(bo, head):
    """Eleven open reports of two departments, and two that were closed."""
    eve, chi = an_official("Eve"), an_official("Chi", department=DRAINAGE)
    due(a_complaint(), later(days=-1))
    due(a_complaint(), later(days=1))
    due(a_complaint(Status.ASSIGNED, by=bo), later(hours=3))
    due(a_complaint(Status.IN_PROGRESS, by=bo), later(days=-2))
    due(a_complaint(Status.IN_PROGRESS, by=bo), later(days=-2))
    due(a_complaint(Status.WAITING, by=eve), later(days=-1))
    due(a_complaint(Status.ASSIGNED, by=eve), later(days=2))
    due(a_complaint(Status.ASSIGNED, by=eve), later(days=3))
    due(a_complaint(Status.ASSIGNED, by=eve), later(days=4))
    due(a_complaint(Status.ASSIGNED, by=chi, category="drains"), later(days=-1))
    due(a_complaint(category="drains"), later(days=1))
    a_complaint(Status.RESOLVED, by=bo)
    a_complaint(Status.WITHDRAWN, by=bo)


def test_a_head_sees_who_has_what(a_small_world, head, signed_in):
    found = rows(signed_in(head).page("/desk/overview"), "load")

    # open, due today, overdue, waiting, unseen, late share
    assert found == {
        "Together": ["9", "1", "3", "1", "2", "33%"],
        "Nobody yet": ["2", "0", "1", "0", "2", "too few"],
        "Bo": ["3", "1", "2", "0", "0", "too few"],
        "Eve": ["4", "0", "0", "1", "0", "too few"],
        "Abe": ["0", "0", "0", "0", "0", "too few"],
    }
    assert list(found) == ["Together", "Nobody yet", "Bo", "Eve", "Abe"]  # the most overdue first


def test_a_coordinator_sees_which_department_has_what(a_small_world, dee, signed_in):
    found = rows(signed_in(dee).page("/desk/overview"), "load")

    lighting, drainage = list(found.values())[1:]
    assert found["Together"] == ["11", "1", "4", "1", "3", "36%"]
    assert lighting == ["9", "1", "3", "1", "2", "33%"]
    assert drainage == ["2", "0", "1", "0", "1", "too few"]


def test_a_department_leads_a_coordinator_to_what_its_head_sees(a_small_world, dee, head, signed_in):
    city = signed_in(dee).page("/desk/overview")
    address = city.select_one('section[aria-labelledby="load-title"] tbody th a')["href"]

    narrowed = signed_in(dee).page(address)

    ours = signed_in(head).page("/desk/overview")
    for title in ("load", "due", "days", "routing"):
        assert rows(narrowed, title) == rows(ours, title)


@pytest.mark.parametrize("address", ["/desk/overview", f"/desk/overview?department={LIGHTING}"])
@pytest.mark.parametrize("who", ["head", "dee"])
def test_a_number_leads_to_the_queue_that_holds_so_many(a_small_world, who, address, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    page = browser.page(address)

    links = page.select("main td a")

    assert len(links) >= 20
    for link in links:
        assert in_list(browser, link["href"]) == int(text_of(link)), link["href"]


def test_what_somebody_left_behind_is_theirs_still(head, bo, signed_in):
    a_complaint(Status.ASSIGNED, by=bo)
    bo.is_active = False
    db.session.commit()
    browser = signed_in(head)

    page = browser.page("/desk/overview")

    assert rows(page, "load")["Bo"][0] == "1"
    link = next(row.a for row in page.select("main tbody tr") if text_of(row.th) == "Bo")
    assert in_list(browser, link["href"]) == 1


def test_who_left_with_nothing_is_not_named(head, bo, signed_in):
    bo.is_active = False
    db.session.commit()

    assert "Bo" not in rows(signed_in(head).page("/desk/overview"), "load")


def test_a_department_that_has_nothing_is_shown_so(head, signed_in):
    page = signed_in(head).page("/desk/overview")

    assert rows(page, "load")["Together"][:5] == ["0"] * 5
    assert "No report came in." in text_of(page)
    assert page.select("main td a") == []


def test_a_city_that_has_nothing_is_shown_so(dee, signed_in):
    page = signed_in(dee).page("/desk/overview")

    assert rows(page, "load") == {"Together": ["0"] * 5 + ["too few"]}


def test_what_is_about_to_be_late_is_told_by_working_day(city, bo):
    for moment in (
        *(later(hours=-1), later(hours=1), later(hours=14, minutes=59)),  # late, and twice today
        *(later(hours=15), later(days=1)),  # from midnight on it is Tuesday
        *(later(days=3, hours=14, minutes=59), later(days=3, hours=15)),  # the last of Thursday, and Friday
    ):
        due(a_complaint(), moment)
    due(a_complaint(Status.WAITING, by=bo), later(days=2))
    paused = a_complaint(Status.ASSIGNED, by=bo)
    pausing.pause(paused, by=bo, cause="inspection", reason="We look at it.")
    due(paused, later(days=2))

    found = load.due(bo.department_id, day=day(), calendar=calendar())

    assert found == {date(2030, 1, 7): 2, date(2030, 1, 8): 2, date(2030, 1, 9): 0, date(2030, 1, 10): 1}


def test_a_day_off_is_named_only_if_something_is_due_on_it(city, bo):
    with clock.standing_at(later(days=4)):  # Friday
        assert list(load.due(None, day=day(), calendar=calendar())) == [
            date(2030, 1, number) for number in (11, 14, 15, 16)
        ]
        due(a_complaint(), later(days=5))
        assert load.due(None, day=day(), calendar=calendar())[date(2030, 1, 12)] == 1


def test_a_day_of_arrivals_and_closures_is_a_day_of_the_city(city, bo):
    with clock.standing_at(later(hours=14, minutes=59)):  # a minute before midnight in Hanoi
        early = a_complaint(Status.ASSIGNED, by=bo)
        a_complaint()
    with clock.standing_at(later(hours=15)):
        a_complaint()
        lifecycle.start(early, by=bo)
        lifecycle.resolve(early, by=bo, result="Done.")
        db.session.commit()

    with clock.standing_at(later(days=1)):
        found = flows.by_day(None, now=clock.now(), calendar=calendar())

    assert len(found) == flows.DAYS
    monday, tuesday = found[-2:]
    assert (monday.day, monday.received, monday.still_open, monday.ended, monday.closed) == (
        *(date(2030, 1, 7), 2, 1, 1, 0),
    )
    assert (tuesday.received, tuesday.still_open, tuesday.ended, tuesday.closed) == (1, 1, 0, 1)


def test_arrivals_and_closures_reach_back_four_weeks(city, bo):
    first = later(days=-27, hours=-9)  # midnight before the first of the 28 days
    for moment in (first, later(days=-27, hours=-9, seconds=-1)):
        with clock.standing_at(moment):
            a_complaint(Status.RESOLVED, by=bo)

    found = flows.by_day(bo.department_id, now=clock.now(), calendar=calendar())

    assert sum(one.received for one in found) == sum(one.closed for one in found) == 1
    assert (found[0].received, found[0].closed) == (1, 1)


def test_routing_is_told_of_the_first_department(city, bo):
    chi = an_official("Chi", department=DRAINAGE)
    a_complaint(Status.RESOLVED, by=bo)
    a_complaint()
    moved = a_complaint()
    transfer(moved, DRAINAGE, bo)
    lifecycle.assign(moved, to=chi, by=chi)
    lifecycle.start(moved, by=chi)
    lifecycle.resolve(moved, by=chi, result="Done.")
    back = a_complaint()
    transfer(back, DRAINAGE, bo)
    handovers.give_back(back, by=chi, reason="No water.")
    again = a_complaint(Status.RESOLVED, by=bo)
    reopening.reopen(again, words="Dark again.")
    a_complaint(Status.RESOLVED, by=chi, category="drains")
    a_complaint(Status.WITHDRAWN, by=bo)
    db.session.commit()

    found = flows.routing(None, now=clock.now(), calendar=calendar())

    lighting, drainage = bo.department_id, chi.department_id
    assert found[lighting] == Routing(
        received=5, sent_on=2, returned=1, answered=2, right=1, ever_answered=3, reopened=1
    )
    assert found[drainage] == Routing(
        received=1, sent_on=0, returned=0, answered=1, right=1, ever_answered=1, reopened=0
    )
    for number in (lighting, drainage):
        assert flows.routing(number, now=clock.now(), calendar=calendar()) == {number: found[number]}


def test_a_return_that_was_taken_back_is_none(city, bo):
    chi = an_official("Chi", department=DRAINAGE)
    complaint = a_complaint()
    transfer(complaint, DRAINAGE, bo)
    window.use(30)
    stood = undoing.before(complaint)
    handovers.give_back(complaint, by=chi, reason="No water.")
    undoing.keep(complaint, stood, by=chi)
    undoing.undo(complaint, by=chi)
    db.session.commit()

    found = flows.routing(bo.department_id, now=clock.now(), calendar=calendar())[bo.department_id]

    assert (found.sent_on, found.returned) == (1, 0)


def test_routing_reaches_back_ninety_days(city, bo):
    for moment in (later(days=-90, hours=-9), later(days=-90, hours=-9, seconds=-1)):
        with clock.standing_at(moment):
            a_complaint()

    found = flows.routing(None, now=clock.now(), calendar=calendar())

    assert found[bo.department_id].received == 1


def test_shares_are_said_of_enough_reports_only(head, bo, signed_in):
    for _number in range(4):
        a_complaint(Status.RESOLVED, by=bo)
    few = rows(signed_in(head).page("/desk/overview"), "routing")
    a_complaint(Status.RESOLVED, by=bo)
    enough = rows(signed_in(head).page("/desk/overview"), "routing")

    assert [*few.values()] == [["4", "too few", "0", "0", "too few"]]
    assert [*enough.values()] == [["5", "100%", "0", "0", "0%"]]


def test_it_is_for_who_leads_and_only_they_are_led_to_it(bo, head, dee, signed_in):
    for person, is_led in ((bo, False), (head, True), (dee, True)):
        browser = signed_in(person)
        assert bool(browser.page("/desk").select("a[data-overview]")) is is_led
        assert browser.get("/desk/overview").status_code == (200 if is_led else 404)


def test_a_head_sees_the_own_department_whatever_the_address_says(a_small_world, head, signed_in):
    browser = signed_in(head)

    asked = browser.page(f"/desk/overview?department={DRAINAGE}")

    assert rows(asked, "load") == rows(browser.page("/desk/overview"), "load")


def test_a_department_the_city_does_not_have_is_not_there(dee, signed_in):
    assert signed_in(dee).get("/desk/overview?department=dragons").status_code == 404


@pytest.mark.parametrize("who", ["head", "dee"])
def test_it_asks_the_database_few_questions(a_small_world, who, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    browser.page("/desk/overview")
    asked = []

    def note(_connection, _cursor, statement, *_others):
        asked.append(statement)

    database_event.listen(db.engine, "before_cursor_execute", note)
    browser.page("/desk/overview")
    database_event.remove(db.engine, "before_cursor_execute", note)

    assert 0 < len(asked) <= MOST_STATEMENTS


def test_the_chart_has_two_bars_for_each_day(a_small_world, head, signed_in):
    chart = signed_in(head).page("/desk/overview").select_one("svg.chart")

    assert len(chart.find_all("g")) == flows.DAYS
    last = chart.find_all("g")[-1]
    assert text_of(last.title).endswith("Received 11, Closed 2")
    heights = [float(bar["height"]) for bar in last.find_all("rect")]
    assert heights == [160.0, pytest.approx(160 * 2 / 11, abs=0.1)]


def test_views_that_are_counted_have_names(city):
    assert set(load.COUNTED) <= set(queue.VIEWS)
    assert View.CLOSED not in load.COUNTED
