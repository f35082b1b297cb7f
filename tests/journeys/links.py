"""A bad link between a phone and the city: slow on the way up, and cut as often as a test wants.

It counts what the phone sends. A cut resets all its connections, as when a mobile network loses a phone.
"""

import random
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from time import monotonic

_AT_ONCE_BYTES = 1400
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_RESET = struct.pack("ii", 1, 0)  # linger for no time at all


class Link:
    """A relay on a port of its own; `up` bytes a second go to the city, None for as fast as it can."""

    def __init__(self, city_port: int) -> None:
        self._city_port = city_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = Lock()
        self._next_cut: int | None = None
        self._ends: list[socket.socket] = []
        self.up: int | None = None
        self.sent = 0  # bytes, with the heads of requests
        self.heads = 0  # bytes of heads
        self.cuts_left = 0
        self.cut_within = (0, 0)
        self.random = random.Random(20300107)

    @property
    def base_url(self) -> str:
        """Where the phone finds the city through this link."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self, times: int, *, within: tuple[int, int]) -> None:
        """Cut the link at a random one of the next bytes, so many times, each time anew."""
        with self._lock:
            self.cuts_left, self.cut_within = times, within
            self._plan()

    def run(self) -> None:
        """Relay until closed."""
        with suppress(OSError):
            while True:
                phone, _address = self._listener.accept()
                city = socket.create_connection(("127.0.0.1", self._city_port))
                self._ends += [phone, city]
                Thread(target=self._pump_up, args=(phone, city), daemon=True).start()
                Thread(target=_pump, args=(city, phone), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _pump_up(self, phone: socket.socket, city: socket.socket) -> None:
        head = _Heads()
        with suppress(OSError):
            while data := phone.recv(_AT_ONCE_BYTES):
                is_cut = self._counted(len(data), head.bytes_of(data))
                self._slow_down(len(data))
                city.sendall(data)
                if is_cut:
                    self._reset_all()
                    return
        _end(phone, city)

    def _counted(self, size: int, head: int) -> bool:
        with self._lock:
            self.sent += size
            self.heads += head
            if self._next_cut is None or self.sent < self._next_cut:
                return False
            self.cuts_left -= 1
            self._plan()
            return True

    def _reset_all(self) -> None:
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):  # ended long ago
                _reset(end)

    def _plan(self) -> None:
        self._next_cut = self.sent + self.random.randint(*self.cut_within) if self.cuts_left else None

    def _slow_down(self, size: int) -> None:
        if self.up:
            end = monotonic() + size / self.up
            Event().wait(max(0, end - monotonic()))


class _Heads:
    """Tells the heads of requests from their bodies, on one connection."""

    def __init__(self) -> None:
        self._head = b""
        self._body_left = 0

    def bytes_of(self, data: bytes) -> int:
        """Say how many of these bytes belong to heads."""
        heads = 0
        while data:
            skipped = min(self._body_left, len(data))
            self._body_left, data = self._body_left - skipped, data[skipped:]
            before = len(self._head)
            head, end, rest = (self._head + data).partition(_END_OF_HEAD)
            heads += len(head + end) - before if data else 0
            self._head, data = (b"", rest) if end else (head, b"")
            length = _LENGTH.search(head) if end else None
            self._body_left = int(length[1]) if length else self._body_left
        return heads


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _end(source, target)


def _reset(end: socket.socket) -> None:
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    end.shutdown(socket.SHUT_RD)  # wakes the other direction, which holds the connection open too
    end.close()


def _end(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def a_link(city_port: int) -> Iterator[Link]:
    """Put a link before the city until the block ends."""
    link = Link(city_port)
    Thread(target=link.run, daemon=True).start()
    try:
        yield link
    finally:
        link.close()
