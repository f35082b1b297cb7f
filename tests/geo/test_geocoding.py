"""A geocoder of the operator's is asked politely, and its failures stay between it and the log."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from cps.geo import geocoding
from cps.geo.point import Point

BOX = (Point(20.5, 105.3), Point(21.4, 106.1))
LAKE = {"lat": "21.0287", "lon": "105.8523", "display_name": "Hồ Hoàn Kiếm, Hà Nội, Việt Nam"}
AS_PHOTON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [105.8523, 21.0287]},
            "properties": {"name": "Hồ Hoàn Kiếm", "city": "Hà Nội"},
        }
    ],
}


class Fake:
    """A geocoder's edge: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[tuple[str, dict[str, list[str]], str]] = []
        self.status, self.body = 200, b"[]"

    def answers(self, value: object) -> None:
        self.body = json.dumps(value).encode()


@contextmanager
def a_geocoder() -> Iterator[Fake]:
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            url = urlsplit(self.path)
            fake.asked.append((url.path, parse_qs(url.query), self.headers["User-Agent"]))
            self.send_response(fake.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(fake.body)))
            self.end_headers()
            self.wfile.write(fake.body)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def fake() -> Iterator[Fake]:
    with a_geocoder() as fake:
        yield fake
    geocoding.use("", user_agent="")


def use(fake, kind="nominatim"):
    geocoding.use(f"{kind}:{fake.url}", user_agent="cps (http://localhost)")


def found(query="hoan kiem"):
    return geocoding.found(query, within=BOX, language="vi", limit=5)


def test_nobody_is_asked_where_none_is_set():
    assert not geocoding.is_set()
    assert found() == []


def test_nominatim_is_asked_within_the_box_in_the_language_and_by_name(fake):
    use(fake)
    fake.answers([LAKE])

    (place,) = found()

    (path, query, agent) = fake.asked[0]
    assert (place.latitude, place.longitude) == (21.0287, 105.8523)
    assert (path, query["q"], query["bounded"], query["accept-language"]) == (
        "/search",
        ["hoan kiem"],
        ["1"],
        ["vi"],
    )
    assert query["viewbox"] == ["105.3,20.5,106.1,21.4"]
    assert agent == "cps (http://localhost)"


def test_photon_is_asked_within_the_box(fake):
    use(fake, "photon")
    fake.answers(AS_PHOTON)

    (place,) = found()

    assert place.address == "Hồ Hoàn Kiếm, Hà Nội"
    assert fake.asked[0][1]["bbox"] == ["105.3,20.5,106.1,21.4"]


@pytest.mark.parametrize("kind", ["nominatim", "photon"])
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (429, b"{}"),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b'[{"lat": "north"}]'),
        (200, b"null"),
        (200, b"7"),
    ],
)
def test_a_failure_is_silent_and_logged_without_the_words(fake, caplog, kind, status, body):
    use(fake, kind)
    fake.status, fake.body = status, body

    with caplog.at_level(logging.INFO, logger="cps"):
        assert found("my own house") == []

    assert "house" not in caplog.text


def test_one_that_failed_is_left_alone_for_a_while(fake, caplog):
    use(fake)
    fake.status = 500

    assert found() == found() == []

    assert len(fake.asked) == 1
    assert "CPS_GEOCODER failed (GeocoderServiceError)" in caplog.text


def test_one_that_is_not_there_is_silent_too(caplog):
    geocoding.use("photon:http://127.0.0.1:9", user_agent="cps")
    try:
        assert found() == []
    finally:
        geocoding.use("", user_agent="")
    assert "CPS_GEOCODER failed" in caplog.text
