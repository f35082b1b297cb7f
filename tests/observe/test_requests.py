"""Watching requests: an id for each, one line that names the endpoint, the number a person can quote."""

import logging
import re

import pytest

from cps.observe import doing
from cps.web import watching
from tests.citizen.acts import link_of, open_link
from tests.makers import a_complaint
from tests.pageclient import text_of

NGINX = "0123456789abcdef0123456789abcdef"
UUID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.fixture
def answered(caplog):
    """What was said of each request: status and facts."""
    caplog.set_level(logging.INFO, "cps.requests")
    return lambda: [record for record in caplog.records if record.name == "cps.requests"]


@pytest.mark.parametrize("given", [NGINX, UUID])
def test_the_proxys_id_is_taken(client, given):
    assert client.get("/robots.txt", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize(
    "given", ["", "ana", "0987654321", NGINX.upper(), NGINX + "\n", NGINX + "0", "\u0660" * 32]
)
def test_what_is_no_id_is_not(client, given):
    headers = {"X-Request-Id": given} if "\n" not in given else {}
    environ = {"HTTP_X_REQUEST_ID": given}

    found = client.get("/robots.txt", headers=headers if given.isascii() else {}, environ_overrides=environ)

    assert re.fullmatch("[0-9a-f]{32}", found.headers["X-Request-Id"])
    assert found.headers["X-Request-Id"] != given


def test_each_request_has_an_id_of_its_own_and_leaves_none_behind(client):
    first, second = (client.get("/robots.txt").headers["X-Request-Id"] for _time in range(2))

    assert first != second
    assert doing.facts() == {}


def test_a_request_leaves_one_line_that_names_its_endpoint(city, client, answered):
    complaint = a_complaint()
    open_link(client, complaint)

    [record] = answered()

    assert record.getMessage() == "answered"
    assert record.facts["status"] == 303
    assert record.facts["ms"] >= 0
    assert link_of(complaint) not in str(vars(record))


@pytest.mark.parametrize(
    ("path", "count"), [("/health/live", 0), ("/static/favicon.svg", 0), ("/static/none.svg", 1), ("/x", 1)]
)
def test_what_is_asked_for_all_day_is_no_news_unless_it_fails(client, answered, path, count):
    client.get(path)

    assert len(answered()) == count


def test_what_breaks_in_a_view_is_told_once_with_the_number_that_the_page_shows(
    app, client, caplog, monkeypatch
):
    def broken():
        raise ValueError("kanari")

    monkeypatch.setitem(app.view_functions, "citizen.robots", broken)

    answer = client.get("/robots.txt", headers={"X-Request-Id": NGINX})

    told = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert answer.status_code == 500
    assert NGINX[:8] in text_of(answer)
    assert [record.name for record in told] == ["cps.web.pages"]
    assert told[0].exc_info


def test_what_breaks_outside_of_any_view_has_the_same_calm_page(app, client, caplog, monkeypatch):
    def broken(_response):
        raise ValueError("kanari")

    monkeypatch.setitem(app.after_request_funcs, None, [broken, *app.after_request_funcs[None]])

    answer = client.get("/robots.txt", headers={"X-Request-Id": NGINX})

    assert answer.status_code == 500
    assert NGINX[:8] in text_of(answer)
    assert not any(record.name == "cps.web.pages" for record in caplog.records)  # Flask has said it


def test_a_strange_method_is_counted_as_other(client, monkeypatch):
    seen = []
    monkeypatch.setattr(watching.counts, "request", lambda *facts: seen.append(facts[:3]))

    client.open("/robots.txt", method="KANARI")
    client.get("/robots.txt")

    assert seen == [("none", "other", 405), ("citizen.robots", "GET", 200)]
