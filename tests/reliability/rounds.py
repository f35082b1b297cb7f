"""A round: citizens report, something happens, and afterwards the checker looks at everything.

Each round has a ledger of its own on the same city; what earlier rounds left stays true.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.living import a_folder, until
from tests.reliability import checker
from tests.reliability.checker import Found
from tests.reliability.citizens import Crowd, Habits, reporting
from tests.reliability.city import City, a_city
from tests.reliability.disks import SmallDisk, a_small_disk
from tests.reliability.ledger import Account, Ledger

_UNFINISHED = (
    "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE task_name IN ('announce', 'deliver', 'develop')"
    " AND status IN ('todo', 'doing')) + (SELECT count(*) FROM message WHERE state = 'waiting')"
)


@dataclass
class Round:
    """The books of a city under test: one ledger for all that happens to it, and how often a letter may come again.

    `at_once`: everything is looked at after each fault; else only in the end, by `reckoning`.
    """

    city: City
    book: Ledger
    seed: int
    at_once: bool = True
    explained: int = 0
    _turns: int = 0

    @contextmanager
    def reporting(
        self, citizens: int = 4, habits: Habits | None = None, *, base_url: str = ""
    ) -> Iterator[Crowd]:
        """Let citizens report until the block ends; no two crowds of a round say the same."""
        self._turns += 1
        habits = habits or Habits(photos=0.1, letters=0.2)
        with reporting(
            base_url or self.city.base_url,
            self.book,
            citizens=citizens,
            habits=habits,
            seed=self.seed * 100 + self._turns,
        ) as crowd:
            yield crowd

    def account(self) -> Account:
        """Read the ledger."""
        return self.book.read()

    def found(self) -> Found:
        """Look at everything the city has."""
        return checker.look(self.city.cluster, self.city.photos, self.city.inbox.letters())

    def settle(self, *, seconds: float = 120, is_patient: bool = False) -> float:
        """Wait until every letter has left and every photo is developed; return the seconds.

        Half a minute goes by at once for jobs of workers that died, unless `is_patient`.
        """
        begun = time.monotonic()
        if self.at_once:
            self._wait(seconds, is_patient=is_patient)
        return time.monotonic() - begun

    def breaches(self) -> list[str]:
        """Say what is wrong with the city now that it has settled."""
        return self._judged() if self.at_once else []

    def reckoning(self) -> list[str]:
        """Wait until the city has settled, and say what is wrong with it."""
        self._wait(120, is_patient=False)
        return self._judged()

    def _judged(self) -> list[str]:
        return checker.judge(self.account(), self.found(), kills=self.explained)

    def _wait(self, seconds: float, *, is_patient: bool) -> None:
        until(lambda: self._is_settled(is_patient=is_patient), seconds=seconds, what="the queue to be empty")

    def _is_settled(self, *, is_patient: bool) -> bool:
        try:
            if not is_patient:
                self.city.time_goes_by()
            return self.city.rows(_UNFINISHED) == [(0,)]
        except psycopg.OperationalError:
            return False


@contextmanager
def a_round(city: City, folder: Path, seed: int, *, at_once: bool = True) -> Iterator[Round]:
    """Open the books of a city."""
    book = Ledger(folder / f"ledger-{seed}")
    try:
        yield Round(city, book, seed, at_once)
    finally:
        book.close()


@contextmanager
def on_small_disks(
    seed: int, sizes: dict[str, int], *, at_once: bool = True
) -> Iterator[tuple[Round, dict[str, SmallDisk]]]:
    """Have a city of which each part has a small disk of its own, by the names of their folders (MiB)."""
    with ExitStack() as stack:
        folder = stack.enter_context(a_folder())
        disks = {
            name: stack.enter_context(a_small_disk(folder / name, mebibytes=size))
            for name, size in sizes.items()
        }
        (folder / "tmp").chmod(0o1777)
        city = stack.enter_context(a_city(folder, TMPDIR=str(folder / "tmp")))
        yield stack.enter_context(a_round(city, folder, seed, at_once=at_once)), disks
