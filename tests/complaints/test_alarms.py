"""What cannot wait: words of danger, and many reports of one thing within half an hour; told at once, and calmed by hand."""

import pytest
from sqlalchemy import select

from cps.city.queries import in_force
from cps.complaints import alarms, history, lifecycle, queries, queue_counts
from cps.complaints.alarms import Why
from cps.complaints.kinds import EventKind
from cps.complaints.views import Day, View
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.notify import tasks
from cps.notify.models import Message
from cps.people.models import Role
from tests.makers import HOAN_KIEM, MONDAY, a_complaint, an_official, later
from tests.pageclient import text_of


def _danger() -> str:
    return in_force().profile.asks.emergency.by_language["vi"][0]


def _announced(*complaints):
    for complaint in complaints:
        tasks.write([history.of(complaint)[0].id])
    db.session.commit()


def _three(*, minutes: float = 10, **changes):
    """Three reports of one kind at one place, so many minutes apart."""
    found = []
    for number in range(3):
        with clock.standing_at(later(minutes=number * minutes)):
            found.append(a_complaint(contact=None, **changes))
            _announced(found[-1])
    return found


def test_words_of_danger_raise_the_alarm(city):
    calm, danger = a_complaint(), a_complaint(words=f"Cẩn thận: {_danger()}!")

    _announced(calm, danger)

    assert (calm.alarm, danger.alarm) == (None, Why.WORDS)
    assert history.of(danger)[-1].kind is EventKind.ALARMED


def test_the_third_of_a_kind_at_one_place_within_half_an_hour_does_too_and_no_other(city):
    first, second, third = _three()
    with clock.standing_at(later(minutes=25)):
        fourth = a_complaint(contact=None)
        _announced(fourth)

    assert [one.alarm for one in (first, second, third, fourth)] == [None, None, Why.MANY, None]


@pytest.mark.parametrize(
    "apart",
    [
        {"minutes": 16},
        {"point": None, "area": "00070", "landmark": "Hồ Gươm"},
    ],
)
def test_what_is_apart_in_time_or_nowhere_raises_none(city, apart):
    if "area" in apart:
        apart["area"] = next(iter(in_force().area_ids))

    assert [one.alarm for one in _three(**apart)] == [None, None, None]


@pytest.mark.parametrize(
    "third",
    [
        {"point": Point(HOAN_KIEM.latitude + 0.002, HOAN_KIEM.longitude)},
        {"point": Point(HOAN_KIEM.latitude, HOAN_KIEM.longitude + 0.002)},
        {"category": "noise"},
    ],
)
def test_a_third_that_is_apart_in_place_or_kind_raises_none(city, third):
    found = [a_complaint(), a_complaint(), a_complaint(**third)]

    _announced(*found)

    assert {one.alarm for one in found} == {None}


def test_heads_are_told_at_once_and_citizens_are_not(city):
    head = an_official("Hoa", role=Role.HEAD)
    danger = a_complaint(words=_danger(), contact=None)
    _announced(danger)
    event = history.of(danger)[-1]

    tasks.write([event.id])
    mails = db.session.scalars(select(Message).where(Message.event_id == event.id)).all()

    assert [mail.address for mail in mails] == [head.email]
    assert danger.reference in mails[0].subject
    assert event.is_internal


def test_an_announcement_that_runs_twice_raises_one_alarm(city):
    danger = a_complaint(words=_danger())

    _announced(danger, danger)

    assert [event.kind for event in history.of(danger)].count(EventKind.ALARMED) == 1


def test_an_official_calms_it_and_it_stays_calm(city):
    bo, danger = an_official(), a_complaint(words=_danger())
    _announced(danger)

    alarms.calm(danger, by=bo)
    calmed = history.of(danger)[-1]
    _announced(danger)

    assert danger.alarm is None
    assert calmed.by_id == bo.id
    with pytest.raises(Refused):
        alarms.calm(danger, by=bo)


def test_it_is_in_the_view_of_its_department_until_it_is_closed(city):
    bo, danger = an_official(), a_complaint(words=_danger())
    a_complaint()
    _announced(danger)
    day = Day(MONDAY, MONDAY)

    before = [row.id for row in queries.queue(bo, View.ALARM, day=day).rows]
    counted = queue_counts.counted(bo, day=day).of[View.ALARM]
    lifecycle.resolve(danger, by=bo, result="Fenced off.")
    db.session.flush()

    assert (before, counted) == ([danger.id], 1)
    assert queries.queue(bo, View.ALARM, day=day).rows == []


def test_the_desk_says_so_above_everything_and_it_is_calmed_with_one_button(city, signed_in):
    danger = a_complaint(words=_danger())
    _announced(danger)
    browser = signed_in(an_official())

    queue = browser.page("/desk?view=new")
    screen = browser.page(f"/desk/complaints/{danger.reference}")
    answer = browser.submit(screen, "/alarms/end")

    assert "1 report may be urgent." in text_of(queue.select_one(".urgent"))
    assert "Urgent" in text_of(queue.select_one("tbody tr .tag-urgent"))
    assert "Marked as urgent" in text_of(screen.select_one(".history"))
    assert answer.status_code == 303
    assert browser.page("/desk?view=new").select_one(".urgent") is None


def test_who_has_it_open_is_not_stopped_by_the_alarm(city):
    danger = a_complaint(words=_danger())
    version = danger.version
    _announced(danger)

    lifecycle.expect_version(danger, version)
    assert danger.version > version
