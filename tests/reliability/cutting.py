"""A proxy that cuts: it lets so many bytes of the request pass, or of the answer, and then resets both sides."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: no polite goodbye
_BYTES = 65536
_PATIENCE_SECONDS = 20


class Cutter:
    """A listener in front of a city; `request` and `answer` say after how many bytes of each it cuts (None: never)."""

    def __init__(self, base_url: str) -> None:
        address = urlsplit(base_url)
        self._city = (str(address.hostname), int(address.port or 80))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.request: int | None = None
        self.answer: int | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        with suppress(OSError):  # closed: it is over
            while True:
                client, _address = self._listener.accept()
                with client, socket.create_connection(self._city) as city:
                    client.settimeout(_PATIENCE_SECONDS)
                    city.settimeout(_PATIENCE_SECONDS)
                    with suppress(OSError):
                        self._pass_on(client, city)

    def _pass_on(self, client: socket.socket, city: socket.socket) -> None:
        asked = _whole_request(client)
        city.sendall(asked[: self.request])
        if self.request is not None and self.request < len(asked):
            _cut(client, city)
            return
        left = self.answer
        while told := city.recv(_BYTES if left is None else max(1, min(left, _BYTES))):
            if left is not None and left <= 0:
                _cut(client, city)
                return
            client.sendall(told)
            left = None if left is None else left - len(told)


@contextmanager
def cutting(base_url: str) -> Iterator[Cutter]:
    """Stand in front of a city until the block ends."""
    cutter = Cutter(base_url)
    cutter._thread.start()
    try:
        yield cutter
    finally:
        cutter._listener.shutdown(socket.SHUT_RDWR)
        cutter._listener.close()
        cutter._thread.join()


def _whole_request(client: socket.socket) -> bytes:
    """Take a request in, to its last byte."""
    taken = b""
    while b"\r\n\r\n" not in taken and (more := client.recv(_BYTES)):
        taken += more
    head, _, body = taken.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    missing = (int(lengths[0].partition(b":")[2]) if lengths else 0) - len(body)
    while missing > 0 and (more := client.recv(_BYTES)):
        taken += more
        missing -= len(more)
    return taken


def _cut(*sides: socket.socket) -> None:
    for side in sides:
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        side.close()
