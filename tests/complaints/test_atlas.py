"""The spots of a city: only what everybody may see, and never older than the events that changed them."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from cps.city.queries import in_force
from cps.complaints import atlas, history, lifecycle
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.complaints.spots import Wanted
from cps.complaints.status import Status
from cps.geo import cells
from cps.geo.cells import Window, covering
from cps.geo.point import Point, metres_between
from cps.geo.rounding import rounded
from cps.kernel import clock
from cps.kernel.db import db
from tests.makers import HOAN_KIEM, a_complaint, an_official

CITY = covering(Window(105, 20, 107, 22), level=12, most_per_side=64)


@pytest.fixture(autouse=True)
def _always_asked_anew(city, monkeypatch):
    monkeypatch.setattr(atlas, "_SECONDS_TRUSTED", 0)
    atlas.forget()
    yield
    atlas.forget()


def shown():
    return sorted(atlas.spots().ids.tolist())


def test_a_public_report_is_on_the_map_as_what_it_is():
    complaint = a_complaint()

    spots = atlas.spots()

    latitudes, longitudes = cells.middles(spots.keys)
    assert metres_between(Point(latitudes[0], longitudes[0]), HOAN_KIEM) < 2
    assert (spots.ids[0], spots.categories[0], spots.areas[0]) == (
        complaint.id,
        complaint.category_id,
        complaint.area_id,
    )
    assert spots.statuses[0] == atlas.STATUS_NUMBERS[Status.RECEIVED]


@pytest.mark.parametrize(
    "changes",
    [{"category": "staff-conduct"}, {"point": None}, {"status": Status.WITHDRAWN}],
    ids=["private", "without a place", "withdrawn"],
)
def test_what_is_private_or_nowhere_or_taken_back_is_not_on_the_map(changes):
    a_complaint(**changes)

    assert shown() == []


def test_what_happens_after_the_first_look_is_seen_at_the_next():
    first = a_complaint()
    before = shown()
    second = a_complaint()
    after = shown()
    lifecycle.withdraw(first)
    db.session.commit()

    assert (before, after, shown()) == ([first.id], [first.id, second.id], [second.id])


def test_a_report_that_is_answered_moves_from_open_to_answered():
    complaint = a_complaint(Status.IN_PROGRESS)
    atlas.spots()
    lifecycle.resolve(complaint, by=an_official(), result="We changed the lamp.")
    db.session.commit()

    assert atlas.spots().statuses.tolist() == [atlas.STATUS_NUMBERS[Status.RESOLVED]]


@pytest.mark.rows_by_hand
def test_a_report_made_private_is_gone_with_the_event_that_says_so():
    complaint = a_complaint()
    atlas.spots()
    complaint.is_public = False
    history.record(complaint, EventKind.NOTED, by=None, at=clock.now(), is_internal=True)
    db.session.commit()

    assert shown() == []


@pytest.mark.rows_by_hand
def test_an_event_that_ends_late_is_not_overlooked_when_later_ones_were_seen(city):
    """Events are numbered when they are written, not when they are committed."""
    late, early = a_complaint(), a_complaint()
    atlas.spots()
    with db.engine.connect() as slow:
        slow.execute(text("UPDATE complaint SET is_public = false WHERE id = :id"), {"id": late.id})
        slow.execute(
            text(
                "INSERT INTO event (complaint_id, position, kind, at, status, department_id, note, is_internal, details)"
                " SELECT id, 2, 'noted', now(), status, department_id, '', true, '{}' FROM complaint WHERE id = :id"
            ),
            {"id": late.id},
        )
        lifecycle.withdraw(early)
        db.session.commit()
        for _turn in range(3):
            meanwhile = shown()
        slow.commit()

    assert meanwhile == [late.id]
    assert shown() == []


@pytest.mark.rows_by_hand
def test_what_was_on_its_way_when_all_was_read_is_seen_when_it_has_arrived(city):
    late, early = a_complaint(), a_complaint()
    with db.engine.connect() as slow:
        slow.execute(
            text(
                "INSERT INTO event (complaint_id, position, kind, at, status, department_id, note, is_internal, details)"
                " SELECT id, 2, 'noted', now(), status, department_id, '', true, '{}' FROM complaint WHERE id = :id"
            ),
            {"id": late.id},
        )
        slow.execute(text("UPDATE complaint SET is_public = false WHERE id = :id"), {"id": late.id})
        lifecycle.withdraw(early)
        db.session.commit()
        assert shown() == [late.id]
        slow.commit()

    assert shown() == []


def test_all_is_read_anew_when_the_history_is_another(city):
    a_complaint()
    atlas.spots()
    db.session.execute(text("TRUNCATE submission, complaint, event RESTART IDENTITY CASCADE"))
    db.session.commit()

    assert shown() == []


def test_places_that_may_be_homes_are_rounded(city, monkeypatch):
    complaint = a_complaint()
    with_homes = replace(in_force(), rounded_categories=frozenset({complaint.category_id}))
    monkeypatch.setattr(atlas, "in_force", lambda: with_homes)

    latitudes, longitudes = cells.middles(atlas.spots().keys)

    assert metres_between(Point(latitudes[0], longitudes[0]), rounded(HOAN_KIEM)) < 2


def test_days_are_those_of_the_citys_zone(city):
    with clock.standing_at(datetime(2030, 1, 7, 20, 0, tzinfo=UTC)):  # the 8th in Hanoi
        a_complaint()

    (day,) = atlas.spots().days

    assert day == atlas.day_number(date(2030, 1, 8))


@pytest.mark.parametrize("at_once", [1, 2, 3, 5, 6])
def test_however_many_are_read_at_once_all_are_read_and_in_order(city, monkeypatch, at_once):
    for east in (0.004, 0, 0.003, 0.001, 0.002):
        a_complaint(point=Point(HOAN_KIEM.latitude, HOAN_KIEM.longitude + east))
    whole = atlas.spots()
    atlas.forget()
    monkeypatch.setattr(atlas, "_AT_ONCE", at_once)

    read = atlas.spots()

    assert len(read) == 5
    assert read.keys.tolist() == sorted(read.keys.tolist())
    for column in fields(read):
        found = getattr(read, column.name)
        assert found.tolist() == getattr(whole, column.name).tolist(), column.name
        assert found.dtype == getattr(whole, column.name).dtype, column.name


def test_within_a_second_nothing_is_asked_again(city, monkeypatch):
    monkeypatch.setattr(atlas, "_SECONDS_TRUSTED", 60)
    atlas.spots()
    a_complaint()

    assert shown() == []
    assert db.session.query(Complaint).count() == 1


def test_each_filter_counts_its_own(city):
    a_complaint(), a_complaint(Status.RESOLVED)

    spots = atlas.spots()
    answered = Wanted(statuses=[atlas.STATUS_NUMBERS[status] for status in atlas.ANSWERED])

    assert sum(cluster.count for cluster in spots.clusters(CITY, answered)) == 1
    assert sum(cluster.count for cluster in spots.clusters(CITY, Wanted())) == 2
