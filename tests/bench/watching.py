"""What it costs to be watched: the tracking page with lines of JSON, and with figures, beside one with neither.

They are asked in turn, in an order drawn anew for each round, so that whatever else the machine does falls on all alike. How far two that are
the same lie apart says how far the others' ratios can be believed.
"""

import http.client
import os
import random
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from operator import truediv

from tests.living import Living, a_folder, answers, free_port, living, until

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "2000"))
_WARMING = 200
WATCHED = {
    "nothing": {"CPS_LOG": "text"},
    "nothing, again": {"CPS_LOG": "text"},
    "log": {"CPS_LOG": "json"},
    "log and metrics": {"CPS_LOG": "json", "CPS_METRICS_TOKEN": "a-token-to-measure-by"},
}


def measure() -> None:
    """Print the median of each, and its ratio to the unwatched one's."""
    print("\n── being watched " + "─" * 40, flush=True)
    with a_folder("cps-bench-") as folder, living(folder, complaints=1000) as city, ExitStack() as servers:
        url = city.database_url()
        ports = {
            name: servers.enter_context(_server(city, url, watched)) for name, watched in WATCHED.items()
        }
        found = _asked(ports, *_page(city))
    for name, durations in found.items():
        median = statistics.median(durations) * 1000
        ratio = statistics.median(map(truediv, durations, found["nothing"]))
        print(f"tracking page, {name:<16} p50 {median:7.3f} ms   ratio {ratio:.3f}")


def _page(city: Living) -> tuple[str, str]:
    """Return the path of a reporter's own page, and the cookie that opens it."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(city.facts["citizen"]["tracking"]) as answer:
        path = answer.url.removeprefix(city.base_url)
    return path, "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _asked(ports: Mapping[str, int], path: str, cookie: str) -> dict[str, list[float]]:
    lines = {name: http.client.HTTPConnection("127.0.0.1", port) for name, port in ports.items()}
    found: dict[str, list[float]] = {name: [] for name in ports}
    order = list(ports)
    for turn in range(_WARMING + ROUNDS):
        random.shuffle(order)
        for name in order:
            begun = time.perf_counter()
            lines[name].request("GET", path, headers={"Cookie": cookie})
            answer = lines[name].getresponse()
            answer.read()
            taken = time.perf_counter() - begun
            if answer.status != 200:
                raise SystemExit(f"{name}: {answer.status}")
            if turn >= _WARMING:
                found[name].append(taken)
    for line in lines.values():
        line.close()
    return found


@contextmanager
def _server(city: Living, url: str, watched: Mapping[str, str]) -> Iterator[int]:
    port = free_port()
    environment = {
        **os.environ,
        "CPS_VAR": str(city.var),
        "CPS_DEMO": "yes",
        "CPS_DATABASE_URL": url,
        "CPS_WEB_WORKERS": "1",
        **watched,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "cps", "serve", "--port", str(port)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}"), seconds=60, what="the web side to answer")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


if __name__ == "__main__":
    measure()
