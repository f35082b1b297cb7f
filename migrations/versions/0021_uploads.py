"""Photos on their way: how far each has come, and the pieces it has come in."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "photo_upload",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("photo_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_photo_upload_complaint_id")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_photo_upload_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_upload")),
        sa.UniqueConstraint("complaint_id", "key", name="uq_photo_upload_key"),
    )
    op.create_index("ix_photo_upload_changed_at", "photo_upload", ["changed_at"], unique=False)
    op.create_table(
        "photo_piece",
        sa.Column("upload_id", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["photo_upload.id"], name=op.f("fk_photo_piece_upload_id")),
        sa.PrimaryKeyConstraint("upload_id", "start", name=op.f("pk_photo_piece")),
    )
    op.create_index("ix_photo_piece_blob", "photo_piece", ["blob"], unique=False)


def downgrade():
    op.drop_table("photo_piece")
    op.drop_table("photo_upload")
