"""A small load: so many clients with kept-alive connections, each a bounded number of requests."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

Request = tuple[str, str, str | None, dict[str, str]]

# A person's visit is some pages long. Connections kept for a thousand would all hang on one worker.
_REQUESTS_OF_A_VISIT = 10


@dataclass(frozen=True)
class Figures:
    """What one load showed: milliseconds and requests a second."""

    p50: float
    p95: float
    per_second: float


def figures(durations: list[float], elapsed: float) -> Figures:
    """Sum up durations in seconds over `elapsed` seconds."""
    cuts = statistics.quantiles(durations, n=100)
    return Figures(cuts[49] * 1000, cuts[94] * 1000, len(durations) / elapsed)


def press(base_url: str, make: Callable[[], Request], *, clients: int, requests: int, expect: int) -> Figures:
    """Send `requests` requests in all by `clients` clients; every answer must have status `expect`."""
    durations: list[float] = []
    failures: list[str] = []
    share = requests // clients

    def client() -> None:
        address = urlsplit(base_url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        mine = []
        for turn in range(share):
            if turn % _REQUESTS_OF_A_VISIT == 0:
                connection.close()  # the next request opens it again, with whichever worker is free
            method, path, body, headers = make()
            begun = time.perf_counter()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            mine.append(time.perf_counter() - begun)
            if answer.status != expect:
                failures.append(f"{method} {path}: {answer.status}")
        durations.extend(mine)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begun
    if failures:
        raise SystemExit(f"{len(failures)} answers were not {expect}, the first: {failures[0]}")
    return figures(durations, elapsed)


def repeat(action: Callable[[], object], *, times: int) -> Figures:
    """Time an action in this process."""
    durations = []
    begun = time.perf_counter()
    for _turn in range(times):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return figures(durations, time.perf_counter() - begun)
