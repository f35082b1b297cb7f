"""Suggestions: offered once a model did well, never for what has ended, never of too few words."""

import pytest

from cps.complaints.status import Status
from cps.kernel.db import db
from cps.suggesting import queries
from cps.suggesting.learning import learned
from tests.makers import a_complaint
from tests.suggesting.test_learning import _reports

GOOD = {"learned": 240, "tested": 60, "accuracy": 0.9, "in_three": 1.0, "commonest": 0.4}
WORDS = "Đèn đường trước nhà không sáng"


@pytest.fixture(autouse=True)
def _read_anew(city):
    queries.forget()
    yield
    queries.forget()


@pytest.fixture(scope="module")
def weights():
    suggesting, _outcome = learned(_reports(300))
    return suggesting.as_bytes()


def _keep(weights, **changes):
    queries.keep(weights, **{**GOOD, **changes})
    db.session.commit()


def test_words_are_answered_with_what_they_probably_mean(weights):
    _keep(weights)

    assert queries.suggested(WORDS) == "street-light"


def test_a_city_without_a_model_suggests_nothing():
    assert queries.suggested(WORDS) is None


@pytest.mark.parametrize(
    "figures", [{"accuracy": 0.49, "commonest": 0.1}, {"accuracy": 0.8, "commonest": 0.75}], ids=str
)
def test_a_model_that_did_badly_is_not_offered(weights, figures):
    _keep(weights, **figures)

    assert queries.suggested(WORDS) is None


def test_what_could_be_anything_is_not_guessed(weights):
    _keep(weights)

    assert queries.suggested("xin chào quý cơ quan") is None


def test_a_kind_that_the_city_does_not_have_is_not_suggested(weights):
    _keep(weights)

    # "hole-in-road" is what the model calls it, and Hanoi does not.
    assert queries.suggested("Ổ gà sâu trên mặt đường") is None


def test_learned_from_is_what_was_resolved_with_words_the_newest_last():
    first = a_complaint(Status.RESOLVED, words="Đèn đường hỏng một")
    a_complaint(Status.DECLINED)
    a_complaint()
    a_complaint(Status.RESOLVED, words="ngắn")
    last = a_complaint(Status.RESOLVED, category="noise", words="Loa kẹo kéo quá to")

    assert queries.decided() == [(first.words, "street-light"), (last.words, "noise")]
