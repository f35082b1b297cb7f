"""Developing what was tampered with, just as the worker does: by `decode` and a darkroom on standby."""

import io
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cps.photos import decode
from cps.photos.decode import Renditions, on_standby, renditions
from cps.photos.standby import Developing
from tests.fuzz.mutating import mutated

MOST_SECONDS: Final = (
    2.0  # of processor time, for a machine that is busy with other things makes no picture a bad one
)
MOST_MEGABYTES: Final = 300


@dataclass
class Tried:
    """What became of so many pictures, and those that did what none may do: why, and the picture."""

    count: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    signals: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    longest: float = 0.0
    megabytes: float = 0.0
    bad: list[tuple[str, bytes]] = field(default_factory=list)


def tried(pictures: Sequence[bytes], cases: int, *, seed: int) -> Tried:
    """Tamper with these pictures so often, and try each result."""
    chance, found, processes = random.Random(seed), Tried(), list[Developing]()
    started = decode._started

    def noted(source):
        process = started(source)
        processes.append(process)
        return process

    decode._started = noted
    try:
        with on_standby():
            for _case in range(cases):
                processes.clear()
                _try(mutated(chance.choice(pictures), pictures, chance), processes, found)
    finally:
        decode._started = started
    return found


def _try(picture: bytes, processes: list[Developing], found: Tried) -> None:
    found.count += 1
    try:
        made = renditions(io.BytesIO(picture))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what must not happen
        found.bad.append((f"the worker was told {error!r}", picture))
        return
    (process,) = processes
    found.outcomes["ready" if isinstance(made, Renditions) else str(made.reason)] += 1
    if not isinstance(process, Developing):
        found.bad.append(("the standby was away", picture))
        return
    if (process.returncode or 0) < 0:
        found.signals[-process.returncode] += 1
    found.seconds += process.seconds
    found.longest = max(found.longest, process.seconds)
    found.megabytes = max(found.megabytes, process.kilobytes / 1024)
    if process.seconds > MOST_SECONDS:
        found.bad.append((f"{process.seconds:.1f} s", picture))
    if process.kilobytes > MOST_MEGABYTES * 1024:
        found.bad.append((f"{process.kilobytes // 1024} MB", picture))
