"""What else was reported around a report lately: of every kind, open and closed, as far as an official may read it."""

import pytest

from cps.complaints import surroundings
from cps.complaints.status import Status
from cps.geo.point import Point, metres_between
from cps.geo.rounding import rounded
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from tests.complaints.copies import copy_many
from tests.makers import DRAINAGE, HOAN_KIEM, a_complaint, an_official, later
from tests.publishing import categories

A_METRE = 1 / 110_700  # of latitude in Hanoi, in degrees


def north(metres):
    return Point(HOAN_KIEM.latitude + metres * A_METRE, HOAN_KIEM.longitude)


def numbers(complaint, by):
    return [one.reference for one in surroundings.of(complaint, by=by).nearest]


def test_the_nearest_come_first_of_every_kind_open_and_closed(bo):
    far = a_complaint(Status.RESOLVED, by=bo, point=north(200))
    near = a_complaint(category="drains", point=north(20))
    middle = a_complaint(Status.DECLINED, by=bo, point=north(90), words="A long story.")
    own = a_complaint()

    found = surroundings.of(own, by=bo)

    assert [one.reference for one in found.nearest] == [near.reference, middle.reference, far.reference]
    assert [one.metres for one in found.nearest] == [20, 90, 200]
    assert (found.nearest[1].status, found.nearest[1].words) == (Status.DECLINED, "A long story.")
    assert found.more == 0


@pytest.mark.parametrize(("metres", "is_near"), [(245, True), (258, False)])
def test_near_is_within_250_metres(bo, metres, is_near):
    other = a_complaint(point=north(metres))

    assert (numbers(a_complaint(), bo) == [other.reference]) is is_near


@pytest.mark.parametrize(("metres", "is_near"), [(245, True), (258, False)])
def test_it_is_as_far_to_the_east_where_degrees_are_narrower(bo, metres, is_near):
    other = a_complaint(point=Point(HOAN_KIEM.latitude, HOAN_KIEM.longitude + metres / 103_945))

    assert (numbers(a_complaint(), bo) == [other.reference]) is is_near


def test_the_corner_of_the_square_is_outside_the_circle(bo):
    a_complaint(point=Point(HOAN_KIEM.latitude + 220 * A_METRE, HOAN_KIEM.longitude + 220 * A_METRE))

    assert numbers(a_complaint(), bo) == []


def test_lately_is_within_thirty_days(bo):
    other = a_complaint()
    with clock.standing_at(later(days=29)):
        own = a_complaint()
        assert numbers(own, bo) == [other.reference]
    with clock.standing_at(later(days=31)):
        assert numbers(own, bo) == []


def test_ten_are_shown_and_the_others_counted(bo):
    for _ in range(12):
        a_complaint()
    own = a_complaint()

    found = surroundings.of(own, by=bo)

    assert (len(found.nearest), found.more) == (10, 2)
    assert own.reference not in [one.reference for one in found.nearest]


def test_only_what_an_official_may_read_is_there(bo):
    own = a_complaint()
    private = a_complaint(category="staff-conduct")
    dee = an_official("Dee", role=Role.COORDINATOR)

    assert numbers(own, bo) == []
    assert numbers(own, dee) == [private.reference]


def test_of_what_may_be_a_home_only_who_works_on_it_is_told_the_exact_distance(bo):
    a_complaint(point=north(87))
    own = a_complaint()
    chi = an_official("Chi", department=DRAINAGE)

    with categories("street-light", is_rounded=True):
        [[ours], [theirs]] = [surroundings.of(own, by=who).nearest for who in (bo, chi)]

    assert ours.metres == 90
    assert theirs.metres == round(metres_between(HOAN_KIEM, rounded(north(87))), -1) != 90


def test_around_what_has_no_place_nothing_is(bo):
    a_complaint()

    assert numbers(a_complaint(point=None, landmark="ở hồ"), bo) == []


def test_it_is_read_from_the_index_of_places(bo):
    own = a_complaint()
    copy_many(
        3000,
        latitude="21 + claimed.number % 100 * 0.001",
        longitude="105.8 + claimed.number / 100 % 100 * 0.001",
    )
    compiled = surroundings.around(own.point, but=own.id).compile(db.engine)

    rows = db.session.connection().exec_driver_sql("EXPLAIN " + str(compiled), compiled.params)
    said = "\n".join(row[0] for row in rows)

    assert "ix_complaint_around" in said, said
