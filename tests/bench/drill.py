"""`python -m tests.bench.drill`: back up a city of COMPLAINTS reports and some photos, and prove it by a drill while it lives.

Somebody files and changes all the time; how long the slowest of these took says what the drill costs who is at work.
"""

import os
import secrets
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from cps.app import create_app
from cps.backup.drill import drill
from cps.backup.report import RPO_GOAL, Asked
from cps.backup.setup import backups_of
from cps.city.load import load
from cps.console import migrating
from cps.console.checking import checked
from cps.kernel import schema
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.photos.storage import FolderStorage
from cps.settings import from_environment
from tests.backup.installation import Installation, an_installation
from tests.bench.desk import _fill
from tests.living import a_folder

COMPLAINTS = int(os.environ.get("COMPLAINTS", "1000000"))
PHOTOS, PHOTO_BYTES = 500, 400_000
MOST_SECONDS = 600

# The desk's measurement leaves each report's one event as it came in; here history and report must agree.
_AGREE = """
SET session_replication_role = replica;
UPDATE event e SET status = c.status, department_id = c.department_id FROM complaint c WHERE c.id = e.complaint_id;
"""
_PHOTO = "INSERT INTO photo (key, complaint_id, purpose, position, original, original_size, state, taken_in_at) VALUES (%s, %s, 'before', 0, %s, %s, 'waiting', now())"


def main() -> None:
    """Print what took how long, and what was missed."""
    with a_folder("cps-drill-") as folder, an_installation(folder) as city:
        _said("filled", _filled, city)
        settings = from_environment(city.environment)
        backups = backups_of(settings)
        backups.base.prepare()
        backups.media.prepare()
        _said("base backup", backups.base.back_up)
        _said("files backed up", backups.media.back_up)
        asked = Asked(
            city.url, city.var, FolderStorage(city.var / "photos"), folder / "drill", schema.needed()
        )
        with _at_work(city.url) as waits:
            time.sleep(70)  # longer than archive_timeout, so that the archive is as it is in a city
            report = _said(
                "whole drill", drill, backups, asked, say=lambda words: print(f"  {words}", flush=True)
            )
        print(report.as_json())
        print(_sizes(folder))
        met = report.rto_seconds is not None and report.rto_seconds <= MOST_SECONDS and not report.faults
        rpo = report.rpo_seconds is not None and report.rpo_seconds <= RPO_GOAL.total_seconds()
        print(f"{len(waits):,} writes meanwhile, the slowest took {max(waits) * 1000:.0f} ms")
        print(
            f"RTO {report.rto_seconds} s{'' if met else '  missed'}   RPO {report.rpo_seconds} s{'' if rpo else '  missed'}"
        )


def _said(what: str, act, *arguments, **more):  # type: ignore[no-untyped-def]
    begun = time.perf_counter()
    found = act(*arguments, **more)
    print(f"── {what} in {time.perf_counter() - begun:.0f} s", flush=True)
    return found


def _filled(city: Installation) -> None:
    settings = from_environment(city.environment)
    app = create_app(settings, database_url=city.url)
    with app.app_context():
        migrating.to_head()
        load(checked(CITIES / "hanoi"))
        db.session.commit()
        db.session.remove()
    _fill(app, COMPLAINTS)
    with app.app_context():
        db.engine.dispose()
    storage = FolderStorage(city.var / "photos")
    with psycopg.connect(city.superuser_url) as connection:
        connection.execute(_AGREE)
        for number in range(1, PHOTOS + 1):
            blob = storage.put(secrets.token_bytes(PHOTO_BYTES))
            connection.execute(_PHOTO, (secrets.token_urlsafe(16), number, blob, PHOTO_BYTES))


@contextmanager
def _at_work(url: str) -> Iterator[list[float]]:
    """Have reports changed twenty times a second until the block ends; the list fills with how long each took."""
    done, waits = threading.Event(), [0.0]

    def work() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not done.wait(0.05):
                begun = time.perf_counter()
                connection.execute(
                    "UPDATE complaint SET landmark = left(md5(random()::text), 8) WHERE id = %s",
                    (1 + secrets.randbelow(COMPLAINTS),),
                )
                waits.append(time.perf_counter() - begun)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield waits
    finally:
        done.set()
        thread.join()


def _sizes(folder: os.PathLike[str]) -> str:
    told = subprocess.run(["du", "-sm", "repository", "files", "pg/data"], cwd=folder, capture_output=True, text=True, check=False)  # fmt: skip
    return "MiB: " + ", ".join(" ".join(line.split()[::-1]) for line in told.stdout.splitlines())


if __name__ == "__main__":
    main()
