"""The database goes and comes back (R5), and the web side is started again and again (R17), while citizens report."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.reliability.citizens import Habits
from tests.reliability.city import City, control
from tests.reliability.results import Result, at_most
from tests.reliability.rounds import Round
from tests.reliability.serving import a_web

BACK_SECONDS = 10
_EVERY_SECONDS = 0.1
_TIMEOUT_SECONDS = 40


class Reader(threading.Thread):
    """Somebody who reads pages all the time, and counts the answers by status."""

    def __init__(self, base_url: str, paths: tuple[str, ...]) -> None:
        super().__init__()
        self.answers: Counter[str] = Counter()
        self.over = threading.Event()
        self._base_url, self._paths = base_url, paths

    def run(self) -> None:
        while not self.over.wait(_EVERY_SECONDS):
            for path in self._paths:
                self.answers[self._asked(path)] += 1

    def _asked(self, path: str) -> str:
        address = urlsplit(self._base_url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()
        if answer.status == 503 and not answer.headers.get("Retry-After"):
            return "503 without Retry-After"
        return str(answer.status)


@contextmanager
def reading(base_url: str, *paths: str) -> Iterator[Reader]:
    """Let somebody read until the block ends."""
    reader = Reader(base_url, paths or ("/", "/reports"))
    reader.start()
    try:
        yield reader
    finally:
        reader.over.set()
        reader.join()


def strange(reader: Reader, *usual: str) -> list[str]:
    """Say which answers a reader got that are not among the usual ones."""
    return [
        f"{count} readers got {status}" for status, count in reader.answers.items() if status not in usual
    ]


def restarts(books: Round, *, times: int) -> Result:
    """Restart the database, fast and immediately in turn."""
    city, slowest = books.city, 0.0
    with reading(city.base_url) as reader, books.reporting() as crowd:
        for turn in range(times):
            crowd.go_on(10)
            begun = time.monotonic()
            _stop(city, ("fast", "immediate")[turn % 2])
            city.cluster.start()
            crowd.go_on(1)
            slowest = max(slowest, time.monotonic() - begun)
    books.explained += times
    books.settle()
    breaches = [*crowd.failures, *strange(reader, "200", "503"), *at_most("a restart", slowest, BACK_SECONDS)]
    figure = f"{times} restarts, {crowd.refused} told to come again, longest {slowest:.1f} s"
    return Result("R5 restart of the database", figure, "503 never 500, ≤ 10 s", breaches + books.breaches())


def outage(books: Round, *, seconds: float) -> Result:
    """Have no database for so long; then wait, idle, for everything to be done."""
    city = books.city
    with reading(city.base_url) as reader, books.reporting() as crowd:
        crowd.go_on(10)
        _stop(city, "fast")
        begun, refused = time.monotonic(), crowd.refused
        threading.Event().wait(seconds)
        without = crowd.refused - refused
        city.cluster.start()
        back = crowd.go_on(1)
        gone = time.monotonic() - begun
    books.explained += 1
    caught_up = books.settle(is_patient=True, seconds=180)
    breaches = [
        *crowd.failures,
        *strange(reader, "200", "503"),
        *at_most("filing again", back, BACK_SECONDS),
        *([] if without else ["nobody was told to come again"]),
    ]
    figure = f"{gone:.0f} s away, {without} told to come again, filing after {back:.1f} s, letters after {caught_up:.0f} s"
    return Result("R5 no database for a while", figure, "503 never 500, ≤ 10 s", breaches + books.breaches())


def rolling(books: Round, *, times: int) -> Result:
    """Restart the web side on its inherited socket while citizens report who must all be answered."""
    begun = time.monotonic()
    with (
        a_web(books.city) as web,
        books.reporting(habits=Habits(photos=0.05, letters=0.1, pause=0.01), base_url=web.base_url) as crowd,
    ):
        for _time in range(times):
            crowd.go_on(3)
            web.stop()
            web.start()
        crowd.go_on(10)
    slowest = max(citizen.slowest for citizen in crowd.citizens)
    books.settle()
    breaches = [*crowd.failures, *([f"{crowd.refused} refused"] if crowd.refused else [])]
    each = (time.monotonic() - begun) / max(1, times)
    figure = f"{times} restarts, {crowd.refused} refused, longest wait {slowest:.1f} s, {each:.1f} s each"
    return Result(
        "R17 rolling restart of the web side", figure, "0 lost, 0 refused", breaches + books.breaches()
    )


def _stop(city: City, mode: str) -> None:
    assert control(city.cluster, "stop", "-m", mode, "-t", "60")
