"""A city is migrated while old and new code run side by side and citizens report: nothing is lost, nobody refused.

The gate makes a few migrations on a small table, `make migrations` fifty on a large one (MIGRATIONS=… ROWS=…).
"""

import os
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from cps.kernel.db import db
from cps.kernel.files import MIGRATIONS
from tests.living import a_folder, free_port, until
from tests.migrations.tomorrow import NOW, started
from tests.reliability.citizens import Citizen

STEPS = int(os.environ.get("CPS_MIGRATIONS", "6"))
ROWS = int(os.environ.get("CPS_ROWS", "1000"))

# The life of a column, again and again: added to the table that all write to, indexed beside them, demanded, taken away.
_LIFE = (
    ("op.add_column('complaint', sa.Column('weight', sa.BigInteger()))", "pass"),
    ("concurrently.create_index('ix_complaint_weight', 'complaint', ['weight', 'id'])", "pass"),
    (
        "op.create_check_constraint(op.f('ck_heavy'), 'complaint', 'weight > 0', postgresql_not_valid=True)",
        "pass",
    ),
    ("op.execute('ALTER TABLE complaint VALIDATE CONSTRAINT ck_heavy')", "pass"),
    ("concurrently.drop_index('ix_complaint_weight', 'complaint')", "pass"),
    ("op.drop_column('complaint', 'weight')", "pass"),
)
_OWN = {
    "id": "1000000 + n",
    "reference": "'copy-' || n",
    "submission_key": "gen_random_uuid()",
    "tracking_hash": "sha256(n::text::bytea)",
}

pytestmark = pytest.mark.xdist_group("living")


@pytest.fixture
def url(in_use, database_url) -> str:
    db.session.remove()
    return database_url.replace("/cps?", "/moved?")


def fill(url: str) -> None:
    """Copy the one complaint many times, past what a city would file."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        columns = [
            name
            for (name,) in connection.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = 'complaint' AND table_schema = 'public' AND is_generated = 'NEVER'"
            )
        ]
        values = ", ".join(_OWN.get(name, f"c.{name}") for name in columns)
        connection.execute(
            f"INSERT INTO complaint ({', '.join(columns)}) SELECT {values}"
            f" FROM (SELECT * FROM complaint LIMIT 1) c, generate_series(1, {ROWS}) n"
        )


@contextmanager
def web(migrations: Path, url: str, var: Path) -> Iterator[str]:
    """Run the web side of a release and yield where it answers."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    settings = {"CPS_VAR": str(var), "CPS_DEMO": "yes", "CPS_BASE_URL": base_url, "CPS_WEB_WORKERS": "1"}
    process = started(migrations, url, "serve", "--port", str(port), **settings)
    try:
        until(
            lambda: is_ready(base_url) or process.poll() is not None, seconds=60, what="the web to be ready"
        )
        assert process.poll() is None, process.communicate()[0]
        yield base_url
    finally:
        process.terminate()
        process.communicate(timeout=60)


def is_ready(base_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base_url}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class Strict(Citizen):
    """A citizen who is never asked to come again later, and always answered."""

    def _sent(self, key: str, body: bytes, headers: dict[str, str]) -> str | None:
        number = super()._sent(key, body, headers)
        if number is None:
            self.failures.append(f"no answer to {key}")
        return number


@contextmanager
def reporting(base_url: str) -> Iterator[Strict]:
    """Let a citizen send one report after the other until the block ends."""
    stop = threading.Event()
    citizen = Strict(base_url, stop)
    citizen.start()
    try:
        yield citizen
    finally:
        stop.set()
        citizen.join()


def go_on(*citizens: Strict) -> None:
    """Wait until each of them has reported again."""
    before = [len(citizen.ledger) for citizen in citizens]
    until(
        lambda: all(len(one.ledger) > count + 2 for one, count in zip(citizens, before, strict=True)),
        seconds=60,
        what="citizens to report",
    )


def test_a_city_is_migrated_while_old_and_new_code_take_reports(url, tomorrow):
    fill(url)
    release = tomorrow(*((*_LIFE[turn % len(_LIFE)], NOW) for turn in range(STEPS)))

    with a_folder() as var, web(MIGRATIONS, url, var) as old, reporting(old) as yesterday:
        go_on(yesterday)
        migrating = started(release, url, "database", "migrate")
        said = migrating.communicate()[0]
        with web(release, url, var) as new, reporting(new) as today:
            go_on(yesterday, today)
        with web(MIGRATIONS, url, var) as back, reporting(back) as returned:
            go_on(yesterday, returned)

    everybody = (yesterday, today, returned)
    ledger = {key for citizen in everybody for key in citizen.ledger}
    with psycopg.connect(url) as connection:
        stored = {key for (key,) in connection.execute("SELECT submission_key::text FROM complaint")}
        at = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert migrating.returncode == 0, said
    assert at == (f"{int(NOW) + STEPS:04}",)
    assert [failure for citizen in everybody for failure in citizen.failures] == []
    assert ledger <= stored
