"""The day for which the work on a report is planned, and what is near one, of every kind, open and closed."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_PLANNED = "planned_from IS NOT NULL AND status IN ('received', 'assigned', 'in_progress', 'waiting')"
_CHECK = "(planned_from IS NULL) = (planned_until IS NULL) AND planned_from <= planned_until"


def upgrade():
    # A million reports take seconds, more than a request may.
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.add_column("complaint", sa.Column("planned_from", sa.Date(), nullable=True))
    op.add_column("complaint", sa.Column("planned_until", sa.Date(), nullable=True))
    op.create_check_constraint(op.f("ck_complaint_planned_days"), "complaint", _CHECK)
    op.create_index(
        "ix_complaint_planned",
        "complaint",
        ["planned_until", "planned_from"],
        postgresql_where=sa.text(_PLANNED),
    )
    op.create_index(
        "ix_complaint_around",
        "complaint",
        ["latitude", "longitude", "received_at"],
        postgresql_where=sa.text("latitude IS NOT NULL"),
    )


def downgrade():
    op.drop_index("ix_complaint_around", table_name="complaint")
    op.drop_index("ix_complaint_planned", table_name="complaint")
    op.drop_constraint(op.f("ck_complaint_planned_days"), "complaint")
    op.drop_column("complaint", "planned_until")
    op.drop_column("complaint", "planned_from")
