"""A form that another site made the browser send changes nothing."""

import pytest
from sqlalchemy import func, select

from cps.complaints.models import Complaint
from cps.kernel.db import db
from tests.makers import a_report_form
from tests.pageclient import text_of


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_a_forged_form_is_refused_with_a_sentence(client, headers):
    answer = client.post("/complaints", data=a_report_form(), headers=headers)

    assert answer.status_code == 403
    assert "another site" in text_of(answer)
    assert _complaints(client) == 0


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}],
    ids=["modern browser", "older browser", "no browser at all"],
)
def test_our_own_form_is_taken(client, headers):
    answer = client.post("/complaints", data=a_report_form(), headers=headers)

    assert answer.status_code == 303
    assert _complaints(client) == 1


def _complaints(client) -> int:
    with client.application.app_context():
        return db.session.scalar(select(func.count()).select_from(Complaint))
