"""The slow line is as slow as it says, by its own arithmetic; nothing here looks at a watch."""

import hashlib
import random
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.journeys.shaping import Lane, Shaper, a_line, shaped

_ANSWER = random.Random(20300107).randbytes(60_000)
_WIRE = 1.04


def test_a_line_is_described_as_its_makers_do():
    line = a_line("2G", milliseconds=800, down=280, up=256)

    assert (line.round_trip, line.down, line.up) == (0.8, 35_000, 32_000)
    assert line.floor == pytest.approx(3.2)


def test_bytes_arrive_when_the_last_of_them_was_sent_and_has_travelled():
    lane = Lane(rate=50_000, delay=0.2)

    assert lane.arrival(1400, now=10) == pytest.approx(10 + 1400 * _WIRE / 50_000 + 0.2)


def test_what_is_handed_over_together_is_carried_one_after_the_other():
    lane = Lane(rate=1000, delay=0.5)

    arrivals = [lane.arrival(1000, now=0) for _piece in range(3)]

    assert arrivals == pytest.approx([_WIRE + 0.5, 2 * _WIRE + 0.5, 3 * _WIRE + 0.5])


def test_a_lane_that_was_idle_has_nothing_to_make_up_for():
    lane = Lane(rate=1000, delay=0.5)
    lane.arrival(1000, now=0)

    assert lane.arrival(1000, now=100) == pytest.approx(100 + _WIRE + 0.5)


def test_a_sender_waits_while_too_much_is_on_its_way():
    lane = Lane(rate=1000, delay=0.5)
    lane.arrival(1000, now=0)

    assert lane.held_up(now=0) == pytest.approx(_WIRE - 0.3)
    assert lane.held_up(now=_WIRE) == 0


def test_the_name_is_asked_for_once_and_each_connection_is_greeted():
    shaper = Shaper(a_line("slow 3G", milliseconds=400, down=400, up=400), city_port=0)

    greetings = [shaper.greeting() for _connection in range(3)]

    assert greetings == pytest.approx([1.2, 0.8, 0.8])


def test_an_answer_arrives_whole():
    quick = a_line("quick", milliseconds=2, down=80_000, up=80_000)

    with (
        a_server() as port,
        shaped(quick, port) as address,
        urllib.request.urlopen(f"{address}/", data=_ANSWER, timeout=15) as answer,
    ):
        arrived = answer.read()

    assert hashlib.sha256(arrived).digest() == hashlib.sha256(_ANSWER).digest()


class _Echo(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def a_server() -> Iterator[int]:
    """Answer what is sent, until the block ends; give its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
