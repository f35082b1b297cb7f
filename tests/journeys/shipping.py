"""A city that ships a service worker of the test's choice: everything else comes from the running one."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

_NOT_PASSED_ON = {"connection", "transfer-encoding", "content-length", "server", "date"}


class Shipping(ThreadingHTTPServer):
    """Answers `/sw.js` with `worker`, the rest with what the city answers."""

    daemon_threads = True

    def __init__(self, city: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.city = city
        self.worker = ""

    @property
    def base_url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Shipping

    def do_GET(self) -> None:
        """Pass the question on, but for the worker."""
        if self.path == "/sw.js":
            self._answer(200, [("Content-Type", "text/javascript")], self.server.worker.encode())
            return
        kept = {
            name: self.headers[name] for name in ("Cookie", "Accept-Language", "Accept") if self.headers[name]
        }
        asked = urllib.request.Request(self.server.city + self.path, headers=kept)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                self._answer(answer.status, answer.headers.items(), answer.read())
        except urllib.error.HTTPError as error:
            self._answer(error.code, error.headers.items(), error.read())

    def _answer(self, status: int, headers: Any, body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def shipping(city: str) -> Iterator[Shipping]:
    """Stand before a city until the block ends."""
    server = Shipping(city)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
