"""One installed city with a backup for all tests of backups, and one restored copy of it: both take seconds to make.

Backups go by the machine's clock, so it is not the Monday of the other tests here.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from cps.backup import mark, tables
from cps.backup.drill import drill
from cps.backup.mark import Mark
from cps.backup.report import Asked, Report
from cps.backup.scratch import Scratch, served
from cps.backup.setup import Backups, backups_of
from cps.backup.verifying import Restored
from cps.kernel import clock, schema
from cps.photos.storage import FolderStorage
from cps.settings import from_environment
from tests.backup.installation import Installation, an_installation
from tests.living import a_folder


@pytest.fixture(autouse=True)
def _monday_morning() -> None:
    """Leave the clock alone."""


@pytest.fixture(scope="session")
def installed() -> Iterator[Installation]:
    """A city with three reports and a photo, backed up as its timers do it."""
    with a_folder("cps-backup-", within=quick_place()) as folder, an_installation(folder) as city:
        filling = [sys.executable, "-m", "tests.backup.filling"]
        subprocess.run(filling, env={**os.environ, **city.environment}, check=True, capture_output=True)
        for command in ("prepare", "run"):
            ended = city.cps("backup", command)
            assert ended.exit_code == 0, ended.output
        yield city


def quick_place() -> Path:
    """Return where files are quickest to sync, of which a restored cluster has thousands: in memory, if there is room."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 2**30
    return memory if has_room else Path("/tmp")


@pytest.fixture(scope="session")
def backups(installed: Installation) -> Backups:
    return backups_of(from_environment(installed.environment))


@pytest.fixture(scope="session")
def asked(installed: Installation) -> Asked:
    """What the console asks of a drill."""
    return Asked(
        installed.url,
        installed.var,
        FolderStorage(installed.var / "photos"),
        installed.folder / "drill",
        schema.needed(),
    )


@dataclass(frozen=True)
class Copy:
    """A restored copy that is kept, the report of its drill, and what it held when it was proved."""

    place: Scratch
    backups: Backups
    asked: Asked
    report: Report
    proved: Mark | None = None

    @contextmanager
    def started(self) -> Iterator[Restored]:
        """Have the copy running."""
        environment = self.backups.base.environment()
        lock = os.open(self.place.folder, os.O_RDONLY)
        try:
            place = replace(self.place, lock=lock)
            with served(place, like=self.asked.url, bindir=None, environment=environment) as url:
                yield Restored(url, place, self.backups.media, self.asked, self.proved)
        finally:
            os.close(lock)

    def faults(self) -> list[str]:
        """Start the copy and return all that is wrong with it."""
        with self.started() as restored:
            return faults(restored)


def faults(restored: Restored) -> list[str]:
    """Return all that is wrong with a running copy."""
    report = Report(clock.now(), is_living=True)
    restored.verify(report)
    return report.faults


@pytest.fixture(scope="session")
def copy(installed: Installation, backups: Backups, asked: Asked) -> Copy:
    """A copy restored while somebody wrote all the time."""
    into = installed.folder / "copy"
    with writing(installed.url):
        report = drill(backups, replace(asked, into=into, keep=True), say=lambda _words: None)
    made = Copy(Scratch(into, backups.account), backups, asked, report)
    with made.started() as restored, tables.connected(restored.url) as connection:
        sums = tables.sums(connection, tables.tables(connection))
        proved = Mark("proved", clock.now(), sums, mark.migration(connection))
    return replace(made, proved=proved)


@contextmanager
def writing(url: str) -> Iterator[None]:
    """Have somebody change every report, over and over, until the block ends."""
    done = Event()

    def write() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not done.wait(0.005):
                connection.execute("UPDATE complaint SET landmark = left(md5(random()::text), 8)")

    thread = Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def one_bit_flipped(path: Path, byte: int) -> Iterator[None]:
    """Have one bit of a file other than it was until the block ends."""

    def flip() -> None:
        with path.open("r+b") as file:
            file.seek(byte)
            found = file.read(1)[0]
            file.seek(byte)
            file.write(bytes([found ^ 1]))

    flip()
    try:
        yield
    finally:
        flip()
