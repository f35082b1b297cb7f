"""Who else has a report open: told within seconds, gone when they leave, and never to citizens."""

from datetime import timedelta

import pytest

from cps.complaints import presence
from cps.complaints.attached import Viewer
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import screen_of
from tests.makers import DRAINAGE, MONDAY, a_complaint, an_official
from tests.pageclient import text_of

HEADERS = {"Sec-Fetch-Site": "same-origin"}


def beat(browser, complaint, act="here"):
    token = browser.page("/desk/keys").select_one("input[name=csrf_token]")["value"]
    return browser.post(
        f"{screen_of(complaint)}/presence", data={"csrf_token": token, "act": act}, headers=HEADERS
    )


@pytest.fixture
def both(city, signed_in):
    """Bo and Eve, who have the same report before them."""
    complaint = a_complaint()
    bo, eve = signed_in(an_official()), signed_in(an_official("Eve"))
    beat(bo, complaint)
    beat(eve, complaint)
    return complaint, bo, eve


def test_each_is_told_of_the_other_and_not_of_themselves(both):
    complaint, bo, eve = both

    assert beat(bo, complaint).json["words"] == "Eve has this report open too."
    assert beat(eve, complaint).json["words"] == "Bo has this report open too."
    assert not beat(bo, complaint).json["is_typing"]


def test_who_types_is_told_for_a_few_seconds(both):
    complaint, bo, eve = both

    beat(eve, complaint, "typing")
    at_once = beat(bo, complaint).json
    with clock.standing_at(MONDAY + timedelta(seconds=5)):
        soon = beat(bo, complaint).json
    with clock.standing_at(MONDAY + timedelta(seconds=7)):
        later = beat(bo, complaint).json

    assert (at_once["words"], at_once["is_typing"]) == ("Eve is typing.", True)
    assert soon["is_typing"]
    assert (later["words"], later["is_typing"]) == ("Eve has this report open too.", False)


def test_who_leaves_is_gone_and_who_is_silent_is_gone_after_a_while(both):
    complaint, bo, eve = both

    with clock.standing_at(MONDAY + timedelta(seconds=24)):
        still = beat(bo, complaint).json["words"]
    with clock.standing_at(MONDAY + timedelta(seconds=26)):
        silent = beat(bo, complaint).json["words"]
    with clock.standing_at(MONDAY + timedelta(seconds=27)):
        beat(eve, complaint)
        back = beat(bo, complaint).json["words"]
        assert beat(eve, complaint, "leaving").status_code == 204
        left = beat(bo, complaint).json["words"]

    assert still == back == "Eve has this report open too."
    assert silent == left == ""


def test_a_page_tells_it_without_scripts_and_another_report_does_not(both, signed_in):
    complaint, bo, _eve = both
    other = a_complaint()

    page = bo.page(screen_of(complaint))

    assert "Eve has this report open too." in text_of(page.select_one(".presence-others"))
    assert bo.page(screen_of(other)).select_one(".presence-others").has_attr("hidden")


def test_the_queue_names_who_has_a_report_open(both, signed_in):
    _complaint, bo, _eve = both
    third = signed_in(an_official("Gia"))

    with clock.standing_at(MONDAY + timedelta(seconds=30)):
        gone = third.page("/desk").select_one(".tag-here")

    assert text_of(third.page("/desk").select_one(".tag-here")).endswith("Bo, Eve")
    assert text_of(bo.page("/desk").select_one(".tag-here")).endswith("Open at: Eve")
    assert gone is None


def test_it_tells_the_version_that_the_report_has_now(both):
    complaint, bo, eve = both
    before = beat(eve, complaint).json["version"]

    bo.submit(bo.page(screen_of(complaint)), f"{screen_of(complaint)}/notes", note="We go there today.")

    assert beat(eve, complaint).json["version"] == before + 1


def test_nobody_is_told_of_a_report_they_may_not_read(city, signed_in):
    complaint = a_complaint(category="noise")

    assert beat(signed_in(an_official("Chi", department=DRAINAGE)), complaint).status_code == 404
    assert beat(signed_in(an_official("Dee", role=Role.COORDINATOR)), complaint).status_code == 200


def test_many_are_counted(city, signed_in):
    complaint = a_complaint()
    for name in ("An", "Binh", "Chi", "Dung", "Eve"):
        presence.beat(complaint.id, an_official(name))
    db.session.commit()

    words = beat(signed_in(an_official()), complaint).json["words"]

    assert words == "An, Binh, Chi +2 have this report open too."


def test_who_only_looks_is_written_down_seldom(both):
    complaint, bo, _eve = both

    def written() -> list[object]:
        db.session.rollback()
        return [viewer.seen_at for viewer in db.session.query(Viewer).order_by(Viewer.person_id)]

    with clock.standing_at(MONDAY + timedelta(seconds=5)):
        beat(bo, complaint)
    soon = written()
    with clock.standing_at(MONDAY + timedelta(seconds=7)):
        beat(bo, complaint)

    assert soon == [MONDAY, MONDAY]
    assert sorted(written()) == [MONDAY, MONDAY + timedelta(seconds=7)]


def test_they_are_forgotten_within_the_hour(both):
    with clock.standing_at(MONDAY + timedelta(minutes=59)):
        presence.forget_viewers(0)
    kept = db.session.query(Viewer).count()
    with clock.standing_at(MONDAY + timedelta(minutes=61)):
        presence.forget_viewers(0)

    assert (kept, db.session.query(Viewer).count()) == (2, 0)
