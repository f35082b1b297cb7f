"""Whatever dies, fills up or breaks while citizens report: nothing acknowledged is lost, nothing is done twice.

One city for all of it, hurt a little in every way, and judged in the end; `make survive` does so a thousand times, and
judges after each fault (docs/survival.md).
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.living import a_folder, until
from tests.reliability import lines, outages, storage
from tests.reliability.citizens import Habits
from tests.reliability.city import a_city, kill_cluster
from tests.reliability.disks import IS_ROOT, SmallDisk
from tests.reliability.nemesis import KINDS, Nemesis
from tests.reliability.processes import is_alive
from tests.reliability.rounds import Round, a_round, on_small_disks

SEED = int(os.environ.get("SEED") or 20150401)

_LETTER_SECONDS = 25  # the worker notices, ends, is started again, and finds the new report
_DISKS = {"pg": 500, "var": 48, "var/photos": 48, "tmp": 16}

pytestmark = pytest.mark.xdist_group("living")
as_root = pytest.mark.skipif(not IS_ROOT, reason="only root mounts a disk")


@pytest.fixture(scope="module")
def hurt() -> Iterator[tuple[Round, dict[str, SmallDisk]]]:
    """A city that is hurt by one test after the other, on disks that can be filled."""
    if IS_ROOT:
        with on_small_disks(SEED, _DISKS, at_once=False) as city:
            yield city
    else:
        with (
            a_folder() as folder,
            a_city(folder) as city,
            a_round(city, folder, SEED, at_once=False) as books,
        ):
            yield books, {}


@pytest.fixture
def books(hurt) -> Round:
    return hurt[0]


@pytest.fixture
def place() -> Iterator[Path]:
    with a_folder() as folder:
        yield folder


def test_filing_goes_on_within_seconds_whatever_is_killed(books):
    nemesis = Nemesis(books.city, SEED)

    with books.reporting() as crowd:
        nemesis.storm(crowd, kills=len(KINDS), reports=60)
    books.explained += nemesis.tally.all

    assert crowd.failures == []
    assert set(nemesis.tally.kills.values()) == {1}
    assert crowd.acknowledged >= 60


def test_letters_leave_again_soon_after_the_whole_database_was_killed(books):
    came = len(books.city.inbox.letters())
    books.city.worker()

    kill_cluster(books.city.cluster)
    books.city.cluster.start()
    books.explained += 1
    with books.reporting(habits=Habits(letters=1.0)) as crowd:
        crowd.go_on(3)

    books.city.inbox.wait_for(came + 3, seconds=_LETTER_SECONDS)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda books: outages.restarts(books, times=2), id="restart"),
        pytest.param(lambda books: outages.outage(books, seconds=1), id="outage"),
        pytest.param(lambda books: storage.no_sync(books, reports=5), id="no-sync"),
        pytest.param(lambda books: outages.rolling(books, times=1), id="rolling"),
        pytest.param(lambda books: lines.cuts(books, every=83), id="cuts"),
    ],
)
def test_nobody_is_told_what_is_not_so(books, fault):
    assert fault(books).breaches == []


@pytest.mark.parametrize("fault", [storage.instants, storage.rot])
def test_a_copy_of_any_instant_has_all_that_was_told_and_a_flipped_bit_is_noticed(books, place, fault):
    assert fault(books, place, times=1).breaches == []


@as_root
@pytest.mark.parametrize("disk", list(_DISKS))
def test_a_full_disk_is_told_to_whoever_writes_and_to_nobody_who_reads(hurt, disk):
    books, disks = hurt
    habits = storage.HEAVY if disk == "tmp" else storage.PHOTOS

    is_needed = disk in (
        "pg",
        "var/photos",
    )  # logs can be done without; that /tmp was needed was not seen yet

    told = storage.full(books, disk, disks[disk], seconds=1, habits=habits, is_needed=is_needed)

    assert told.breaches == []


def test_a_worker_that_is_told_to_end_ends_at_once(books):
    worker = books.city.worker()
    until(
        lambda: (
            books.city.rows(
                "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '10 seconds'"
            )[0][0]
            >= 2
        ),
        seconds=30,
        what="both queues to be worked on",
    )

    os.kill(worker, signal.SIGTERM)

    until(lambda: not is_alive(worker), seconds=10, what="its end")


def test_in_the_end_everything_acknowledged_is_there_once_with_its_photo_and_its_letter(books):
    with books.reporting() as crowd:
        crowd.go_on(10)

    assert books.reckoning() == []
    assert len(books.account().told) >= 10
