"""Ratings: one tap, then why; what counts is the latest word on the present result."""

import pytest

from cps.complaints import history, lifecycle, ratings, reopening
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel.errors import Invalid, Refused
from tests.makers import a_complaint, an_official


def _counts(complaint):
    return ratings.latest(history.of(complaint))


def test_a_result_is_rated_and_then_explained(city):
    complaint = a_complaint(Status.RESOLVED)

    ratings.rate(complaint, score=5)
    ratings.rate(complaint, score=5, words="Quick.")

    assert (_counts(complaint).score, _counts(complaint).words) == (5, "Quick.")


def test_the_same_tap_twice_is_one_rating(city):
    complaint = a_complaint(Status.RESOLVED)

    ratings.rate(complaint, score=3)
    again = ratings.rate(complaint, score=3)

    assert again is None
    assert [event.kind for event in history.of(complaint)].count(EventKind.RATED) == 1


def test_a_new_result_has_no_rating_yet(city):
    bo, complaint = an_official(), a_complaint(Status.RESOLVED)
    ratings.rate(complaint, score=1)
    reopening.reopen(complaint, words="Still dark.")
    lifecycle.resolve(complaint, by=bo, result="Now with a new lamp.")

    assert _counts(complaint) is None


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_PROGRESS, Status.WITHDRAWN])
def test_there_is_nothing_to_rate_without_a_result(city, status):
    with pytest.raises(Refused):
        ratings.rate(a_complaint(status), score=5)


@pytest.mark.parametrize("score", [0, 2, 6])
def test_only_the_faces_can_be_chosen(city, score):
    with pytest.raises(Invalid):
        ratings.rate(a_complaint(Status.RESOLVED), score=score)
