"""The day's mail about places: once a day, only with news, only what everybody may see."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cps.city.queries import in_force
from cps.complaints import lifecycle
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import alerts, placenews
from cps.notify.alerts import Place
from cps.notify.models import Alert, Message, Subscriber
from tests.makers import HOAN_KIEM, MONDAY, a_complaint, later
from tests.publishing import categories

_EVE = "eve@citizen.example"


@pytest.fixture
def eve(city):
    """Eve, who confirmed on Monday that she wants mails about the lake's ward."""
    return _subscribed(Place(area_id=in_force().area_ids["00070"]))


def _subscribed(place, email=_EVE):
    alerts.ask(email, place, language="en")
    subscriber = db.session.scalars(select(Subscriber).where(Subscriber.email == email)).one()
    for alert in subscriber.alerts:
        alerts.confirm(alert)
    db.session.execute(Message.__table__.delete())
    db.session.commit()
    return subscriber


def _round(moment):
    with clock.standing_at(moment):
        placenews.begin_place_news(0)
        db.session.commit()
    return db.session.scalars(select(Message).order_by(Message.written_at)).all()


def _reported(moment=None, **changes):
    with clock.standing_at(moment or later(hours=1)):
        return a_complaint(**changes)


TOMORROW = later(days=1)


def test_the_next_morning_tells_what_was_reported_there(eve):
    complaint = _reported()

    (letter,) = _round(TOMORROW)

    assert (letter.address, letter.language) == (_EVE, "en")
    assert letter.subject == "New reports at the places you chose"
    assert "== Hoan Kiem Ward · All categories" in letter.body
    assert "Street light · Hoan Kiem Ward · cạnh tháp bút" in letter.body
    assert f"http://localhost/complaints/{complaint.reference}" in letter.body
    assert f"/alerts/{alerts.secret_of(eve)}" in letter.body
    assert letter.unsubscribe == f"http://localhost/alerts/{alerts.secret_of(eve)}/endings"


def test_there_is_one_mail_a_day_and_nothing_is_told_twice(eve):
    _reported()
    _round(TOMORROW)
    later_one = _reported(TOMORROW + timedelta(hours=1))

    assert len(_round(TOMORROW + timedelta(hours=3))) == 1
    letters = _round(TOMORROW + timedelta(days=1))
    assert len(letters) == 2
    assert later_one.reference in letters[1].body
    assert letters[1].body.count("/complaints/") == 1


def test_without_news_there_is_no_mail(eve):
    assert _round(TOMORROW) == []


def test_nobody_is_written_to_before_seven(eve):
    _reported()

    assert _round(TOMORROW.replace(hour=6, minute=59)) == []
    assert len(_round(TOMORROW.replace(hour=7))) == 1


@pytest.mark.parametrize("changes", [{"category": "noise"}, {"point": None, "area": "00004"}])
def test_what_is_private_or_elsewhere_is_no_news(eve, changes):
    _reported(**changes)

    assert _round(TOMORROW) == []


def test_what_was_withdrawn_meanwhile_is_no_news(eve):
    lifecycle.withdraw(_reported())
    db.session.commit()

    assert _round(TOMORROW) == []


def test_what_was_there_before_the_confirmation_is_no_news(city):
    _reported(MONDAY - timedelta(hours=1))
    _subscribed(Place(area_id=in_force().area_ids["00070"]))

    assert _round(TOMORROW) == []


def test_a_wish_may_be_about_one_category(city):
    ids = in_force()
    _subscribed(Place(area_id=ids.area_ids["00070"], category_id=ids.category_ids["pothole"]))
    _reported()
    hole = _reported(category="pothole")

    (letter,) = _round(TOMORROW)

    assert letter.body.count("/complaints/") == 1
    assert hole.reference in letter.body


@pytest.mark.parametrize(("radius", "count"), [(500, 1), (250, 0)])
def test_a_wish_may_be_about_a_circle(city, radius, count):
    north = type(HOAN_KIEM)(HOAN_KIEM.latitude + 400 / 111_000, HOAN_KIEM.longitude)
    _subscribed(Place(point=north, radius_m=radius))
    _reported()

    assert len(_round(TOMORROW)) == count


def test_circles_do_not_find_out_where_a_home_is(city):
    with categories("street-light", is_rounded=True):
        _subscribed(Place(point=HOAN_KIEM, radius_m=10))
        _reported()
        letters = _round(TOMORROW)

    assert letters == []


def test_many_news_are_cut_short(eve):
    for _turn in range(placenews._SHOWN + 1):
        _reported()

    (letter,) = _round(TOMORROW)

    assert letter.body.count("/complaints/") == placenews._SHOWN
    assert "There are more." in letter.body


def test_more_addresses_than_one_turn_takes_get_their_mail(city, monkeypatch):
    for number in range(3):
        _subscribed(Place(area_id=in_force().area_ids["00070"]), email=f"{number}@citizen.example")
    _reported()
    monkeypatch.setattr(placenews, "_AT_ONCE", 2)

    assert len(_round(TOMORROW)) == 2
    assert len(_round(TOMORROW)) == 3


def test_what_nobody_confirmed_is_forgotten_after_three_days(city):
    alerts.ask(_EVE, Place(area_id=in_force().area_ids["00070"]), language="vi")
    db.session.commit()

    _round(later(days=2))
    kept = db.session.scalar(select(func.count()).select_from(Alert))
    _round(later(days=4))

    assert kept == 1
    assert db.session.scalar(select(func.count()).select_from(Subscriber)) == 0
