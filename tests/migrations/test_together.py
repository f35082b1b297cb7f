"""Old code beside a newer database: it goes on if the migrations say so, and says in a sentence if it cannot."""

import pytest
from sqlalchemy import text

from cps.console import migrating
from cps.console import schema as starting
from cps.health import store
from cps.health.finding import State
from cps.kernel import schema
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.kernel.files import MIGRATIONS
from tests.migrations.tomorrow import BEFORE, LATER, NEXT, NOW, started

OLDEST = "0049"  # what works with the last migration that is written
EXPAND = (
    "op.add_column('complaint', sa.Column('weight', sa.BigInteger()))",
    "op.drop_column('complaint', 'weight')",
)
CONTRACT = (
    "op.drop_column('complaint', 'weight')",
    "op.add_column('complaint', sa.Column('weight', sa.BigInteger()))",
)


@pytest.fixture
def yesterday(monkeypatch):
    """Turn this process back into the release of today, which is old beside the database of tomorrow."""

    def back() -> None:
        db.session.remove()
        monkeypatch.setattr(migrating, "MIGRATIONS", MIGRATIONS)
        monkeypatch.setattr(schema, "MIGRATIONS", MIGRATIONS)

    return back


@pytest.mark.parametrize(
    ("steps", "oldest"),
    [
        ([(*EXPAND, NOW)], NOW),
        ([(*EXPAND, "0033")], OLDEST),  # what the last itself works with is not undone by what comes later
        ([(*EXPAND, NOW), (*CONTRACT, NEXT)], NEXT),
        ([(*EXPAND, NOW), (*CONTRACT, None)], LATER),
        ([(*EXPAND, None), (*CONTRACT, NOW)], NEXT),
    ],
)
def test_the_database_says_which_code_works_with_it(copy, tomorrow, steps, oldest):
    tomorrow(*steps)

    migrating.to_head()

    at = schema.present()
    assert (at, schema.oldest(at)) == (f"{int(NOW) + len(steps):04}", oldest)


def test_an_older_release_is_ready_and_starts_on_a_database_that_works_with_it(
    in_use, tomorrow, yesterday, settings, monkeypatch
):
    tomorrow((*EXPAND, NOW))
    migrating.to_head()
    yesterday()

    found = store.migrations(settings)
    processes: list[object] = []
    monkeypatch.setattr(starting.subprocess, "run", lambda *args, **_more: processes.append(args))
    starting.ensure_current()
    migrating.to_head()

    assert in_use.test_client().get("/health/ready").status_code == 200
    assert (found.state, f"newer than {NOW}, and works with" in found.told) == (State.OK, True)
    assert (schema.present(), processes) == (NEXT, [])


def test_an_older_release_is_not_ready_on_one_that_does_not(in_use, tomorrow, yesterday, settings):
    tomorrow((*EXPAND, NOW), (*CONTRACT, NEXT))
    migrating.to_head()
    yesterday()

    found = store.migrations(settings)
    with pytest.raises(Unusable) as reason:
        migrating.to_head()

    assert in_use.test_client().get("/health/ready").status_code == 503
    assert found.state is State.FAULT
    assert f"works with releases from {NEXT} on; this one is at {NOW}" in str(reason.value)


def test_a_note_about_another_state_is_not_believed(copy, tomorrow, yesterday):
    tomorrow((*EXPAND, NOW))
    migrating.to_head()
    db.session.execute(text(f"COMMENT ON TABLE alembic_version IS '{LATER} works with 0001'"))
    db.session.commit()
    yesterday()

    assert not schema.suits(NEXT)


@pytest.mark.parametrize("note", ["NULL", f"'{NEXT}'", f"'{NEXT} works with '", "''"])
def test_a_note_that_is_none_is_not_believed(copy, tomorrow, yesterday, note):
    tomorrow((*EXPAND, NOW))
    migrating.to_head()
    db.session.execute(text(f"COMMENT ON TABLE alembic_version IS {note}"))
    db.session.commit()
    yesterday()

    assert not schema.suits(NEXT)


def test_the_release_that_made_it_takes_the_database_back_for_an_older_one(
    in_use, tomorrow, yesterday, database_url
):
    release = tomorrow((*EXPAND, NOW), (*CONTRACT, None))
    migrating.to_head()
    db.session.remove()

    process = started(release, database_url, "database", "migrate", "--to", NOW, "--yes")
    said = process.communicate()[0]
    yesterday()

    assert (process.returncode, said) == (0, "")
    assert (schema.present(), schema.oldest(NOW)) == (NOW, OLDEST)
    assert schema.suits(NOW)


def test_it_is_asked_before_anything_is_lost(in_use, tomorrow, database_url):
    release = tomorrow((*EXPAND, NOW))
    migrating.to_head()
    db.session.remove()

    process = started(release, database_url, "database", "migrate", "--to", NOW)
    said = process.communicate()[0]

    assert (process.returncode, f"What only migrations after {NOW} keep will be lost" in said) == (1, True)
    assert schema.present() == NEXT


@pytest.mark.parametrize("to", [NEXT, LATER, "9999", NOW.lstrip("0"), "", "base", "00"])
def test_there_is_no_way_back_to_what_is_not_behind(copy, tomorrow, to):
    tomorrow((*EXPAND, NOW))
    migrating.to_head()

    with pytest.raises(Unusable, match="no way back"):
        migrating.back_to(to)

    assert schema.present() == NEXT


def test_an_older_release_takes_nothing_back_that_it_does_not_know(copy, tomorrow, yesterday):
    tomorrow((*EXPAND, NOW))
    migrating.to_head()
    yesterday()

    with pytest.raises(Unusable, match="knows nothing"):
        migrating.back_to(BEFORE)

    assert schema.present() == NEXT
