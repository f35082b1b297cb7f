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
from tests.migrations.tomorrow import started

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
        ([(*EXPAND, "0049")], "0049"),
        ([(*EXPAND, "0033")], "0049"),  # what 0049 itself works with is not undone by what comes later
        ([(*EXPAND, "0049"), (*CONTRACT, "0050")], "0050"),
        ([(*EXPAND, "0049"), (*CONTRACT, None)], "0051"),
        ([(*EXPAND, None), (*CONTRACT, "0049")], "0050"),
    ],
)
def test_the_database_says_which_code_works_with_it(copy, tomorrow, steps, oldest):
    tomorrow(*steps)

    migrating.to_head()

    at = schema.present()
    assert (at, schema.oldest(at)) == (f"{49 + len(steps):04}", oldest)


def test_an_older_release_is_ready_and_starts_on_a_database_that_works_with_it(
    in_use, tomorrow, yesterday, settings, monkeypatch
):
    tomorrow((*EXPAND, "0049"))
    migrating.to_head()
    yesterday()

    found = store.migrations(settings)
    processes: list[object] = []
    monkeypatch.setattr(starting.subprocess, "run", lambda *args, **_more: processes.append(args))
    starting.ensure_current()
    migrating.to_head()

    assert in_use.test_client().get("/health/ready").status_code == 200
    assert (found.state, "newer than 0049, and works with" in found.told) == (State.OK, True)
    assert (schema.present(), processes) == ("0050", [])


def test_an_older_release_is_not_ready_on_one_that_does_not(in_use, tomorrow, yesterday, settings):
    tomorrow((*EXPAND, "0049"), (*CONTRACT, "0050"))
    migrating.to_head()
    yesterday()

    found = store.migrations(settings)
    with pytest.raises(Unusable) as reason:
        migrating.to_head()

    assert in_use.test_client().get("/health/ready").status_code == 503
    assert found.state is State.FAULT
    assert "works with releases from 0050 on; this one is at 0049" in str(reason.value)


def test_a_note_about_another_state_is_not_believed(copy, tomorrow, yesterday):
    tomorrow((*EXPAND, "0049"))
    migrating.to_head()
    db.session.execute(text("COMMENT ON TABLE alembic_version IS '0051 works with 0001'"))
    db.session.commit()
    yesterday()

    assert not schema.suits("0050")


@pytest.mark.parametrize("note", ["NULL", "'0050'", "'0050 works with '", "''"])
def test_a_note_that_is_none_is_not_believed(copy, tomorrow, yesterday, note):
    tomorrow((*EXPAND, "0049"))
    migrating.to_head()
    db.session.execute(text(f"COMMENT ON TABLE alembic_version IS {note}"))
    db.session.commit()
    yesterday()

    assert not schema.suits("0050")


def test_the_release_that_made_it_takes_the_database_back_for_an_older_one(
    in_use, tomorrow, yesterday, database_url
):
    release = tomorrow((*EXPAND, "0049"), (*CONTRACT, None))
    migrating.to_head()
    db.session.remove()

    process = started(release, database_url, "database", "migrate", "--to", "0049", "--yes")
    said = process.communicate()[0]
    yesterday()

    assert (process.returncode, said) == (0, "")
    assert (schema.present(), schema.oldest("0049")) == ("0049", "0049")
    assert schema.suits("0049")


def test_it_is_asked_before_anything_is_lost(in_use, tomorrow, database_url):
    release = tomorrow((*EXPAND, "0049"))
    migrating.to_head()
    db.session.remove()

    process = started(release, database_url, "database", "migrate", "--to", "0049")
    said = process.communicate()[0]

    assert (process.returncode, "What only migrations after 0049 keep will be lost" in said) == (1, True)
    assert schema.present() == "0050"


@pytest.mark.parametrize("to", ["0050", "0051", "9999", "49", "", "base", "00"])
def test_there_is_no_way_back_to_what_is_not_behind(copy, tomorrow, to):
    tomorrow((*EXPAND, "0049"))
    migrating.to_head()

    with pytest.raises(Unusable, match="no way back"):
        migrating.back_to(to)

    assert schema.present() == "0050"


def test_an_older_release_takes_nothing_back_that_it_does_not_know(copy, tomorrow, yesterday):
    tomorrow((*EXPAND, "0049"))
    migrating.to_head()
    yesterday()

    with pytest.raises(Unusable, match="knows nothing"):
        migrating.back_to("0048")

    assert schema.present() == "0050"
