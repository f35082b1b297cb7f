"""What a running city takes: processor time and memory by part, and what waits for its worker."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg

from tests.living import Living

_TICK: Final = os.sysconf("SC_CLK_TCK")
_WAITING = (
    "SELECT count(*) FILTER (WHERE queue_name = 'news'), count(*) FILTER (WHERE queue_name <> 'news')"
    " FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at <= now())"
)


@dataclass
class Watch:
    """The parts of a city, by the process each begins with."""

    city: Living
    database: psycopg.Connection
    began: dict[str, float] = field(default_factory=dict)
    at: float = 0.0

    def parts(self) -> dict[str, int]:
        """Return web, worker, database and who watches, by their first process."""
        words = {"serve": "web", "work": "worker"}
        found = {
            name: child
            for child in children(self.city.process.pid)
            for word, name in words.items()
            if word in command(child)
        }
        return {**found, "database": parent(self.database.info.backend_pid), "load": os.getpid()}

    def begin(self) -> None:
        """Count processor time from now on."""
        self.began, self.at = self._times(), time.perf_counter()

    def shares(self) -> dict[str, float]:
        """Return how many cores each part has taken since then."""
        elapsed = time.perf_counter() - self.at
        return {name: (now - self.began.get(name, 0.0)) / elapsed for name, now in self._times().items()}

    def memory(self) -> dict[str, float]:
        """Return the proportional resident megabytes of each part but the load."""
        return {
            name: sum(kilobytes(one, "Pss") for one in family(pid)) / 1024
            for name, pid in self.parts().items()
            if name != "load"
        }

    def waiting(self) -> tuple[int, int]:
        """Return how many events wait to be announced, and how many other jobs."""
        row = self.database.execute(_WAITING).fetchone()
        assert row is not None
        return row[0], row[1]

    def _times(self) -> dict[str, float]:
        # Of who watches only itself: the city is its child.
        return {
            name: seconds(pid) if name == "load" else sum(map(seconds, family(pid)))
            for name, pid in self.parts().items()
        }


def family(pid: int) -> Iterator[int]:
    """Give a process and all that descend from it."""
    yield pid
    for child in children(pid):
        yield from family(child)


def children(pid: int) -> list[int]:
    """Return the children of a process, of whichever of its threads."""
    found: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
    return found


def command(pid: int) -> list[str]:
    """Return how a process was started."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []


def parent(pid: int) -> int:
    """Return who started a process."""
    return int(_stat(pid)[1])


def seconds(pid: int) -> float:
    """Return the processor time of a process, with that of its children that have ended and were waited for."""
    with suppress(OSError, IndexError):
        return sum(map(int, _stat(pid)[11:15])) / _TICK
    return 0.0


def kilobytes(pid: int, name: str) -> int:
    """Return a figure of the memory of a process, such as Pss."""
    with suppress(OSError):
        found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) if found else 0
    return 0


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
