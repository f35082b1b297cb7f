"""The addresses for load balancers and monitoring."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest

from cps import health
from cps.app import create_app
from cps.health.finding import Finding, State
from tests.living import free_port

TOKEN = "a-token-of-the-operator"


@pytest.fixture
def found(monkeypatch):
    """What is found, in place of what is."""
    findings = [Finding("clock", State.OK, "Right."), Finding("mail", State.WARNING, "Slow.", "Look.")]
    monkeypatch.setattr(health.looks, "everything", lambda _settings: findings)
    return findings


def client_of(settings, database_url, **changes):
    return create_app(replace(settings, **changes), database_url=database_url).test_client()


def test_it_lives_and_is_ready(client):
    for address, words in (("/health/live", "live\n"), ("/health/ready", "ready\n")):
        answer = client.get(address)
        assert (answer.status_code, answer.text) == (200, words)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_without_its_database_it_lives_and_is_not_ready(settings):
    client = client_of(settings, f"postgresql://127.0.0.1:{free_port()}/cps")

    live, ready, everything = (client.get(f"/health{path}") for path in ("/live", "/ready", ""))
    with client.get("/static/favicon.svg") as style:
        assert style.status_code == 200

    assert live.status_code == 200
    assert (ready.status_code, ready.headers["Retry-After"]) == (503, "10")
    assert (everything.status_code, everything.json["status"]) == (503, "fault")


def test_before_its_city_is_loaded_it_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health.looks.store.schema, "present", lambda: "0001")

    assert client.get("/health/ready").status_code == 503


def test_everybody_reads_a_word_for_each_part(settings, database_url, hanoi, found):
    answer = client_of(settings, database_url).get("/health")

    assert (answer.status_code, answer.json["status"]) == (200, "warning")
    assert answer.json["parts"] == [
        {"name": "clock", "state": "ok"},
        {"name": "mail", "state": "warning"},
    ]


@pytest.mark.parametrize(
    ("kept", "sent", "is_told"),
    [
        (TOKEN, f"Bearer {TOKEN}", True),
        (TOKEN, "Bearer another-token-of-nobody", False),
        (TOKEN, "", False),
        ("", "", False),
        ("", "Bearer ", False),
    ],
)
def test_who_has_the_token_reads_the_sentences(settings, database_url, hanoi, found, kept, sent, is_told):
    client = client_of(settings, database_url, health_token=kept)

    parts = client.get("/health", headers={"Authorization": sent}).json["parts"]

    assert ("told" in parts[0]) is is_told
    if is_told:
        assert parts[1]["todo"] == "Look."


def test_a_fault_is_no_200(settings, database_url, hanoi, found):
    found.append(Finding("disk", State.FAULT, "Full.", "Make room."))

    assert client_of(settings, database_url).get("/health").status_code == 503


def test_it_is_looked_once_in_a_while_however_many_ask(settings, database_url, hanoi, monkeypatch):
    times = []
    monkeypatch.setattr(
        health.looks, "everything", lambda _settings: times.append(1) or [Finding("x", State.OK, "")]
    )
    client = client_of(settings, database_url)

    for _time in range(5):
        client.get("/health")

    assert len(times) == 1


def test_while_one_looks_the_others_do_not_wait(settings, database_url, hanoi, monkeypatch):
    looking, done = Barrier(2), Barrier(2)

    def slow(_settings):
        looking.wait(10)
        done.wait(10)
        return [Finding("x", State.OK, "")]

    monkeypatch.setattr(health.looks, "everything", slow)
    app = create_app(settings, database_url=database_url)
    first = Thread(target=lambda: app.test_client().get("/health"))
    first.start()
    looking.wait(10)

    meanwhile = app.test_client().get("/health")
    done.wait(10)
    first.join(10)

    assert (meanwhile.status_code, meanwhile.text) == (503, "looking\n")
    assert app.test_client().get("/health").status_code == 200
