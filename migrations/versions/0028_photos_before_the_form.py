"""Photos that come in pieces before their form: an upload belongs to a complaint or to a form."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("photo_upload", sa.Column("submission_key", sa.Uuid(), nullable=True))
    op.alter_column("photo_upload", "complaint_id", nullable=True)
    op.create_unique_constraint("uq_photo_upload_form_key", "photo_upload", ["submission_key", "key"])
    op.create_check_constraint(
        op.f("ck_photo_upload_one_owner"), "photo_upload", "num_nonnulls(complaint_id, submission_key) = 1"
    )
    op.create_index("ix_photo_upload_photo_id", "photo_upload", ["photo_id"])


def downgrade():
    # The photos stay drafts; what has not come yet is sent anew.
    op.execute(
        "DELETE FROM photo_piece WHERE upload_id IN (SELECT id FROM photo_upload WHERE complaint_id IS NULL)"
    )
    op.execute("DELETE FROM photo_upload WHERE complaint_id IS NULL")
    op.drop_index("ix_photo_upload_photo_id", "photo_upload")
    op.drop_constraint(op.f("ck_photo_upload_one_owner"), "photo_upload")
    op.drop_constraint("uq_photo_upload_form_key", "photo_upload")
    op.alter_column("photo_upload", "complaint_id", nullable=False)
    op.drop_column("photo_upload", "submission_key")
