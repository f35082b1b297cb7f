"""Reports that cannot wait for their turn."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_ALARMED = "alarm IS NOT NULL AND status IN ('received', 'assigned', 'in_progress', 'waiting')"


def upgrade():
    op.add_column("complaint", sa.Column("alarm", sa.Text(), nullable=True))
    op.create_index("ix_complaint_alarm", "complaint", ["due_at", "id"], postgresql_where=sa.text(_ALARMED))
    # By place alone: the index of what is offered knows public reports only.
    op.create_index(
        "ix_complaint_place",
        "complaint",
        ["category_id", "latitude", "longitude", "received_at"],
        postgresql_where=sa.text(
            "latitude IS NOT NULL AND status IN ('received', 'assigned', 'in_progress', 'waiting')"
        ),
    )


def downgrade():
    op.drop_index("ix_complaint_place", table_name="complaint")
    op.drop_index("ix_complaint_alarm", table_name="complaint")
    op.drop_column("complaint", "alarm")
