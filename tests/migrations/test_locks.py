"""A migration lets everybody else go first, gives up whole, and is made once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from cps.console import migrating
from cps.kernel import schema
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from tests.citizen.acts import OWN
from tests.living import until
from tests.makers import a_report_form
from tests.migrations.tomorrow import LATER, NEXT, NOW, started

COLUMN = (
    "op.add_column('complaint', sa.Column('weight', sa.BigInteger(), nullable=True))",
    "op.drop_column('complaint', 'weight')",
    NOW,
)
TABLE = (
    "op.create_table('weighed', sa.Column('id', sa.BigInteger(), primary_key=True))",
    "op.drop_table('weighed')",
    NOW,
)
INDEX = (
    "concurrently.create_index('ix_complaint_words', 'complaint', ['words'])",
    "concurrently.drop_index('ix_complaint_words', 'complaint')",
    NOW,
)
_IN_LINE = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'complaint'::regclass"
_IS_LONG_AT_IT = """
    SELECT count(*) FROM pg_stat_progress_create_index JOIN pg_stat_activity USING (pid)
    WHERE clock_timestamp() - query_start > interval '500 milliseconds'
"""
_AT_THE_DOOR = """
    SELECT (SELECT count(*) FROM pg_stat_progress_create_index), count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND (query LIKE '%pg_try_advisory_lock%' OR query = 'ROLLBACK')
    AND pid <> pg_backend_pid()
"""
_IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_complaint_words')"


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try three times, and without a pause."""
    monkeypatch.setattr(migrating, "_PAUSES_SECONDS", (0, 0))


@contextmanager
def somebody(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else at the same database."""
    with psycopg.connect(database_url.replace("/cps?", "/moved?"), autocommit=True) as connection:
        yield connection


@contextmanager
def reading(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who has read complaints and does not go, as a report that is being written to a file."""
    with somebody(database_url) as connection, connection.transaction():
        connection.execute("SELECT count(*) FROM complaint")
        yield connection


def in_a_thread(app, outcome: list[Any]) -> Thread:
    def migrate() -> None:
        with app.app_context():
            try:
                migrating.to_head()
            except Unusable as reason:
                outcome.append(str(reason))
            else:
                outcome.append(schema.present())
            db.session.remove()

    thread = Thread(target=migrate)
    thread.start()
    return thread


def files(app) -> int:
    return app.test_client().post("/complaints", data=a_report_form(), headers=OWN).status_code


def test_citizens_file_while_a_migration_stands_in_line(in_use, tomorrow, database_url, monkeypatch):
    tomorrow(COLUMN)
    monkeypatch.setattr(migrating, "_PAUSES_SECONDS", (0,) * 1000)
    outcome: list[Any] = []

    with somebody(database_url) as looking:
        with reading(database_url):
            migration = in_a_thread(in_use, outcome)
            until(lambda: looking.execute(_IN_LINE).fetchone()[0], seconds=30, what="the migration to wait")
            answers = [files(in_use) for _ in range(3)]
            is_waiting = not outcome
        migration.join()

    assert (answers, is_waiting) == ([303] * 3, True)
    assert outcome == [NEXT]


def test_a_migration_that_gives_up_leaves_the_database_whole_and_says_so(in_use, tomorrow, database_url):
    tomorrow(TABLE, COLUMN, TABLE)

    with reading(database_url) as reader:
        who = reader.info.backend_pid
        with pytest.raises(Unusable) as reason:
            migrating.to_head()

    assert f"the transaction open longest is that of process {who}, for" in str(reason.value)
    assert f"stays at migration {NEXT}, whole" in str(reason.value)
    assert schema.present() == NEXT
    assert db.session.scalar(text("SELECT to_regclass('weighed')::text")) == "weighed"
    assert files(in_use) == 303


def test_patience_is_new_after_each_migration(in_use, tomorrow, database_url, monkeypatch):
    tomorrow(COLUMN, ("op.drop_column('complaint', 'weight')", "pass", None))
    monkeypatch.setattr(migrating, "_PAUSES_SECONDS", (1, 2))
    waited: list[float] = []

    with somebody(database_url) as reader:
        reader.execute("BEGIN; SELECT count(*) FROM complaint")

        def wait(seconds: float) -> None:
            waited.append(seconds)
            if waited == [1, 2]:  # gets through the first one only
                reader.execute("COMMIT")
                with in_use.app_context():
                    migrating.flask_migrate.upgrade(directory=str(migrating.MIGRATIONS), revision=NEXT)
                reader.execute("BEGIN; SELECT count(*) FROM complaint")
            if waited == [1, 2, 1, 2]:
                reader.execute("COMMIT")

        monkeypatch.setattr(migrating, "_wait", wait)
        migrating.to_head()

    assert waited == [1, 2, 1, 2]
    assert schema.present() == LATER


def test_an_index_waits_beside_those_who_write_as_long_as_it_takes(
    in_use, tomorrow, database_url, monkeypatch
):
    tomorrow(INDEX)
    monkeypatch.setattr(migrating, "_PAUSES_SECONDS", ())
    outcome: list[Any] = []

    with somebody(database_url) as looking:
        with reading(database_url) as writer:
            writer.execute("UPDATE complaint SET words = words")
            migration = in_a_thread(in_use, outcome)
            until(
                lambda: outcome or looking.execute(_IS_LONG_AT_IT).fetchone()[0],
                seconds=30,
                what="the index to wait longer than anything else may",
            )
            answer = files(in_use)
            is_waiting = not outcome
        migration.join()
        valid = looking.execute(_IS_VALID).fetchone()

    assert (answer, is_waiting) == (303, True)
    assert (outcome, valid) == ([NEXT], (True,))


def test_what_is_left_of_an_index_that_failed_is_taken_away_first(in_use, tomorrow, database_url):
    tomorrow(INDEX)
    with somebody(database_url) as other:
        with reading(database_url) as writer:
            writer.execute("UPDATE complaint SET words = words")
            other.execute("SET lock_timeout = '1ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("CREATE INDEX CONCURRENTLY ix_complaint_words ON complaint (words)")
        before = other.execute(_IS_VALID).fetchone()
        migrating.to_head()
        after = other.execute(_IS_VALID).fetchone()

    assert (before, after) == ((False,), (True,))


def test_processes_that_start_together_migrate_once(in_use, tomorrow, database_url):
    release = tomorrow(INDEX, TABLE)

    with somebody(database_url) as looking:
        with reading(
            database_url
        ) as writer:  # the index waits for this, and must not wait for the others' turn
            writer.execute("UPDATE complaint SET words = words")
            processes = [started(release, database_url, "database", "migrate") for _ in range(2)]
            until(
                lambda: looking.execute(_AT_THE_DOOR).fetchone() == (1, 1),
                seconds=60,
                what="both to be there",
            )
        said = [process.communicate()[0] for process in processes]

    assert ([process.returncode for process in processes], said) == ([0] * 2, [""] * 2)
    assert schema.present() == LATER


def test_a_database_out_of_reach_is_no_reason_to_try_again(in_use, tomorrow, monkeypatch):
    tomorrow(("op.execute('SELECT pg_terminate_backend(pg_backend_pid())')", "pass", NOW))
    waited: list[float] = []
    monkeypatch.setattr(migrating, "_wait", waited.append)

    with pytest.raises(Exception, match="terminating connection"):
        migrating.to_head()

    assert waited == []
    assert schema.present() == NOW
