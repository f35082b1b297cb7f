"""A storm in small: more comes than can be answered, most of it junk from one address, and every honest report is kept.

The whole of it is `make storm`.
"""

import random

import pytest

from tests.living import a_folder, living
from tests.storm import storming
from tests.storm.storming import Plan

RATE, SECONDS, JUNK = 15, 3, 100

pytestmark = pytest.mark.xdist_group("living")


def test_every_honest_report_is_kept_though_more_comes_than_can_be_answered():
    reports, _source = storming.record(random.Random(20150401), rate=RATE, seconds=SECONDS)
    plan = Plan(reports, SECONDS, photos=0.2, junk=JUNK, gap=1, seed=20150401)

    with (
        a_folder("cps-storm-") as var,
        living(var, complaints=0, CPS_PROXIES="1", CPS_WEB_WORKERS="1", CPS_WEB_THREADS="2") as city,
    ):
        outcome = storming.lived_through(city, plan)

    told = outcome.told
    assert told.refused == []
    assert len(told.acknowledged) == len(told.sent) == RATE * SECONDS
    assert outcome.books.is_true, outcome.books
    assert len(told.photos) > 0
    assert set(told.statuses["honest"]) <= {201, 503}, "told to come again, never an error, and when"
    assert set(told.statuses["garbage"]) <= {400, 422, 503}
    assert set(told.statuses["flood"]) <= {201, 503}
    turned_away = {who: count[503] / count.total() for who, count in told.statuses.items()}
    assert turned_away["flood"] >= turned_away["honest"], turned_away
