"""In a crowd who waited too long is told to come again, reports last and whoever floods first; without one nobody is."""

import pytest

from cps.observe import counts
from cps.web import admission
from cps.web.admission import Crowd, network_of

REPORT, PAGE, PHOTO = 0.35, 0.25, 0.1


@pytest.fixture(autouse=True)
def _nobody_waits():
    yield
    admission.waited(0.0)


def a_crowd(*, networks: int = 50) -> Crowd:
    crowd = Crowd()
    for turn in range(300):
        crowd.admits(f"10.0.{turn % networks}", waited=0.2, most=REPORT, now=turn / 100)
    assert crowd.is_there
    return crowd


def test_a_burst_is_answered_however_long_it_waited():
    crowd = Crowd()

    admitted = [crowd.admits("10.0.0", waited=3.0, most=PHOTO, now=turn / 500) for turn in range(400)]

    assert all(admitted)
    assert not crowd.is_there


def test_what_is_answered_soon_between_is_no_crowd():
    crowd = Crowd()

    for turn in range(1000):
        crowd.admits("10.0.0", waited=0.3 if turn % 50 else 0.0, most=PAGE, now=turn / 100)

    assert not crowd.is_there


@pytest.mark.parametrize(("most", "answered"), [(REPORT, True), (PAGE, False), (PHOTO, False)])
def test_in_a_crowd_reports_wait_longest(most, answered):
    assert a_crowd().admits("10.1.1", waited=0.3, most=most, now=3.1) is answered


def test_in_a_crowd_who_waited_too_long_is_turned_away_and_who_did_not_is_answered():
    crowd = a_crowd()

    assert not crowd.admits("10.1.1", waited=0.36, most=REPORT, now=3.1)
    assert crowd.admits("10.1.1", waited=0.09, most=PHOTO, now=3.2)


def test_in_a_crowd_a_network_that_sends_more_than_its_part_is_turned_away():
    crowd = a_crowd()
    for turn in range(100):
        crowd.admits("203.0.113", waited=0.2, most=REPORT, now=3 + turn / 1000)

    assert not crowd.admits("203.0.113", waited=0.2, most=REPORT, now=3.2)
    assert crowd.admits("10.0.1", waited=0.2, most=REPORT, now=3.2)


def test_where_nothing_waits_even_who_floods_is_answered():
    crowd = a_crowd(networks=1)

    assert crowd.admits("10.0.0", waited=0.05, most=REPORT, now=3.1)


def test_a_flood_is_forgotten_after_a_while():
    crowd = a_crowd(networks=1)
    assert not crowd.admits("10.0.0", waited=0.2, most=REPORT, now=3.1)

    for turn in range(200):
        crowd.admits(f"10.1.{turn % 100}", waited=0.2, most=REPORT, now=15 + turn / 8)

    assert crowd.admits("10.0.0", waited=0.2, most=REPORT, now=41)


def test_a_crowd_is_gone_when_nobody_has_waited_for_ten_seconds():
    crowd = a_crowd()

    crowd.admits("10.0.0", waited=0.0, most=PAGE, now=12.9)
    assert crowd.is_there
    crowd.admits("10.0.0", waited=0.0, most=PAGE, now=13.1)

    assert not crowd.is_there
    assert crowd.admits("10.0.0", waited=0.9, most=PAGE, now=13.2)


def test_not_more_networks_are_remembered_than_memory_is_for(monkeypatch):
    monkeypatch.setattr(admission, "_MOST_NETWORKS", 100)
    crowd = Crowd()

    for turn in range(1000):
        crowd.admits(f"10.{turn}", waited=0.0, most=PAGE, now=0.001 * turn)

    assert len(crowd._came) + len(crowd._came_before) <= 202


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.66", "203.0.113"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ("::ffff:203.0.113.66", "::ffff:203.0.113.66"),
        ("", ""),
    ],
)
def test_neighbours_share_a_network(address, network):
    assert network_of(address) == network


@pytest.fixture
def door(app):
    """Let there be a crowd before the door of this application, whose wrapper is found from outside in."""
    found = app.wsgi_app
    crowd, found._crowd = found._crowd, a_crowd()
    found._crowd._last_long = float("inf")
    yield found
    found._crowd = crowd


def test_who_is_turned_away_is_told_when_to_come_again_and_the_crowd_is_counted(
    app, door, monkeypatch, caplog
):
    counted = []
    monkeypatch.setattr(counts, "filing", lambda *what: counted.append(what))
    admission.waited(0.5)

    answers = [app.test_client().post("/complaints", data={"key": "x"}) for _turn in range(40)]

    assert {answer.status_code for answer in answers} == {503}
    assert all(10 <= int(answer.headers["Retry-After"]) <= 40 for answer in answers)
    assert len({answer.headers["Retry-After"] for answer in answers}) > 5
    assert "send the same form again" in answers[0].get_data(as_text=True)
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert counted == [("failed", "")] * 40
    assert [record.message for record in caplog.records] == [
        "1 requests were turned away: more came than can be answered"
    ]


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_whoever_watches_is_always_answered(app, door, path):
    admission.waited(60.0)

    assert app.test_client().get(path).status_code == 200


def test_who_waited_for_a_little_is_answered_in_a_crowd(app, door):
    admission.waited(0.05)

    assert app.test_client().get("/").status_code == 200
