"""The queue: whose work it shows, in what order, and at what cost."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, update

from cps.city.models import PlannedReform
from cps.city.queries import in_force
from cps.complaints import queries, queue_counts, reopening
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.desk import queue
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from tests.makers import DRAINAGE, MONDAY, a_complaint, an_official, later
from tests.pageclient import text_of


def references(page):
    return [link.get_text() for link in page.select("td.q-ref a")]


def due(complaint, **parts):
    complaint.due_at = MONDAY + timedelta(**parts)
    db.session.commit()
    return complaint.reference


@pytest.fixture
def statements(app):
    """Count what is asked of the database."""
    seen = []

    def count(_conn, _cursor, statement, *_rest):
        # The city is looked up once a second and not once a page.
        if "FROM city" not in statement:
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    yield seen
    event.remove(engine, "before_cursor_execute", count)


def test_the_nearest_deadline_comes_first(city, signed_in):
    later, soon, late = a_complaint(), a_complaint(), a_complaint()
    expected = [due(late, days=-3), due(soon, hours=5), due(later, days=30)]

    page = signed_in(an_official()).page("/desk")

    assert references(page) == expected
    assert [chip.get_text().strip() for chip in page.select("td .chip")] == [
        "3 days late",
        "due today",
        "30 days left",
    ]


def test_an_officer_sees_the_own_department_and_the_coordinator_the_city(city, signed_in):
    lamp, drain = a_complaint(), a_complaint(category="drains")

    officer = signed_in(an_official()).page("/desk")
    other = signed_in(an_official("Chi", department=DRAINAGE)).page("/desk")
    coordinator = signed_in(an_official("Dee", role=Role.COORDINATOR)).page("/desk")

    assert references(officer) == [lamp.reference]
    assert references(other) == [drain.reference]
    assert set(references(coordinator)) == {lamp.reference, drain.reference}


def test_each_view_shows_its_part(city, signed_in):
    bo, colleague = an_official(), an_official("Eve")
    shown = {
        "new": a_complaint(),
        "mine": a_complaint(Status.ASSIGNED, by=bo),
        "overdue": a_complaint(Status.ASSIGNED, by=colleague),
        "waiting": a_complaint(Status.WAITING, by=colleague),
        "closed": a_complaint(Status.RESOLVED, by=bo),
    }
    due(shown["overdue"], days=-1)
    due(shown["waiting"], days=-1)
    browser = signed_in(bo)

    found = {view: references(browser.page(f"/desk?view={view}")) for view in shown}

    assert found == {view: [complaint.reference] for view, complaint in shown.items()}
    assert len(references(browser.page("/desk?view=open"))) == 4


def test_new_reports_come_in_the_order_in_which_they_are_to_be_taken_on(city, signed_in):
    first, second, third = a_complaint(), a_complaint(), a_complaint()
    for complaint, hours in ((first, -1), (second, 3), (third, 40)):
        complaint.acknowledge_by = MONDAY + timedelta(hours=hours)
    due(first, days=9)

    page = signed_in(an_official()).page("/desk?view=new")

    assert references(page) == [first.reference, second.reference, third.reference]
    assert [chip.get_text().strip() for chip in page.select("td .chip")] == [
        "late since 8:00 am",
        "today until 12:00 pm",
        "2 days left",
    ]
    assert text_of(page.select_one("th.q-due")) == "Take on"


def test_new_reports_that_were_taken_on_before_show_their_deadline(city, signed_in):
    complaint = a_complaint(Status.RESOLVED)
    reopening.reopen(complaint, words="It is dark again.")
    due(complaint, days=2)

    page = signed_in(an_official()).page("/desk?view=new")

    assert text_of(page.select_one("td .chip")) == "2 days left"


def test_how_near_the_deadline_of_a_reopened_report_is_counts_from_its_reopening(city, signed_in):
    complaint = a_complaint(Status.RESOLVED)
    with clock.standing_at(later(days=28)):
        reopening.reopen(complaint, words="It is dark again.")  # three days then: a tenth of all the time
        db.session.commit()
        page = signed_in(an_official()).page("/desk")

    assert page.select_one("td .chip")["class"] == ["chip", "chip-calm"]


def test_an_unknown_view_and_a_garbled_place_are_the_beginning(city, signed_in):
    complaint = a_complaint()

    page = signed_in(an_official()).page("/desk?view=nonsense&after=%00x")

    assert references(page) == [complaint.reference]
    assert page.select_one('.views a[aria-current="page"]')["data-view"] == "open"


def test_pages_follow_each_other_without_gap_or_repeat(city, signed_in, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_LENGTH", 2)
    expected = [a_complaint().reference for _ in range(5)]
    db.session.execute(update(Complaint).values(due_at=MONDAY))
    db.session.commit()
    browser = signed_in(an_official())

    found, path = [], "/desk"
    for _ in range(3):
        page = browser.page(path)
        found += references(page)
        following = page.select_one('a[rel="next"]')
        path = following["href"] if following else ""

    assert path == ""
    assert found == expected


def test_an_empty_queue_says_so_kindly(city, signed_in):
    page = signed_in(an_official()).page("/desk")

    assert "Nothing is open. Well done." in text_of(page)
    assert page.table is None


def test_a_full_page_costs_no_more_statements_than_a_short_one(city, signed_in, statements):
    browser = signed_in(an_official())
    a_complaint()
    browser.page("/desk")
    statements.clear()
    browser.page("/desk")
    for_one = len(statements)
    for _ in range(12):
        a_complaint()

    statements.clear()
    page = browser.page("/desk")

    assert len(references(page)) == 13
    assert len(statements) == for_one
    assert len(statements) <= 6
    counting = [statement for statement in statements if "count(" in statement.lower()]
    assert len(counting) == 1
    assert (
        "status IN ('received', 'assigned', 'in_progress', 'waiting')" in counting[0]
    )  # never what is closed


def test_what_citizens_typed_is_text_and_nothing_else(city, signed_in):
    a_complaint(words="<script>alert(1)</script>", landmark='"><img src=x>')

    page = signed_in(an_official()).page("/desk")

    assert "<script>alert(1)</script>" in text_of(page)
    assert page.select("td img") == []


def test_who_looks_after_the_city_is_told_that_its_holidays_end_too_soon(city, signed_in, monkeypatch):
    calendar = in_force().profile.calendar
    coordinator, officer = an_official(role=Role.COORDINATOR), an_official()

    assert "public holidays" not in text_of(signed_in(coordinator).page("/desk"))

    monkeypatch.setitem(vars(calendar), "holidays_until", date(2030, 1, 8))
    queue._last_known_day.cache_clear()

    assert "ends on 8 January 2030" in text_of(signed_in(coordinator).page("/desk"))
    assert "public holidays" not in text_of(signed_in(officer).page("/desk"))
    queue._last_known_day.cache_clear()


def test_who_looks_after_the_city_is_told_that_a_reorganisation_did_not_happen(city, signed_in):
    coordinator, officer = an_official(role=Role.COORDINATOR), an_official()
    before = text_of(signed_in(coordinator).page("/desk"))
    db.session.add(
        PlannedReform(
            plan="one",
            day=date(2030, 1, 7),
            source="plan.toml",
            content={},
            planned_at=MONDAY,
            tried_at=MONDAY,
            fault="Nothing lies where area 'west' was.",
        )
    )
    db.session.commit()
    queue_counts.forget()

    assert "reorganisation" not in before
    assert "The reorganisation planned for 7 January 2030 was not carried out" in text_of(
        signed_in(coordinator).page("/desk")
    )
    assert "reorganisation" not in text_of(signed_in(officer).page("/desk"))
