"""What may lag is read from the replica, and nobody notices: who wrote sees it, and a replica that fails is left."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from cps.complaints import atlas
from cps.health import store
from cps.health.finding import State
from cps.kernel import replica
from cps.kernel.db import db
from cps.web import reading
from tests.clusters import QUICK
from tests.living import until
from tests.makers import PASSWORD, a_complaint, a_report_form
from tests.scaling.conftest import caught_up

pytestmark = pytest.mark.xdist_group("living")

HEADERS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def stands_still(standby):
    """The replica replays nothing more until the test ends."""
    return lambda: standby.ask("SELECT pg_wal_replay_pause()")


def listed(client, reference: str) -> bool:
    answer = client.get("/reports")
    assert answer.status_code == 200
    return reference in answer.get_data(as_text=True)


def filed_by(client) -> str:
    """Let a browser hand a report in; return its number."""
    answer = client.post("/complaints", data=a_report_form(), headers=HEADERS)
    assert answer.status_code == 303
    return db.session.scalars(text("SELECT reference FROM complaint ORDER BY id DESC LIMIT 1")).one()


def test_who_wrote_sees_it_at_once_and_everybody_else_when_the_replica_has_heard(
    city, behind, standby, stands_still
):
    app = behind(300)
    ana, chi = app.test_client(), app.test_client()
    caught_up(standby, app)
    stands_still()

    with city.app_context():
        number = filed_by(ana)

    assert listed(ana, number)
    assert not listed(chi, number)
    standby.ask("SELECT pg_wal_replay_resume()")
    until(lambda: listed(chi, number), seconds=20, what="the replica to hear of it")


def test_who_wrote_is_told_apart_no_longer_than_the_replica_may_be_behind(city, behind):
    answer = behind(7).test_client().post("/complaints", data=a_report_form(), headers=HEADERS)

    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"{reading.COOKIE}=")]
    assert "Max-Age=9;" in cookie


def test_an_official_who_is_signed_in_is_answered_by_the_primary(city, behind, standby, stands_still, bo):
    app = behind(300)
    bo_at_work, chi = app.test_client(), app.test_client()
    page = bo_at_work.page("/desk/sign-in")
    answer = bo_at_work.submit(page, "/desk/session", email=bo.email, password=PASSWORD)
    assert answer.status_code == 303
    bo_at_work.delete_cookie(reading.COOKIE)
    caught_up(standby, app)
    stands_still()

    number = a_complaint().reference

    assert listed(bo_at_work, number)
    assert not listed(chi, number)


def test_what_the_replica_does_not_have_the_primary_is_asked_for(city, behind, standby, stands_still):
    app = behind(300)
    chi = app.test_client()
    caught_up(standby, app)
    stands_still()

    number = a_complaint().reference

    assert chi.get(f"/complaints/{number}").status_code == 200
    assert chi.get("/complaints/AAAA-AAAA").status_code == 404


def test_a_replica_that_is_too_far_behind_is_left_until_it_has_caught_up(city, behind, standby, stands_still):
    app = behind(1)
    chi = app.test_client()
    caught_up(standby, app)
    stands_still()

    number = a_complaint().reference

    until(lambda: listed(chi, number), seconds=10, what="the replica to be left")
    assert not is_read(app)
    standby.ask("SELECT pg_wal_replay_resume()")
    until(lambda: is_read(app), seconds=20, what="the replica to be read again")


def test_a_replica_that_goes_down_is_left_at_once_and_comes_back_alone(city, behind, standby):
    app = behind(300)
    chi = app.test_client()
    number = a_complaint().reference
    caught_up(standby, app)
    assert listed(chi, number)

    standby.kill()

    assert listed(chi, number)
    assert not is_read(app)
    standby.start(**QUICK)
    until(lambda: listed(chi, number) and is_read(app), seconds=20, what="the replica to be read again")


def test_a_page_that_the_replica_breaks_off_is_answered_by_the_primary(city, behind, standby, monkeypatch):
    app = behind(300)
    number = a_complaint().reference
    caught_up(standby, app)
    with app.app_context():
        known = replica.known()
    # Known to be fresh, and gone before it is asked: nobody looks in between.
    monkeypatch.setattr(known, "is_fresh", lambda: True)
    standby.stop()

    assert listed(app.test_client(), number)


def test_the_map_does_not_forget_on_the_replica_what_the_primary_told(
    city, behind, standby, stands_still, monkeypatch
):
    app, read, really = behind(300), [], atlas._all
    ana, chi = app.test_client(), app.test_client()
    monkeypatch.setattr(atlas, "_SECONDS_TRUSTED", 0)
    monkeypatch.setattr(atlas, "_all", lambda *given: read.append(given) or really(*given))
    atlas.forget()
    caught_up(standby, app)
    stands_still()
    window = "/map/clusters.json?west=105.8&south=20.9&east=105.9&north=21.1&zoom=12"
    with city.app_context():
        filed_by(ana)
    # What it did is known for sure a look after it was seen first.
    shown = [ana.get(window).json["clusters"] for _look in range(3)][-1]
    assert len(shown) == 1
    whole = len(read)

    assert [chi.get(window).json["clusters"] for _look in range(3)] == [shown] * 3
    assert is_read(app)
    assert len(read) == whole


def test_the_doctor_says_how_the_replica_is(city, behind, standby, stands_still, settings):
    app = behind(1)
    told = app_settings(settings, standby)
    caught_up(standby, app)
    with app.app_context():
        assert store.replica(settings).state is State.OFF
        assert store.replica(told).state is State.OK
        stands_still()
        with city.app_context():
            a_complaint()
        until(
            lambda: store.replica(told).state is State.WARNING, seconds=10, what="the doctor to see the delay"
        )
        assert store.replica(told).figures["behind_bytes"] > 0
        standby.kill()
        found = store.replica(told)
        assert found.state is State.WARNING
        assert "does not answer" in found.told


def test_without_a_replica_nothing_is_noted_in_browsers(city, client):
    answer = client.post("/complaints", data=a_report_form(), headers=HEADERS)

    assert reading.COOKIE not in str(answer.headers.getlist("Set-Cookie"))


def is_read(app) -> bool:
    with app.app_context():
        known = replica.known()
        return known is not None and known.is_fresh()


def app_settings(settings, standby):
    return replace(
        settings, database_replica_url=standby.url, database_replica_seconds=1, database_url="postgresql://"
    )
