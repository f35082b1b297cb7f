"""What is compressed, what is not because its length would tell a secret, and how bundles are served."""

import gzip
import re
from unittest.mock import patch

import brotli
import pytest
from flask import session
from flask_wtf.csrf import generate_csrf

from cps import citizen, desk
from cps.complaints import tracking
from cps.kernel.files import STATIC
from tests.makers import a_complaint, an_official

BOTH = {"Accept-Encoding": "gzip, br"}


def plain(answer):
    """Return an answer's bytes as they were before they were compressed."""
    undo = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
    return undo[answer.headers.get("Content-Encoding")](answer.data)


@pytest.fixture
def browser(app):
    """A client that shows answers as they were sent."""
    return app.test_client_class.__mro__[1](app, app.response_class)


@pytest.mark.parametrize(
    ("offered", "chosen"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None), ("br;q=0", None)]
)
@pytest.mark.parametrize("path", ["/", "/reports", "/sentences.json?v=1-en", "/no-such-kind/questions.json"])
def test_pages_are_compressed_as_the_browser_can_unpack_them(browser, path, offered, chosen):
    answer = browser.get(path, headers={"Accept-Encoding": offered})

    if answer.status_code == 404:
        assert "Content-Encoding" not in answer.headers
        return
    assert answer.headers.get("Content-Encoding") == chosen
    assert re.search(r"\bAccept-Encoding\b", answer.headers["Vary"])
    assert re.search(r"\bCookie\b", answer.headers["Vary"])
    assert plain(answer)[:1] in b"<{"


def test_a_form_that_comes_back_is_compressed_too(browser):
    answer = browser.post("/complaints", data={"key": "x"}, headers={**BOTH, "Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 422
    assert answer.headers["Content-Encoding"] == "br"
    assert b"<h1>" in plain(answer)


def test_the_page_of_a_private_link_is_compressed_and_repeats_nothing_of_its_address(city, browser):
    complaint = a_complaint()
    browser.get(f"/track/{tracking.secret_for(complaint.submission_key)}")

    answer = browser.get(f"/my/{complaint.reference}?new=1&guess=XYZZY", headers=BOTH)

    assert answer.headers["Content-Encoding"] == "br"
    assert b"XYZZY" not in plain(answer)
    assert b"?new=1&amp;language=en" in plain(answer)


@pytest.mark.parametrize("path", ["/my", "/demo/outbox", "/desk/sign-in"])
def test_what_carries_secrets_beside_what_was_typed_is_left_as_it_is(browser, path):
    assert "Content-Encoding" not in browser.get(path, headers=BOTH).headers


@pytest.mark.parametrize(
    "path", ["/desk?words=XYZZY", "/desk?view=closed", "/desk/complaints/{reference}", "/desk/keys"]
)
def test_the_desk_is_left_as_it_is_where_its_address_could_be_somebody_elses(city, signed_in, path):
    official, complaint = signed_in(an_official("Bo")), a_complaint()

    answer = official.get(path.format(reference=complaint.reference), headers=BOTH)

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_the_queue_that_an_official_begins_with_is_compressed_and_its_length_tells_nothing(
    city, signed_in, browser
):
    name = city.config["SESSION_COOKIE_NAME"]
    browser.set_cookie(name, signed_in(an_official("Bo")).get_cookie(name).value)
    a_complaint()

    answers = [browser.get("/desk", headers=BOTH) for _ in range(12)]

    assert {answer.headers["Content-Encoding"] for answer in answers} == {"br"}
    assert b"<h1" in plain(answers[0])
    assert len({len(answer.headers["X-Padding"]) for answer in answers}) > 3


def test_the_token_of_a_form_is_signed_anew_every_second(app):
    tokens = []
    for second in (1_900_000_000, 1_900_000_001):
        with app.test_request_context(), patch("itsdangerous.timed.time.time", return_value=second):
            session["csrf_token"] = "what stays the same"
            tokens.append(generate_csrf().split("."))

    assert tokens[0][0] == tokens[1][0]
    assert tokens[0][2] != tokens[1][2]


def test_only_pages_that_are_there_are_named(app):
    assert {*citizen.COMPRESSED, *desk.COMPRESSED} <= set(app.view_functions)
    assert not [name for name in citizen.COMPRESSED if "alert" in name and name != "citizen.new_alert"]


@pytest.mark.parametrize(("offered", "chosen"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None)])
def test_bundles_are_served_as_they_were_compressed_and_kept_for_good(browser, offered, chosen):
    name = next((STATIC / "built").glob("citizen.*.css"))

    answer = browser.get(f"/static/built/{name.name}", headers={"Accept-Encoding": offered}, buffered=True)

    assert answer.headers.get("Content-Encoding") == chosen
    assert plain(answer) == name.read_bytes()
    assert answer.mimetype == "text/css"
    assert answer.cache_control.immutable
    assert answer.cache_control.max_age == 31_536_000
    assert "Accept-Encoding" in answer.headers["Vary"]
    again = browser.get(
        f"/static/built/{name.name}", headers={**BOTH, "If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code == 304) is (chosen == "br")
    again.close()


@pytest.mark.parametrize(
    "path", ["built/../../pyproject.toml", "built/%2e%2e/%2e%2e/cps/app.py", "built/none.css"]
)
def test_nothing_outside_is_served(browser, path):
    assert browser.get(f"/static/{path}", headers=BOTH).status_code == 404
