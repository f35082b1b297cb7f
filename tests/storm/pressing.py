"""How much a city answers at most: so many lines, each asking again as soon as it was answered."""

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.storm.line import Cut, Line


@dataclass(frozen=True)
class Pressed:
    """Answers a second that had the status wanted, their milliseconds, and how many had another."""

    per_second: float
    milliseconds: list[float]
    others: int

    def told(self) -> str:
        """Say so for people."""
        cuts = statistics.quantiles(self.milliseconds, n=100)
        return (
            f"{self.per_second:.0f}/s  p50 {cuts[49]:.0f}  p95 {cuts[94]:.0f}  p99 {cuts[98]:.0f} ms"
            f"{f'  {self.others} were answered otherwise' if self.others else ''}"
        )


async def pressed(
    host: str,
    port: int,
    make: Callable[[], bytes],
    *,
    lines: int,
    seconds: float,
    expect: int,
    visit: int = 10,
) -> Pressed:
    """Ask by so many lines at once for so long; a line is closed after a `visit` of so many requests."""
    begun, taken, others = time.perf_counter(), list[float](), list[int]()

    async def ask() -> None:
        line, turn = Line(host, port), 0
        while time.perf_counter() - begun < seconds:
            asked = time.perf_counter()
            try:
                answer = await line.ask(make())
            except Cut:
                others.append(0)
                continue
            if answer.status == expect:
                taken.append((time.perf_counter() - asked) * 1000)
            else:
                others.append(answer.status)
                await asyncio.sleep(random.random())
            turn += 1
            if turn % visit == 0:
                line.close()
        line.close()

    await asyncio.gather(*(ask() for _line in range(lines)))
    return Pressed(len(taken) / (time.perf_counter() - begun), taken, len(others))
