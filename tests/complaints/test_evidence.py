"""Photos that prove what they must, and what is told of those that do not."""

from datetime import timedelta

import pytest

from cps.city.asking import Evidence
from cps.complaints.evidence import Lack, judged
from tests.makers import MONDAY

TWO = Evidence(photos=2, interval=1, fresh=30, fallback="other")


def before(**parts):
    return MONDAY - timedelta(**parts)


@pytest.mark.parametrize(
    ("moments", "lacks"),
    [
        ([before(minutes=3), before(minutes=1)], []),
        ([before(minutes=1), before(minutes=3)], []),
        ([before(minutes=3)], [Lack.PHOTOS]),
        ([], [Lack.PHOTOS]),
        ([before(minutes=3), None], [Lack.MOMENTS]),
        ([before(minutes=2), before(seconds=61)], [Lack.INTERVAL]),
        ([before(minutes=31), before(minutes=1)], [Lack.FRESH]),
        ([before(minutes=1), MONDAY + timedelta(minutes=6)], [Lack.FRESH]),
        ([before(minutes=40), before(minutes=40)], [Lack.INTERVAL, Lack.FRESH]),
    ],
)
def test_what_photos_of_these_moments_lack(moments, lacks):
    assert judged(TWO, moments, MONDAY) == lacks


def test_where_only_the_number_counts_no_photo_must_say_when():
    assert judged(Evidence(2, 0, 0, "other"), [None, None], MONDAY) == []
