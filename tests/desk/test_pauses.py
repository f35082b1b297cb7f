"""Pauses and priorities at the desk."""

from dataclasses import replace

import pytest

from cps.city import queries
from cps.complaints import pausing, priorities
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import as_it_is, screen_of
from tests.makers import MONDAY, a_complaint, an_official, later
from tests.pageclient import text_of


@pytest.fixture
def begun(city):
    return a_complaint(Status.IN_PROGRESS, by=an_official("Eve"))


@pytest.fixture
def dee(city):
    return an_official("Dee", department="pcc", role=Role.COORDINATOR)


def test_an_official_pauses_and_the_desk_says_so_until_it_runs_again(begun, signed_in):
    browser = signed_in(an_official())
    page = browser.page(screen_of(begun))

    paused = browser.submit(page, "/pauses", cause="inspection", reason="We look at the pole.")
    screen = browser.page(screen_of(begun))
    line = browser.page("/desk").select_one("td .chip")
    resumed = browser.submit(screen, "/resumptions")

    assert (paused.status_code, resumed.status_code) == (303, 303)
    facts = text_of(screen.select_one(".facts"))
    assert "paused" in facts
    assert "Inspection on site, until 21 January 2030 at the latest" in facts
    assert (text_of(line), "chip-paused" in line["class"]) == ("paused", True)
    assert "Paused: Inspection on site" in text_of(screen.select_one(".history"))
    assert "The deadline runs again" in text_of(browser.page(screen_of(begun)).select_one(".history"))
    assert as_it_is(begun).paused_since is None


def test_each_cause_says_how_long_at_most_and_the_system_is_the_coordinators(begun, signed_in, dee):
    officer, coordinator = (
        [option.get_text() for option in signed_in(who).page(screen_of(begun)).select("#pauses-cause option")]
        for who in (an_official(), dee)
    )

    assert officer == [
        "Inspection on site (at most 14 calendar days in all)",
        "Another office checks (at most 10 working days in all)",
    ]
    assert coordinator == [*officer, "Our system does not work (at most 5 working days in all)"]


def test_what_is_missing_is_said_and_the_choice_is_kept(begun, signed_in):
    browser = signed_in(an_official())

    answer = browser.submit(browser.page(screen_of(begun)), "/pauses", cause="other_body", reason=" ")

    assert answer.status_code == 422
    assert as_it_is(begun).paused_since is None
    assert '<option value="other_body" selected>' in answer.text


def test_two_who_pause_at_once_pause_once(begun, signed_in):
    browser = signed_in(an_official())
    page = browser.page(screen_of(begun))
    pausing.pause(begun, by=an_official("Abe"), cause="other_body", reason="We ask.")
    db.session.commit()

    answer = browser.submit(page, "/pauses", cause="inspection", reason="We look.")

    assert answer.status_code == 409
    assert as_it_is(begun).pause_cause == "other_body"


def test_nothing_is_paused_that_waits_is_new_or_late(city, signed_in):
    bo = an_official()
    browser = signed_in(bo)
    late = a_complaint(Status.IN_PROGRESS, by=bo)
    with clock.standing_at(later(days=9)):
        browser = signed_in(bo)
        offered = [browser.page(screen_of(late)).select_one("#pauses")]
    offered += [browser.page(screen_of(a_complaint(s, by=bo))).select_one("#pauses") for s in NOT_PAUSED]

    assert offered == [None] * (1 + len(NOT_PAUSED))


NOT_PAUSED = [Status.RECEIVED, Status.WAITING, Status.RESOLVED]


def test_an_official_makes_it_urgent_and_everybody_sees_that(begun, signed_in):
    browser = signed_in(an_official())
    page = browser.page(screen_of(begun))
    choices = [option.get_text() for option in page.select("#priorities-priority option")]

    answer = browser.submit(page, "/priorities", priority="urgent", reason="Children walk here.")

    assert choices == ["Normal", "Urgent (4 working hours from receipt)"]
    assert answer.status_code == 303
    screen, queue = browser.page(screen_of(begun)), browser.page("/desk")
    assert text_of(screen.select_one(".facts .tag-priority")) == "Urgent"
    assert text_of(queue.select_one("td .tag-priority")) == "Urgent"
    assert "4 working hours" in text_of(screen.select_one(".facts"))
    assert screen.select_one("#priorities-priority option[selected]")["value"] == "urgent"
    assert as_it_is(begun).due_at == MONDAY.replace(hour=14)


def test_a_priority_is_taken_back_with_a_reason(begun, signed_in):
    priorities.prioritise(begun, to="urgent", by=an_official("Abe"), reason="Danger.")
    db.session.commit()
    browser = signed_in(an_official())

    without = browser.submit(browser.page(screen_of(begun)), "/priorities", priority="", reason="")
    answer = browser.submit(browser.page(screen_of(begun)), "/priorities", priority="", reason="No danger.")

    assert (without.status_code, answer.status_code) == (422, 303)
    assert as_it_is(begun).priority is None


def test_a_city_without_priorities_offers_none(begun, signed_in, monkeypatch):
    found = queries.in_force()
    clocks = replace(found.profile.clocks, priorities=())
    plain = replace(found, profile=replace(found.profile, clocks=clocks))
    monkeypatch.setattr("cps.web.language.city", lambda: plain)

    page = signed_in(an_official()).page(screen_of(begun))

    assert page.select_one("#priorities") is None
