"""Officials see who else has a report open."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "viewer",
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_viewer_complaint_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_viewer_person_id")),
        sa.PrimaryKeyConstraint("complaint_id", "person_id", name=op.f("pk_viewer")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_viewer_seen_at", "viewer", ["seen_at"])


def downgrade():
    op.drop_index("ix_viewer_seen_at", table_name="viewer")
    op.drop_table("viewer")
