"""Problems that come back at one place: which reports they are, who sees to the cause by when, and what became of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade():
    # A million reports take seconds, more than a request may.
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    _problems()
    _reports_and_history()
    op.create_table(
        "recurring_round",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_round")),
    )
    op.create_index(
        "ix_complaint_again",
        "complaint",
        ["category_id", "latitude", "longitude", "received_at"],
        postgresql_where=sa.text("latitude IS NOT NULL AND status NOT IN ('withdrawn', 'merged')"),
    )


def downgrade():
    op.drop_index("ix_complaint_again", table_name="complaint")
    op.drop_table("recurring_round")
    op.drop_table("recurring_event")
    op.drop_table("recurring_report")
    op.drop_table("recurring_problem")


def _problems():
    op.create_table(
        "recurring_problem",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("latitude", postgresql.DOUBLE_PRECISION(), nullable=False),
        sa.Column("longitude", postgresql.DOUBLE_PRECISION(), nullable=False),
        sa.Column("metres", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owed_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("returns", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(owner_id IS NULL) = (due_on IS NULL)", name=op.f("ck_recurring_problem_planned")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_recurring_problem_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_recurring_problem_department_id")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_recurring_problem_area_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_recurring_problem_owner_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_recurring_problem_done_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_problem")),
    )
    undone = sa.text("done_at IS NULL")
    op.create_index(
        "ix_recurring_problem_place", "recurring_problem", ["category_id", "latitude", "longitude"]
    )
    op.create_index(
        "ix_recurring_problem_owed",
        "recurring_problem",
        ["owed_by", "id"],
        postgresql_where=sa.text("done_at IS NULL AND reminded_at IS NULL"),
    )
    op.create_index(
        "ix_recurring_problem_department",
        "recurring_problem",
        ["department_id", "owed_by", "id"],
        postgresql_where=undone,
    )
    op.create_index("ix_recurring_problem_owner_id", "recurring_problem", ["owner_id"])


def _reports_and_history():
    op.create_table(
        "recurring_report",
        sa.Column("complaint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("problem_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_recurring_report_complaint_id")
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["recurring_problem.id"], name=op.f("fk_recurring_report_problem_id")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_recurring_report")),
    )
    op.create_index("ix_recurring_report_problem_id", "recurring_report", ["problem_id"])
    op.create_table(
        "recurring_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("problem_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["recurring_problem.id"], name=op.f("fk_recurring_event_problem_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_recurring_event_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_event")),
        sa.UniqueConstraint("problem_id", "position", name=op.f("uq_recurring_event_problem_id_position")),
    )
    op.execute(
        "CREATE TRIGGER recurring_event_is_append_only BEFORE UPDATE OR DELETE ON recurring_event "
        "FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history()"
    )
