"""What officials do to many reports at once is kept, with what was left out and why."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "batch",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_batch_by_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_batch")),
    )
    op.create_table(
        "batch_line",
        sa.Column("batch_key", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(event_id IS NULL) = (refusal <> '')", name=op.f("ck_batch_line_done_or_left_out")
        ),
        sa.ForeignKeyConstraint(["batch_key"], ["batch.key"], name=op.f("fk_batch_line_batch_key")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_batch_line_event_id")),
        sa.PrimaryKeyConstraint("batch_key", "position", name=op.f("pk_batch_line")),
    )
    op.create_index("ix_batch_line_event_id", "batch_line", ["event_id"])


def downgrade():
    op.drop_table("batch_line")
    op.drop_table("batch")
