"""What officials were denied: counted by the day and the route, and forgotten after two years."""

from sqlalchemy import select

from cps.kernel import clock
from cps.kernel.db import db
from cps.people import denials
from cps.people.denials import Denial, Kind
from tests.makers import an_official, later

READING, NOTING = "GET /desk/complaints/<reference>", "POST /desk/complaints/<reference>/notes"


def tried(person, *, kind=Kind.READ, route=READING, thing="7K3M-9QAW", **when):
    with clock.standing_at(later(**when)):
        denials.note(person.id, kind, route=route, thing=thing)


def rows():
    return [
        (row.route, row.times, row.thing, row.last_at)
        for row in db.session.scalars(select(Denial).order_by(Denial.day, Denial.route))
    ]


def test_a_flood_is_one_row_that_says_how_often_when_and_what_last(bo):
    for minute in range(200):
        tried(bo, thing=f"number {minute}", minutes=minute)

    assert rows() == [(READING, 200, "number 199", later(minutes=199))]


def test_each_route_and_each_day_of_the_city_has_its_own(bo):
    tried(bo)
    tried(bo, kind=Kind.CHANGE, route=NOTING, hours=1)
    tried(bo, hours=14.9)  # a minute or so before midnight in Hanoi, and after
    tried(bo, hours=15.1)

    assert [(route, times) for route, times, _thing, _at in rows()] == [
        (READING, 2),
        (NOTING, 1),
        (READING, 1),
    ]


def test_they_are_shown_by_what_was_tried_on_a_day_the_latest_first(bo):
    chi = an_official("Chi")
    tried(bo, thing="first")
    tried(bo, route="GET /desk/complaints/<reference>/preview", thing="last", hours=2)
    tried(chi, kind=Kind.CHANGE, route=NOTING, hours=1)
    tried(chi, kind=Kind.PAGE, route="GET /desk/overview", thing="", days=-1)

    with clock.standing_at(later(hours=3)):
        found, of_chi = denials.lately(), denials.lately(by=chi.id)

    assert [(one.name, one.kind, one.times, one.thing) for one in found] == [
        ("Bo", Kind.READ, 2, "last"),
        ("Chi", Kind.CHANGE, 1, "7K3M-9QAW"),
        ("Chi", Kind.PAGE, 1, ""),
    ]
    assert [one.kind for one in of_chi] == [Kind.CHANGE, Kind.PAGE]


def test_what_is_older_than_ninety_days_is_shown_no_more_and_after_two_years_it_is_gone(bo):
    tried(bo)

    with clock.standing_at(later(days=89)):
        assert len(denials.lately()) == 1
    with clock.standing_at(later(days=90)):
        assert denials.lately() == []
    with clock.standing_at(later(days=730)):
        denials.forget_denials(0)
    assert len(rows()) == 1
    with clock.standing_at(later(days=731)):
        denials.forget_denials(0)
    assert rows() == []
