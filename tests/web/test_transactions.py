"""A page that is answered commits, a refusal rolls back, and a database that is away is no error of ours."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cps.complaints.models import Complaint, Submission
from cps.kernel.db import db
from cps.web import transactions
from tests.makers import a_report_form


def test_a_refused_form_leaves_nothing_behind(client, app: Flask):
    answer = client.post("/complaints", data=a_report_form(category="no-such-thing"))

    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 0


def test_an_answered_form_is_there_for_everybody(client, app: Flask):
    client.post("/complaints", data=a_report_form())

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Complaint)) == 1


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (303, 1), (409, 0), (500, 0)])
def test_the_status_decides(app: Flask, status, kept):
    with app.test_request_context():
        db.session.execute(text("INSERT INTO submission (key) VALUES (gen_random_uuid())"))
        transactions._end(app.response_class(status=status))

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Submission)) == kept


@pytest.mark.parametrize("status", [200, 409, 404, 500])
def test_what_is_to_be_known_of_a_request_is_kept_whatever_it_answers(app: Flask, status):
    with app.test_request_context():
        transactions.keep_anyway(
            lambda: db.session.execute(text("INSERT INTO submission (key) VALUES (gen_random_uuid())"))
        )
        transactions._end(app.response_class(status=status))

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 1


def test_what_cannot_be_kept_changes_no_answer(app: Flask):
    with app.test_request_context():
        transactions.keep_anyway(lambda: db.session.execute(text("SELECT 1 / 0")))

        assert transactions._end(app.response_class(status=404)).status_code == 404


def test_a_commit_that_fails_is_answered_as_a_database_that_is_away(client, app: Flask, monkeypatch):
    def lost(_session: object) -> None:
        raise OperationalError("COMMIT", None, psycopg.OperationalError("server closed the connection"))

    monkeypatch.setattr(Session, "commit", lost)

    answer = client.post("/complaints", data=a_report_form())

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
