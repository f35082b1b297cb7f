"""Signing in and out."""

from datetime import timedelta

import pytest

from cps.kernel import clock
from cps.people import sessions
from cps.people.models import Role
from tests.makers import MONDAY, PASSWORD, a_key, an_official
from tests.pageclient import text_of

WRONG = "The e-mail address or the password is not right."


def sign_in(client, email, password, **fields):
    page = client.page("/desk/sign-in", query_string={"next": fields.pop("next", "")})
    return client.submit(page, "/desk/session", email=email, password=password, **fields)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/desk"),
        ("GET", "/desk/complaints/7K3M-9QAZ"),
        ("GET", "/desk/photos/abc/small"),
        ("GET", "/desk/nowhere"),
        ("GET", "/desk/complaints/7K3M-9QAZ/starts"),
    ],
)
def test_strangers_are_shown_nothing(client, method, path):
    answer = client.open(path, method=method)

    assert answer.status_code in (303, 404, 405)
    assert answer.status_code != 303 or answer.location.startswith("/desk/sign-in?next=")


def test_every_route_of_the_desk_is_behind_sign_in(app, client):
    outside = {"desk.sign_in", "desk.begin_session"}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("desk.")]

    for rule in rules:
        if rule.endpoint not in outside and "GET" in rule.methods:
            with app.test_request_context():
                known = {"size": "small", "outcome": "done", "number": "1", "key": str(a_key())}
                values = {name: known.get(name, "x") for name in rule.arguments}
            path = rule.build(values)[1]
            assert client.get(path).status_code == 303, path
    assert len(rules) >= 14


def test_who_signs_in_goes_to_the_page_that_was_wanted(city, client):
    bo = an_official()
    wanted = client.get("/desk?view=mine").location

    page = client.page(wanted)
    answer = client.submit(page, "/desk/session", email=bo.email, password=PASSWORD)

    assert answer.status_code == 303
    assert answer.location == "/desk?view=mine"


def test_a_forged_destination_leads_to_the_queue(city, client):
    bo = an_official()

    answer = sign_in(client, bo.email, PASSWORD, next="//evil.example/desk")

    assert answer.location == "/desk"


def test_a_forged_destination_in_the_form_leads_to_the_queue(city, client):
    bo = an_official()
    page = client.page("/desk/sign-in?next=/desk?view=mine")

    answer = client.submit(
        page, "/desk/session", email=bo.email, password=PASSWORD, next="https://evil.example"
    )

    assert answer.location == "/desk"


@pytest.mark.parametrize("email", ["nobody@hanoi.example", None])
def test_a_refusal_does_not_say_what_was_wrong(city, client, email):
    bo = an_official()

    answer = sign_in(client, email or bo.email, "wrong horse")

    assert answer.status_code == 422
    assert WRONG in text_of(answer)
    assert f'value="{email or bo.email}"' in answer.text
    assert "wrong horse" not in answer.text
    assert client.get("/desk").status_code == 303


def test_an_account_that_is_no_longer_in_use_does_not_open(city, client):
    bo = an_official(is_active=False)

    answer = sign_in(client, bo.email, PASSWORD)

    assert answer.status_code == 422


def test_a_session_ends_when_the_account_does(city, signed_in):
    bo = an_official()
    browser = signed_in(bo)

    bo.is_active = False
    city.extensions["sqlalchemy"].session.commit()

    assert browser.get("/desk").status_code == 303


def test_the_session_of_before_is_worth_nothing_after_sign_in(city, client):
    bo = an_official()
    with client.session_transaction() as before:
        before["planted"] = "by a stranger"

    sign_in(client, bo.email, PASSWORD)

    with client.session_transaction() as after:
        assert "planted" not in after


def test_too_many_wrong_passwords_close_the_account_for_a_minute_from_every_address(city, app):
    bo = an_official()
    for number in range(10):
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        assert sign_in(browser, bo.email, "wrong").status_code == 422

    last = app.test_client()
    last.environ_base["REMOTE_ADDR"] = "10.0.0.99"

    assert sign_in(last, bo.email.upper(), PASSWORD).status_code == 429


def test_too_many_wrong_passwords_close_the_address_for_a_minute(city, client):
    bo = an_official()
    for number in range(10):
        assert sign_in(client, f"guess{number}@hanoi.example", "wrong").status_code == 422

    assert sign_in(client, bo.email, PASSWORD).status_code == 429


def test_an_office_behind_one_address_may_begin_its_day_together(city, app):
    for number in range(12):
        person = an_official(f"Bo{number}")
        assert sign_in(app.test_client(), person.email, PASSWORD).status_code == 303


def test_who_is_signed_in_is_led_past_the_sign_in_page(city, signed_in):
    browser = signed_in(an_official(role=Role.HEAD))

    answer = browser.get("/desk/sign-in")

    assert (answer.status_code, answer.location) == (303, "/desk")


def test_signing_out_ends_the_session(city, signed_in):
    browser = signed_in(an_official())
    page = browser.page("/desk")

    answer = browser.submit(page, "/desk/session/end")

    assert answer.status_code == 303
    assert browser.get("/desk").status_code == 303


def test_a_form_without_its_token_is_not_taken(city, client):
    bo = an_official()

    answer = client.post("/desk/session", data={"email": bo.email, "password": PASSWORD})

    assert answer.status_code == 400


def test_who_copied_a_session_is_signed_out_with_it(city, signed_in, app):
    browser = signed_in(an_official())
    copied = app.test_client()
    copied.set_cookie("desk", browser.get_cookie("desk").value)
    assert copied.get("/desk").status_code == 200

    browser.submit(browser.page("/desk"), "/desk/session/end")

    for _time in range(2):
        assert copied.get("/desk").status_code == 303


def test_one_session_ends_alone(city, signed_in):
    bo = an_official()
    here, there = signed_in(bo), signed_in(bo)

    here.submit(here.page("/desk"), "/desk/session/end")

    assert here.get("/desk").status_code == 303
    assert there.get("/desk").status_code == 200


def test_sessions_that_ended_are_forgotten_when_no_browser_can_have_them(city):
    sessions.end("one")
    with clock.standing_at(MONDAY + timedelta(days=29)):
        sessions.forget_sessions(0)
        assert sessions.is_over("one")
    with clock.standing_at(MONDAY + timedelta(days=31)):
        sessions.forget_sessions(0)
        assert not sessions.is_over("one")
