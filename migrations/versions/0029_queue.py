"""The desk's queue: what nobody of its department has seen; narrowed, searched and counted from indexes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OPEN = "status IN ('received', 'assigned', 'in_progress', 'waiting')"
CLOSED = "closed_at IS NOT NULL"
_DUE = ["due_at", "id"]
# Behind the order of the queue, all that it is narrowed and counted by.
_NARROWED = ["status", "paused_since", "seen_at", "assignee_id", "category_id", "area_id", "priority"]
_BEFORE = {
    "ix_complaint_queue": ["department_id", *_DUE],
    "ix_complaint_city_queue": _DUE,
}
_AFTER = {name: [*columns, *_NARROWED] for name, columns in _BEFORE.items()}
_CLOSED = {
    "ix_complaint_closed_category": ["category_id", "closed_at", "id", "area_id"],
    "ix_complaint_closed_area": ["area_id", "closed_at", "id", "category_id"],
}
_WORDS = {
    "ix_complaint_open_words": ("", OPEN),
    # A word that many wrote is few in a department, a category or an area.
    "ix_complaint_closed_words": ("department_id, category_id, area_id, ", CLOSED),
}


def upgrade():
    # A million reports take minutes, more than a request may.
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.add_column("complaint", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    # Of what is closed nobody asks.
    op.execute(
        "UPDATE complaint SET seen_at = acknowledged_at WHERE acknowledged_at IS NOT NULL AND closed_at IS NULL"
    )
    _replace(_AFTER)
    for name, columns in _CLOSED.items():
        op.create_index(name, "complaint", columns, postgresql_where=sa.text(CLOSED))
    for name, (columns, where) in _WORDS.items():
        op.execute(
            f"CREATE INDEX {name} ON complaint USING gin ({columns}sought {_schema_of('pg_trgm')}.gin_trgm_ops)"
            f" WHERE {where}"
        )
    # By its end: people write the same number with and without their country.
    op.execute('CREATE INDEX ix_reporter_phone ON reporter ("right"(phone, 7)) WHERE phone IS NOT NULL')


def downgrade():
    op.drop_index("ix_reporter_phone", table_name="reporter")
    for name in (*_WORDS, *_CLOSED):
        op.drop_index(name, table_name="complaint")
    _replace(_BEFORE)
    op.drop_column("complaint", "seen_at")


def _replace(indexes):
    for name, columns in indexes.items():
        op.drop_index(name, table_name="complaint")
        op.create_index(name, "complaint", columns, postgresql_where=sa.text(OPEN))


def _schema_of(extension):
    query = "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = :name"
    return op.get_bind().scalar(sa.text(query), {"name": extension})
