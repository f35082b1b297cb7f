"""The suggestion beside the words: answered in the reader's language, and only when there is one."""

import pytest

from cps.kernel.db import db
from cps.suggesting import queries
from cps.suggesting.learning import learned
from tests.suggesting.test_learning import _reports
from tests.suggesting.test_queries import GOOD

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def learned_city(city):
    suggesting, _outcome = learned(_reports(300))
    queries.keep(suggesting.as_bytes(), **GOOD)
    db.session.commit()
    queries.forget()
    yield
    queries.forget()


def test_words_are_answered_with_code_and_name(client, learned_city):
    answer = client.post("/suggestions", data={"words": "Đèn đường không sáng"}, headers=SAME_ORIGIN)

    assert answer.get_json() == {"category": "street-light", "name": "Street light"}


def test_the_name_is_said_in_the_language_of_the_page(client, learned_city):
    answer = client.post(
        "/suggestions?language=vi", data={"words": "Đèn đường không sáng"}, headers=SAME_ORIGIN
    )

    assert answer.get_json()["name"] == "Đèn đường hỏng"


def test_nothing_is_said_where_nobody_is_sure(client, learned_city):
    answer = client.post("/suggestions", data={"words": "xin chào quý cơ quan"}, headers=SAME_ORIGIN)

    assert answer.status_code == 204
