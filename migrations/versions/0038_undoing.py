"""For a moment it is kept how a report stood before an act, so that it can be taken back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "undoable",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_undoable_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_undoable")),
    )
    op.create_index(
        "ix_event_undoing", "event", ["complaint_id"], postgresql_where=sa.text("kind = 'undone'")
    )


def downgrade():
    op.drop_index("ix_event_undoing", table_name="event", postgresql_where=sa.text("kind = 'undone'"))
    op.drop_table("undoable")
