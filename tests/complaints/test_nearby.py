"""What is near: open public reports of the same kind, within 250 metres, the nearest first."""

import pytest

from cps.complaints import nearby
from cps.complaints.status import Status
from cps.geo.point import Point, metres_between
from cps.geo.rounding import rounded
from tests.makers import HOAN_KIEM, a_complaint
from tests.publishing import categories

A_METRE = 1 / 110_700  # of latitude in Hanoi, in degrees


def _north(metres: float) -> Point:
    return Point(HOAN_KIEM.latitude + metres * A_METRE, HOAN_KIEM.longitude)


def _references(found) -> list[str]:
    return [near.reference for near in found]


def test_the_nearest_come_first_and_no_more_than_three(city):
    far, near, nearer, nearest = (a_complaint(point=_north(metres)) for metres in (200, 120, 60, 20))

    found = nearby.similar(a_complaint())

    assert _references(found) == [nearest.reference, nearer.reference, near.reference]
    assert far.reference not in _references(found)
    assert [one.metres for one in found] == [20, 60, 120]


@pytest.mark.parametrize(("metres", "is_near"), [(245, True), (258, False)])
def test_near_is_within_250_metres(city, metres, is_near):
    other = a_complaint(point=_north(metres))

    found = nearby.similar(a_complaint())

    assert (_references(found) == [other.reference]) is is_near


def test_the_corner_of_the_square_is_outside_the_circle(city):
    a_complaint(point=Point(HOAN_KIEM.latitude + 220 * A_METRE, HOAN_KIEM.longitude + 220 * A_METRE))

    assert nearby.similar(a_complaint()) == []


def test_of_what_may_be_a_home_neither_landmark_nor_exact_distance_is_told(city):
    a_complaint(point=_north(87))
    own = a_complaint()

    with categories("street-light", is_rounded=True):
        (found,) = nearby.similar(own)

    assert found.landmark == ""
    assert found.metres == round(metres_between(HOAN_KIEM, rounded(_north(87))), -1) != 90


def test_a_kind_that_was_made_private_since_is_not_offered(city):
    a_complaint(point=_north(20))
    own = a_complaint()

    with categories("street-light", is_public=False):
        assert nearby.similar(own) == []


def test_another_kind_is_not_the_same_problem(city):
    a_complaint(category="pothole")

    assert nearby.similar(a_complaint()) == []


@pytest.mark.parametrize(
    "status", [status for status in Status if not status.is_open and status is not Status.MERGED]
)
def test_what_has_ended_is_not_offered(city, status):
    a_complaint(status)

    assert nearby.similar(a_complaint()) == []


def test_a_private_report_is_never_shown_to_others_nor_shown_others(city):
    a_complaint(category="staff-conduct")

    assert nearby.similar(a_complaint(category="staff-conduct")) == []


def test_without_a_point_nothing_is_near(city):
    a_complaint()

    assert nearby.similar(a_complaint(point=None, landmark="ở hồ")) == []
