"""How a report is handled: from one department to another, paused for a cause, urgent."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("complaint", sa.Column("handover", sa.Text(), server_default="settled", nullable=False))
    op.add_column("complaint", sa.Column("came_from_id", sa.BigInteger(), nullable=True))
    op.add_column("complaint", sa.Column("accept_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("complaint", sa.Column("hops", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("complaint", sa.Column("bounces", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE complaint SET hops = moved.count FROM (SELECT complaint_id, count(*) FROM event"
        " WHERE kind = 'transferred' GROUP BY complaint_id) AS moved WHERE moved.complaint_id = complaint.id"
    )
    for column in ("handover", "hops", "bounces"):
        op.alter_column("complaint", column, server_default=None)
    op.create_foreign_key(
        op.f("fk_complaint_came_from_id"), "complaint", "department", ["came_from_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_complaint_accepted_before_closed"), "complaint", "accept_by IS NULL OR closed_at IS NULL"
    )
    op.create_check_constraint(
        op.f("ck_complaint_accept_by"),
        "complaint",
        "handover NOT IN ('offered', 'returned') OR accept_by IS NOT NULL",
    )
    op.add_column("complaint", sa.Column("priority", sa.Text(), nullable=True))
    op.add_column("complaint", sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("complaint", sa.Column("pause_cause", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_complaint_paused_for_a_cause"),
        "complaint",
        "(paused_since IS NULL) = (pause_cause IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_complaint_one_pause_at_a_time"),
        "complaint",
        "paused_since IS NULL OR ((status IN ('received', 'assigned', 'in_progress', 'waiting'))"
        " AND waiting_since IS NULL)",
    )
    op.create_index(
        "ix_complaint_unaccepted",
        "complaint",
        ["accept_by", "id"],
        unique=False,
        postgresql_where=sa.text("accept_by IS NOT NULL"),
    )
    op.create_index(
        "ix_complaint_disputed",
        "complaint",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("handover = 'disputed'"),
    )


def downgrade():
    op.drop_index(
        "ix_complaint_disputed", table_name="complaint", postgresql_where=sa.text("handover = 'disputed'")
    )
    op.drop_index(
        "ix_complaint_unaccepted", table_name="complaint", postgresql_where=sa.text("accept_by IS NOT NULL")
    )
    op.drop_constraint(op.f("ck_complaint_one_pause_at_a_time"), "complaint", type_="check")
    op.drop_constraint(op.f("ck_complaint_paused_for_a_cause"), "complaint", type_="check")
    op.drop_column("complaint", "pause_cause")
    op.drop_column("complaint", "paused_since")
    op.drop_column("complaint", "priority")
    op.drop_constraint(op.f("ck_complaint_accept_by"), "complaint", type_="check")
    op.drop_constraint(op.f("ck_complaint_accepted_before_closed"), "complaint", type_="check")
    op.drop_constraint(op.f("fk_complaint_came_from_id"), "complaint", type_="foreignkey")
    op.drop_column("complaint", "bounces")
    op.drop_column("complaint", "hops")
    op.drop_column("complaint", "accept_by")
    op.drop_column("complaint", "came_from_id")
    op.drop_column("complaint", "handover")
