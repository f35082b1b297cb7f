"""The figures that everybody may see, as they were last counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "statistic",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_statistic")),
    )
    op.create_index(
        "ix_event_reopening", "event", ["complaint_id"], postgresql_where=sa.text("kind = 'reopened'")
    )


def downgrade():
    op.drop_index("ix_event_reopening", table_name="event", postgresql_where=sa.text("kind = 'reopened'"))
    op.drop_table("statistic")
