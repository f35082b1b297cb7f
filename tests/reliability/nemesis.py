"""Kills, drawn by a seed: which process dies next, and after how long, is the same for the same seed.

Every kill is a SIGKILL. What dies is started again by whoever keeps it up in life: the supervisor, gunicorn, the
postmaster, and for a whole cluster we, as systemd would.
"""

import math
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import psycopg

from tests.living import until
from tests.reliability.citizens import Crowd
from tests.reliability.city import City, kill_cluster
from tests.reliability.processes import kill

WEB_WORKER: Final = "web worker"
WEB_MASTER: Final = "web master"
WORKER: Final = "background worker"
BACKEND: Final = "database backend"
CLUSTER: Final = "whole database"
KINDS: Final = (WEB_WORKER, WEB_MASTER, WORKER, BACKEND, CLUSTER)


@dataclass
class Tally:
    """What a nemesis did: how often each kind died, and how long after each no report was acknowledged."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    silence: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def all(self) -> int:
        """How many died."""
        return sum(self.kills.values())


class Nemesis:
    """Kills one after the other while a crowd reports."""

    def __init__(self, city: City, seed: int) -> None:
        self.city, self.tally = city, Tally()
        self._chance = random.Random(seed)
        self._victims: dict[str, Callable[[], int | None]] = {
            WEB_WORKER: lambda: self._one_of(self.city.web_workers()),
            WEB_MASTER: self.city.master,
            WORKER: self.city.worker,
            BACKEND: lambda: self._one_of(self.city.backends()),
        }

    def storm(self, crowd: Crowd, *, kills: int, reports: int, seconds: float = math.inf) -> None:
        """Kill so often, all kinds in turn in an order of chance; let so many reports be acknowledged in all.

        After so many `seconds` it is enough, however many it were.
        """
        begun, share, end = crowd.acknowledged, reports / max(1, kills), time.monotonic() + seconds
        while self.tally.all < kills and time.monotonic() < end:
            for kind in self._chance.sample(KINDS, len(KINDS))[: kills - self.tally.all]:
                self.strike(kind, crowd)
                owed = begun + int(share * self.tally.all) - crowd.acknowledged
                crowd.go_on(max(self._chance.randint(1, 20), owed), seconds=600)

    def strike(self, kind: str, crowd: Crowd) -> float:
        """Kill one of this kind and wait until a report is acknowledged that was not yet; return the seconds."""
        while not self._killed(kind):
            pass  # it had just ended by itself
        begun = time.monotonic()
        if kind == CLUSTER:
            self.city.cluster.start()
        crowd.go_on(1)
        silent = time.monotonic() - begun
        self.tally.kills[kind] += 1
        self.tally.silence[kind].append(silent)
        return silent

    def _killed(self, kind: str) -> bool:
        if kind == CLUSTER:
            kill_cluster(self.city.cluster)
            return True
        pid = until(lambda: self._found(kind), seconds=60, what=f"a {kind}")
        return kill(pid)

    def _found(self, kind: str) -> int | None:
        try:
            return self._victims[kind]()
        except psycopg.OperationalError:
            return None  # the database recovers from the kill before

    def _one_of(self, pids: list[int]) -> int | None:
        return self._chance.choice(sorted(pids)) if pids else None
