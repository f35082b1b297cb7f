"""Reports counted by area on the map of any day: the sums of all maps agree."""

from datetime import date, timedelta

import pytest

from cps.city.load import load
from cps.complaints import area_counts, filing, lifecycle
from cps.kernel import clock
from cps.kernel.db import db
from tests.complaints.reformed import IN_EAST, IN_NORTH, IN_SOUTH, after, an_area, reorganised
from tests.makers import MONDAY, a_report

BEFORE, AFTER = date(2030, 1, 6), date(2030, 1, 7)

pytestmark = pytest.mark.usefixtures("no_city")


@pytest.fixture
def town(profile):
    load(profile)
    return profile


def a_complaint(**changes):
    values = {"category": "noise", "point": IN_NORTH, "language": "en", **changes}
    complaint = filing.file(a_report(**values)).complaint
    db.session.flush()
    return complaint


def received(day, **period):
    return {count.code: count.received for count in area_counts.counts(day, **period) if count.received}


def sums(day):
    counts = area_counts.counts(day)
    return tuple(sum(getattr(count, what) for count in counts) for what in ("received", "open", "resolved"))


def test_both_maps_are_there_with_their_own_areas(town):
    reorganised(after(town))

    assert [count.code for count in area_counts.counts(BEFORE)] == ["west", "east", ""]
    assert [count.code for count in area_counts.counts(AFTER)] == ["north", "south", "east", ""]


def test_a_rehomed_report_counts_where_it_was_and_where_it_is(town):
    a_complaint()
    reorganised(after(town))

    assert received(BEFORE) == {"west": 1}
    assert received(AFTER) == {"north": 1}


def test_a_report_closed_before_counts_by_its_point_on_the_new_map(town):
    lifecycle.withdraw(a_complaint(point=IN_NORTH))
    reorganised(after(town))

    assert received(AFTER) == {"north": 1}


def test_a_report_closed_before_without_a_point_counts_with_the_main_successor(town):
    lifecycle.withdraw(a_complaint(point=None, area="west"))
    reorganised(after(town), areas={"west": ("north", "south")})

    assert received(AFTER) == {"north": 1}


def test_a_report_filed_after_counts_by_its_point_on_the_old_map(town):
    reorganised(after(town))
    a_complaint(point=IN_SOUTH)

    assert received(BEFORE) == {"west": 1}


def test_a_report_filed_after_without_a_point_counts_in_the_area_that_held_most_of_its_own(town):
    reorganised(after(town))
    a_complaint(point=None, area="south")

    assert received(BEFORE) == {"west": 1}


def test_a_report_on_an_old_map_keeps_the_area_it_had_whatever_its_point_says(town):
    complaint = a_complaint(point=IN_NORTH)
    complaint.latitude, complaint.longitude = IN_EAST.latitude, IN_EAST.longitude
    reorganised(after(town))

    assert received(BEFORE) == {"west": 1}


def test_a_report_without_area_and_point_counts_nowhere_but_in_the_sum(town):
    a_complaint(point=None, area=None, landmark="At the bridge")
    reorganised(after(town))

    assert received(BEFORE) == received(AFTER) == {"": 1}


def test_the_sums_of_all_maps_agree(town):
    for n in range(4):
        one = a_complaint(point=(IN_NORTH, IN_SOUTH, IN_EAST, None)[n], area="west")
        a_complaint(point=None, area=("west", "east")[n % 2])
        lifecycle.withdraw(one)
    reorganised(after(town))
    with clock.standing_at(MONDAY + timedelta(days=10)):
        whole = an_area("centre", "Centre", town.areas[0].polygon.union(town.areas[1].polygon))
        reorganised(after(town, areas=(whole,)), digest="two", day=date(2030, 1, 17))
        a_complaint()

    assert sums(BEFORE) == sums(AFTER) == sums(date(2030, 1, 17)) == (9, 5, 0)


def test_open_and_resolved_are_told_apart(town):
    a_complaint()
    lifecycle.withdraw(a_complaint())

    (west, *_rest) = area_counts.counts(BEFORE)

    assert (west.code, west.received, west.open, west.resolved) == ("west", 2, 1, 0)


def test_only_what_was_received_in_the_time_asked_for_counts(town):
    a_complaint()
    with clock.standing_at(MONDAY + timedelta(days=2)):
        a_complaint()

    assert received(BEFORE, since=date(2030, 1, 7), until=date(2030, 1, 8)) == {"west": 1}
    assert received(BEFORE, since=date(2030, 1, 8)) == {"west": 1}
    assert received(BEFORE, until=date(2030, 1, 9)) == {"west": 2}
    assert received(BEFORE, until=date(2030, 1, 6)) == {}
