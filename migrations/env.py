"""Alembic's environment: our own metadata, one transaction, the lock that keeps two starts apart."""

from alembic import context

from cps.complaints import attached, batches, contacts, recurring, saved_views, templates
from cps.complaints import models as complaints
from cps.evaluate import models as evaluate
from cps.kernel.db import Base, db
from cps.notify import models as notify
from cps.people import denials
from cps.photos import models as photos
from cps.suggesting import models as suggesting

MAPPED = (
    attached,
    batches,
    complaints,
    contacts,
    denials,
    evaluate,
    notify,
    photos,
    recurring,
    saved_views,
    suggesting,
    templates,
)  # importing them fills the metadata
MIGRATION_LOCK = 20_150_401  # an arbitrary number of our own


def ours(_object, name, kind, _is_reflected, _compared_with):
    """Leave the tables of the job queue to the package they belong to."""
    return not (kind in ("table", "index") and name.startswith(("procrastinate_", "idx_procrastinate_")))


with db.engine.connect() as connection:
    connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=ours,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (MIGRATION_LOCK,))
