"""For when the work is planned, as citizens read it: on their own page, on the public one, in the calendar they live by."""

from dataclasses import replace

import pytest

from cps.city import queries
from cps.complaints import handovers, lifecycle, pausing
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.dates import OtherCalendar
from cps.kernel.db import db
from tests.citizen.acts import open_link
from tests.complaints.test_scheduling import THURSDAY, WEDNESDAY, plan
from tests.makers import DRAINAGE, a_complaint, a_department
from tests.pageclient import text_of
from tests.rounds import at

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def lamp(bo):
    return a_complaint(Status.ASSIGNED, by=bo)


def own(ana, complaint):
    open_link(ana, complaint)
    return ana.page(f"/my/{complaint.reference}", headers=ENGLISH)


def planned(page):
    return text_of(page.select_one(".planned")) if page.select_one(".planned") else None


def test_the_reporter_reads_the_day_and_the_sentence(lamp, bo, ana):
    plan(lamp, bo, WEDNESDAY, note="Keep the gate open.")

    page = own(ana, lamp)

    assert planned(page) == "Planned for Wednesday, 9 January 2030. Keep the gate open."
    assert "will answer by 10 January 2030" in text_of(page.select_one(".standing"))
    assert "Planned for Wednesday, 9 January 2030." in text_of(page.select_one(".timeline li"))


def test_so_does_everybody_of_a_public_report(lamp, bo, ana):
    plan(lamp, bo, WEDNESDAY, THURSDAY, note="From eight on.")

    page = ana.page(f"/complaints/{lamp.reference}", headers=ENGLISH)

    assert (
        planned(page) == "Planned for Wednesday, 9 January 2030 – Thursday, 10 January 2030. From eight on."
    )
    assert "From eight on." in text_of(page.select_one(".timeline blockquote"))


def test_a_changed_day_is_told_with_the_one_before_and_its_own_sentence(lamp, bo, ana):
    plan(lamp, bo, WEDNESDAY, note="Keep the gate open.")
    plan(lamp, bo, THURSDAY)

    page = own(ana, lamp)

    assert planned(page) == "Planned for Thursday, 10 January 2030."
    said = "Now planned for Thursday, 10 January 2030 (was Wednesday, 9 January 2030)."
    assert said in text_of(page.select_one(".timeline li"))


def test_a_day_that_is_over_is_not_hidden(lamp, bo, ana):
    plan(lamp, bo, WEDNESDAY)

    with clock.standing_at(at(10, 0, 1)):
        page = own(ana, lamp)

    assert planned(page) == "It was planned for Wednesday, 9 January 2030 and is not done yet."


@pytest.mark.parametrize("act", ["resolve", "transfer"])
def test_of_what_is_closed_or_with_another_department_no_day_is_said(lamp, bo, ana, act):
    plan(lamp, bo, WEDNESDAY)
    if act == "resolve":
        lifecycle.resolve(lamp, by=bo, result="Changed.")
    else:
        handovers.transfer(lamp, to=a_department(DRAINAGE), by=bo, reason="Water.")
    db.session.commit()

    assert planned(own(ana, lamp)) is None


def test_it_stands_beside_why_the_deadline_stands_still(lamp, bo, ana):
    pausing.pause(lamp, by=bo, cause="inspection", reason="We look at the pole.")
    plan(lamp, bo, WEDNESDAY)

    page = own(ana, lamp)

    assert planned(page) == "Planned for Wednesday, 9 January 2030."
    assert "We look at the pole." in text_of(page.select_one(".standing .note"))


def test_where_people_live_by_another_calendar_its_day_comes_first(lamp, bo, ana, monkeypatch):
    plan(lamp, bo, WEDNESDAY)
    city = queries.in_force()
    nepal = replace(city, profile=replace(city.profile, dates=(OtherCalendar.BIKRAM_SAMBAT,)))
    monkeypatch.setattr("cps.web.language.city", lambda: nepal)

    page = ana.page(f"/complaints/{lamp.reference}", headers=ENGLISH)

    assert planned(page) == "Planned for Wednesday, 25 Poush 2086 (9 January 2030)."
