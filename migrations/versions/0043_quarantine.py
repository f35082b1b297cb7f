"""Reports that are set aside until somebody judges them: on nothing that is public, and in no view of the queue but their own."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_OPEN = "status IN ('received', 'assigned', 'in_progress', 'waiting')"
_DUE = ["due_at", "id"]
_NARROWED = ["status", "paused_since", "seen_at", "assignee_id", "category_id", "area_id", "priority"]
_BEFORE = {
    "ix_complaint_queue": ["department_id", *_DUE, *_NARROWED],
    "ix_complaint_city_queue": [*_DUE, *_NARROWED],
    "ix_complaint_mine": ["assignee_id", *_DUE],
}
_AFTER = {name: [*columns, "set_aside"] for name, columns in _BEFORE.items()}


def upgrade():
    # A million reports take minutes, more than a request may.
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.add_column("complaint", sa.Column("set_aside", sa.Text(), nullable=True))
    op.add_column("complaint", sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_complaint_aside_is_not_public"), "complaint", "set_aside IS NULL OR NOT is_public"
    )
    _replace(_AFTER)
    op.create_index(
        "ix_complaint_aside",
        "complaint",
        _DUE,
        postgresql_where=sa.text(f"set_aside IS NOT NULL AND {_OPEN}"),
    )


def downgrade():
    op.drop_index("ix_complaint_aside", table_name="complaint")
    _replace(_BEFORE)
    op.drop_constraint(op.f("ck_complaint_aside_is_not_public"), "complaint")
    op.drop_column("complaint", "flagged_at")
    op.drop_column("complaint", "set_aside")


def _replace(indexes):
    for name, columns in indexes.items():
        op.drop_index(name, table_name="complaint")
        op.create_index(name, "complaint", columns, postgresql_where=sa.text(_OPEN))
