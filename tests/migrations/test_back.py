"""Every migration can be taken back: the schema is then what it was, and so is what people wrote."""

import os
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import flask_migrate
import psycopg
import pytest

from cps.console import migrating
from cps.kernel.db import db
from cps.kernel.files import MIGRATIONS
from cps.kernel.postgres_programs import found

STEPS = 10
_NUMBERS = sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
_SECRET = re.compile(r"^\\(?:un)?restrict .*$", re.MULTILINE)  # a new one for each dump
_WRITTEN = "SELECT reference, words, landmark, status, due_at, closed_at FROM complaint ORDER BY id"


@pytest.fixture
def dumped(database_url: str):
    """Dump the schema: columns as they are named, for one that is added again stands at the end."""
    bindir = found(Path(os.environ["CPS_PG_BINDIR"]) if "CPS_PG_BINDIR" in os.environ else None)
    url = database_url.replace("/cps?", "/moved?")

    def dump() -> list[str]:
        ran = subprocess.run(
            [bindir / "pg_dump", "--schema-only", "--no-owner", "--dbname", url],
            capture_output=True,
            text=True,
            check=True,
        )
        return sorted(line.rstrip(",") for line in _SECRET.sub("", ran.stdout).splitlines() if line)

    return dump


@pytest.fixture
def written(database_url: str):
    def read() -> list[tuple[object, ...]]:
        with psycopg.connect(database_url.replace("/cps?", "/moved?")) as connection:
            return connection.execute(_WRITTEN).fetchall()

    return read


@pytest.fixture(autouse=True)
def _alembic(in_use) -> None:
    flask_migrate.Migrate(in_use, db, directory=str(MIGRATIONS))


def to(number: str, direction=flask_migrate.downgrade) -> None:
    direction(directory=str(MIGRATIONS), revision=number)


def test_the_last_migrations_are_taken_back_and_made_again_one_by_one(in_use, dumped, written):
    before, words = {_NUMBERS[-1]: dumped()}, written()
    for last, this in pairwise(_NUMBERS[: -STEPS - 2 : -1]):
        to(this)
        before[this] = dumped()
        assert before[this] != before[last], f"{last} changes nothing"
        assert written() == words

    for number in _NUMBERS[-STEPS:]:
        to(number, flask_migrate.upgrade)
        assert dumped() == before[number]

    assert written() == words != []


def test_a_city_in_use_goes_back_to_nothing_and_is_made_again(in_use, dumped):
    before = dumped()
    db.session.remove()

    to("base")
    with psycopg.connect(db.engine.url.render_as_string(False).replace("+psycopg", "")) as connection:
        left = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%alembic%'"
        ).fetchone()
    migrating.to_head()

    assert left == (0,)
    assert dumped() == before
