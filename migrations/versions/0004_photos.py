"""Photos and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "photo",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("submission_key", sa.Uuid(), nullable=True),
        sa.Column("complaint_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("original_size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("large", sa.Text(), nullable=True),
        sa.Column("small", sa.Text(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decoded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreadable_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_photo_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("key", name=op.f("uq_photo_key")),
    )
    op.create_index(op.f("ix_photo_complaint_id"), "photo", ["complaint_id"], unique=False)
    op.create_index(
        "ix_photo_draft_submission_key",
        "photo",
        ["submission_key"],
        unique=False,
        postgresql_where=sa.text("complaint_id IS NULL"),
    )
    op.create_index(
        "ix_photo_draft_taken_in_at",
        "photo",
        ["taken_in_at"],
        unique=False,
        postgresql_where=sa.text("complaint_id IS NULL"),
    )


def downgrade():
    op.drop_index(
        "ix_photo_draft_taken_in_at", table_name="photo", postgresql_where=sa.text("complaint_id IS NULL")
    )
    op.drop_index(
        "ix_photo_draft_submission_key", table_name="photo", postgresql_where=sa.text("complaint_id IS NULL")
    )
    op.drop_index(op.f("ix_photo_complaint_id"), table_name="photo")
    op.drop_table("photo")
