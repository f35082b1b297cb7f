"""Alembic's environment: our own metadata, a transaction for each migration, and nobody waits for us for long.

One process migrates at a time. What a migration changes it gets hold of at once or not at all: while it waits, everybody
who comes later waits behind it. Who called tries again (cps/console/migrating.py).
"""

import time

from alembic import context

from cps.complaints import attached, batches, contacts, recurring, saved_views, templates
from cps.complaints import models as complaints
from cps.console import concurrently
from cps.evaluate import models as evaluate
from cps.kernel import schema
from cps.kernel.db import Base, db
from cps.notify import models as notify
from cps.people import attempts, denials, sessions
from cps.photos import models as photos
from cps.suggesting import models as suggesting

MAPPED = (
    attached,
    attempts,
    batches,
    complaints,
    contacts,
    denials,
    evaluate,
    notify,
    photos,
    recurring,
    saved_views,
    sessions,
    suggesting,
    templates,
)  # importing them fills the metadata
MIGRATION_LOCK = 20_150_401  # an arbitrary number of our own
LOOK_AGAIN_SECONDS = 0.2
SESSION = (
    f"SET lock_timeout = '{concurrently.LOCK_TIMEOUT}'",
    "SET statement_timeout = 0",  # a large table takes longer than a request may
)


def ours(_object, name, kind, _is_reflected, _compared_with):
    """Leave the tables of the job queue to the package they belong to."""
    return not (kind in ("table", "index") and name.startswith(("procrastinate_", "idx_procrastinate_")))


def wait_for_turn(connection):
    """Take the lock that keeps two processes apart, looking again and again until it is free.

    A question that waited at the server would hold up whoever has the lock: an index that is built concurrently waits
    for every question that began before it.
    """
    while not connection.exec_driver_sql("SELECT pg_try_advisory_lock(%s)", (MIGRATION_LOCK,)).scalar():
        connection.rollback()
        time.sleep(LOOK_AGAIN_SECONDS)
    connection.commit()


def note_who_works_with_it(ctx, heads, **_more):
    """Write the oldest code that works with this state beside it, where code that lacks the migration reads it."""
    script = context.script
    steps = [step.module for head in heads for step in script.iterate_revisions(head, "base")]
    oldest = max((getattr(step, "works_with", step.revision) for step in steps), default=None)
    note = f"'{next(iter(heads))}{schema.WORKS_WITH}{oldest}'" if oldest else "NULL"
    ctx.impl.execute(f"COMMENT ON TABLE alembic_version IS {note}")


def migrate(connection):
    """Do what Alembic was called for, when it is our turn."""
    wait_for_turn(connection)
    for setting in SESSION:
        connection.exec_driver_sql(setting)
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=ours,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
        on_version_apply=note_who_works_with_it,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


with db.engine.connect() as connection:
    try:
        migrate(connection)
    finally:
        connection.invalidate()  # its lock and its settings end with it, however this ended
