"""A connection as a browser keeps it, in as few steps as Python can: the load must not eat the cores of what it presses."""

import asyncio
from dataclasses import dataclass
from typing import Final

_LONGEST_SECONDS: Final = 75.0  # as a phone waits for its report, and a little more


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the head as it came, and the body."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: bytes) -> str:
        """Return a header, or an empty text."""
        _before, found, rest = self.head.lower().partition(b"\r\n" + name + b": ")
        if not found:
            return ""
        return self.head[len(self.head) - len(rest) :].split(b"\r\n", 1)[0].decode("latin-1")


class Cut(Exception):
    """There was no answer."""


class Line:
    """One connection, one request at a time; opened when it is needed, and again when it was closed."""

    def __init__(self, host: str, port: int) -> None:
        self._where = host, port
        self._wire: _Wire | None = None

    async def ask(self, request: bytes) -> Answer:
        """Send a request and return its answer; raise Cut if none comes."""
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                if self._wire is None or self._wire.is_over:
                    loop = asyncio.get_running_loop()
                    _transport, self._wire = await loop.create_connection(_Wire, *self._where)
                return await self._wire.ask(request)
        except (OSError, TimeoutError) as error:
            self.close()
            raise Cut from error

    def close(self) -> None:
        """Close it."""
        if self._wire is not None:
            self._wire.end()
        self._wire = None


class _Wire(asyncio.Protocol):
    def __init__(self) -> None:
        self.is_over = False
        self._came = bytearray()

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        self._came.clear()
        self._answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def end(self) -> None:
        self.is_over = True
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        answer = self._read()
        if (
            answer is not None
            and (length := answer.header(b"content-length"))
            and len(answer.body) >= int(length)
        ):
            self._tell(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over = True
        answer = self._read()
        if answer is not None and not answer.header(b"content-length"):
            self._tell(answer)  # its end is the end of the connection
        elif not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())

    def _read(self) -> Answer | None:
        head, found, body = self._came.partition(b"\r\n\r\n")
        return Answer(int(head[9:12]), bytes(head), bytes(body)) if found else None

    def _tell(self, answer: Answer) -> None:
        if answer.header(b"connection") == "close":
            self.end()
        if not self._answer.done():
            self._answer.set_result(answer)
