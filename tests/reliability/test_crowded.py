"""A database that has no room, is held by somebody, or says nothing: short waits, a clear answer, and all is well again by itself."""

import socket
from contextlib import ExitStack
from time import monotonic
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from cps.app import create_app
from cps.kernel.db import db
from tests.citizen.acts import send
from tests.pageclient import PageClient

_MOST_CLIENTS = 500
_PATIENCE = 20  # on a busy machine; libraries left to themselves wait half a minute or two


@pytest.fixture
def url(city: Flask) -> str:
    return str(city.config["SQLALCHEMY_DATABASE_URI"]).replace("+psycopg", "")


def test_where_idle_clients_have_taken_every_connection_people_are_told_so_at_once(city, client, url):
    key = str(uuid4())
    db.session.rollback()
    db.engine.dispose()
    with ExitStack() as clients:
        _fill(clients, url)
        begun = monotonic()
        refused = send(client, key=key)
        took = monotonic() - begun

    taken = send(client, key=key)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert took < _PATIENCE
    assert taken.status_code == 303


def test_a_table_that_somebody_holds_is_waited_for_five_seconds_and_not_the_half_minute(client, url):
    key = str(uuid4())
    with psycopg.connect(url) as somebody:
        somebody.execute("LOCK TABLE complaint IN ACCESS EXCLUSIVE MODE")
        begun = monotonic()
        refused = send(client, key=key)
        took = monotonic() - begun
        form = client.get("/")

    taken = send(client, key=key)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert 4 < took < _PATIENCE
    assert form.status_code == 200  # which needs no report
    assert taken.status_code == 303


def test_nobody_waits_for_longer_than_half_a_minute_for_one_question(city):
    assert db.session.scalar(text("SHOW statement_timeout")) == "30s"
    assert db.session.scalar(text("SHOW lock_timeout")) == "5s"


def test_a_server_that_does_not_say_a_word_is_waited_for_five_seconds(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        app = create_app(settings, database_url=f"postgresql://nobody@127.0.0.1:{port}/nothing")
        app.test_client_class = PageClient
        begun = monotonic()
        answer = app.test_client().get("/")
        took = monotonic() - begun

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert took < _PATIENCE


def _fill(clients: ExitStack, url: str) -> None:
    for _number in range(_MOST_CLIENTS):
        try:
            clients.enter_context(psycopg.connect(url))
        except psycopg.OperationalError:
            return
    raise AssertionError(f"there is room for more than {_MOST_CLIENTS}")
