"""A slow line between a phone and a city: far, narrow, and no better for a phone that opens several connections.

It has the round trips that loopback lacks: those of DNS, TCP and TLS 1.3 before the first request, and the way there
and back of everything after. All connections of a line share what it carries a second, each way.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Any

_PIECE_BYTES = 1400  # what fits into a packet
_ON_THE_WIRE = 1.04  # with the heads of IP and TCP
_QUEUED_SECONDS = 0.3  # what a line holds back before it stops the sender
_TCP_AND_TLS, _DNS = 2, 1  # round trips; the name is asked for once
BEFORE_THE_FIRST_ANSWER = _DNS + _TCP_AND_TLS + 1  # round trips: no page can be there sooner


@dataclass(frozen=True)
class Line:
    """A kind of mobile network: seconds there and back, bytes a second to the phone (down) and from it (up)."""

    name: str
    round_trip: float
    down: float
    up: float

    @property
    def floor(self) -> float:
        """Seconds before which the first byte of an answer cannot be there."""
        return BEFORE_THE_FIRST_ANSWER * self.round_trip


def a_line(name: str, *, milliseconds: int, down: int, up: int) -> Line:
    """Describe a line as its makers do: milliseconds there and back, kbit/s down and up."""
    return Line(name, milliseconds / 1000, down * 125, up * 125)


class Lane:
    """One direction of a line: when what is handed to it arrives. Times are seconds of one clock."""

    def __init__(self, rate: float, delay: float) -> None:
        self._rate = rate
        self._delay = delay
        self._free_at = 0.0

    def arrival(self, size: int, now: float) -> float:
        """Put so many bytes behind all that was handed over before; return when the last of them arrives."""
        self._free_at = max(self._free_at, now) + size * _ON_THE_WIRE / self._rate
        return self._free_at + self._delay

    def held_up(self, now: float) -> float:
        """Return for how many seconds the sender waits before it hands over more."""
        return max(0.0, self._free_at - now - _QUEUED_SECONDS)


class Shaper:
    """The near end of a line to a city; a new one is as a phone that never was there."""

    def __init__(self, line: Line, city_port: int) -> None:
        self._line = line
        self._city_port = city_port
        self._down = Lane(line.down, line.round_trip / 2)
        self._up = Lane(line.up, line.round_trip / 2)
        self._knows_the_name = False
        self._open: set[asyncio.Task[None]] = set()
        self.port = 0

    async def listen(self) -> None:
        """Begin to take connections."""
        server = await asyncio.start_server(self._begin, "127.0.0.1", 0)
        self._server = server
        self.port = server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Drop every connection and take no more."""
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def greeting(self) -> float:
        """Return how many seconds the next connection takes until it can ask for anything."""
        trips = _TCP_AND_TLS + (0 if self._knows_the_name else _DNS)
        self._knows_the_name = True
        return trips * self._line.round_trip

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._relay(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.greeting())
        from_city, to_city = await asyncio.open_connection("127.0.0.1", self._city_port)
        try:
            await asyncio.gather(
                _carry(reader, to_city, self._up),
                _carry(from_city, writer, self._down),
            )
        finally:
            to_city.close()
            writer.close()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, lane: Lane) -> None:
    """Carry everything from one to the other, each piece when the lane has it there."""
    on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    with suppress(ConnectionError):
        await asyncio.gather(_hand_over(source, lane, on_the_way), _deliver(target, on_the_way))


async def _hand_over(
    source: asyncio.StreamReader, lane: Lane, on_the_way: asyncio.Queue[tuple[float, bytes]]
) -> None:
    while piece := await source.read(_PIECE_BYTES):
        on_the_way.put_nowait((lane.arrival(len(piece), monotonic()), piece))
        await asyncio.sleep(lane.held_up(monotonic()))
    on_the_way.put_nowait((lane.arrival(0, monotonic()), b""))


async def _deliver(target: asyncio.StreamWriter, on_the_way: asyncio.Queue[tuple[float, bytes]]) -> None:
    while True:
        at, piece = await on_the_way.get()
        await asyncio.sleep(at - monotonic())
        if not piece:
            target.write_eof()
            return
        target.write(piece)
        await target.drain()


@contextmanager
def shaped(line: Line, city_port: int) -> Iterator[str]:
    """Put such a line before a city until the block ends; give the address at its near end."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait_for(work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result()

    shaper = Shaper(line, city_port)
    try:
        wait_for(shaper.listen())
        yield f"http://127.0.0.1:{shaper.port}"
        wait_for(shaper.close())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
