"""The clock until somebody takes a report on.

Reports from before owed that with their answer, and were taken on by the first act of an official.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("complaint", sa.Column("acknowledge", sa.Text(), nullable=True))
    op.add_column("complaint", sa.Column("acknowledge_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("complaint", sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE complaint SET acknowledge = promise, acknowledge_by = due_at")
    op.execute(
        "UPDATE complaint SET acknowledged_at = first.at FROM (SELECT complaint_id, min(at) AS at FROM event"
        " WHERE kind IN ('assigned', 'started', 'asked', 'resolved', 'declined') GROUP BY complaint_id) AS first"
        " WHERE first.complaint_id = complaint.id"
    )
    op.alter_column("complaint", "acknowledge", nullable=False)
    op.alter_column("complaint", "acknowledge_by", nullable=False)
    op.create_index(
        "ix_complaint_new",
        "complaint",
        ["acknowledge_by", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'received'"),
    )


def downgrade():
    op.drop_index("ix_complaint_new", table_name="complaint", postgresql_where=sa.text("status = 'received'"))
    op.drop_column("complaint", "acknowledged_at")
    op.drop_column("complaint", "acknowledge_by")
    op.drop_column("complaint", "acknowledge")
