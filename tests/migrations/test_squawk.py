"""No migration holds up a city that is in use: squawk reads the SQL of each."""

import tomllib
from pathlib import Path

from cps.console import migrating
from cps.kernel.db import db
from cps.kernel.files import MIGRATIONS
from tests.migrations.squawking import MIXED, findings, overheard

BASELINE = "0049"  # the last migration of before any city was up
# Migrations that take away what no code reads any more, each with the release since which none does.
CONTRACTED: dict[str, str] = {}
_TAKEN_AWAY = {"ban-drop-column", "ban-drop-table"}
KNOWN = tomllib.loads(Path(__file__).with_name("before_cities.toml").read_text())

_NOTHING = ("pass", "0049")
BAD = {
    "a column that must be filled": (
        "op.add_column('complaint', sa.Column('weight', sa.BigInteger(), nullable=False))",
        "adding-required-field",
    ),
    "an index at once": (
        "op.create_index('ix_x', 'complaint', ['words'])",
        "require-concurrent-index-creation",
    ),
    "an index taken away at once": (
        "op.drop_index('ix_complaint_queue', 'complaint')",
        "require-concurrent-index-deletion",
    ),
    "a column of another kind": (
        "op.alter_column('event', 'note', type_=sa.VARCHAR(100))",
        "changing-column-type",
    ),
    "a column that must be full from now on": (
        "op.alter_column('complaint', 'sought', nullable=False)",
        "adding-not-nullable-field",
    ),
    "a rule that all rows are read for": (
        "op.create_check_constraint('ck_x', 'complaint', 'id > 0')",
        "constraint-missing-not-valid",
    ),
    "a column with another name": (
        "op.alter_column('complaint', 'landmark', new_column_name='mark')",
        "renaming-column",
    ),
    "a column that old code reads taken away": (
        "op.drop_column('message', 'unsubscribe')",
        "ban-drop-column",
    ),
    "an index beside something else": (
        "op.create_table('x'); concurrently.create_index('ix_y', 'complaint', ['words'])",
        MIXED,
    ),
}
GOOD = (
    "op.add_column('complaint', sa.Column('weight', sa.BigInteger(), nullable=True))",
    "op.add_column('complaint', sa.Column('is_odd', sa.Boolean(), nullable=False, server_default=sa.text('false')))",
    "concurrently.create_index('ix_complaint_weight', 'complaint', ['weight'])",
    "concurrently.drop_index('ix_complaint_weight', 'complaint')",
    "op.create_check_constraint(op.f('ck_weight'), 'complaint', 'weight > 0', postgresql_not_valid=True)",
    "op.execute('ALTER TABLE complaint VALIDATE CONSTRAINT ck_weight')",
    "op.create_table('y', sa.Column('id', sa.BigInteger(), sa.Identity(), primary_key=True))",
)


def test_squawk_says_nothing_of_a_migration_since_cities_are_up(made, tmp_path):
    found = findings(made.scripts, tmp_path)

    since = {
        number: rules - (_TAKEN_AWAY if number in CONTRACTED else set())
        for number, rules in found.items()
        if number > BASELINE
    }
    assert {number: rules for number, rules in since.items() if rules} == {}


def test_each_migration_since_then_says_what_it_works_with():
    files = [file for file in (MIGRATIONS / "versions").glob("[0-9]*.py") if file.name[:4] > BASELINE]

    assert [file.name for file in files if "\nworks_with = " not in file.read_text()] == []


def test_what_squawk_says_of_older_ones_is_listed_with_a_reason(made, tmp_path):
    found = findings(made.scripts, tmp_path)

    older = {number: rules for number, rules in found.items() if number <= BASELINE}
    assert older == {number: set(known["rules"]) for number, known in KNOWN.items()}
    assert all(known["why"] for known in KNOWN.values())
    assert len(made.scripts) == len(list((MIGRATIONS / "versions").glob("[0-9]*.py")))


def test_a_migration_that_would_hold_up_a_city_is_found(copy, tomorrow, tmp_path):
    tomorrow(*((up, *_NOTHING) for up, _rule in BAD.values()))

    with overheard(db.engine) as scripts:
        migrating.to_head()

    found = findings(scripts, tmp_path / "sql")
    missed = {
        name: rule
        for number, (name, (_up, rule)) in zip(sorted(scripts), BAD.items(), strict=True)
        if rule not in found.get(number, ())
    }
    assert missed == {}


def test_a_careful_migration_is_let_through(copy, tomorrow, tmp_path):
    tomorrow(*((up, *_NOTHING) for up in GOOD))

    with overheard(db.engine) as scripts:
        migrating.to_head()

    assert len(scripts) == len(GOOD)
    assert findings(scripts, tmp_path / "sql") == {}
