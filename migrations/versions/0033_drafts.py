"""What officials have typed and not sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "draft",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_draft_complaint_id")),
        sa.PrimaryKeyConstraint("person_id", "complaint_id", "action", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_complaint_id", "draft", ["complaint_id"])
    op.create_index("ix_draft_kept_at", "draft", ["kept_at"])


def downgrade():
    op.drop_table("draft")
