"""Complaints, their history, their reporters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "submission",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False, start=1), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submission")),
        sa.UniqueConstraint("number", name=op.f("uq_submission_number")),
    )
    op.create_table(
        "complaint",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("submission_key", sa.Uuid(), nullable=False),
        sa.Column("tracking_hash", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("latitude", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("longitude", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("landmark", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("days_waited", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'waiting') = (waiting_since IS NOT NULL)", name=op.f("ck_complaint_waiting_since")
        ),
        sa.CheckConstraint(
            "(status IN ('received', 'assigned', 'in_progress', 'waiting')) = (closed_at IS NULL)",
            name=op.f("ck_complaint_open_or_closed"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_complaint_area_id")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_complaint_assignee_id")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_complaint_category_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_complaint_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_key"], ["submission.key"], name=op.f("fk_complaint_submission_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("reference", name=op.f("uq_complaint_reference")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_complaint_submission_key")),
        sa.UniqueConstraint("tracking_hash", name=op.f("uq_complaint_tracking_hash")),
    )
    op.create_index("ix_complaint_city_closed", "complaint", ["closed_at", "id"], unique=False)
    op.create_index(
        "ix_complaint_city_queue",
        "complaint",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('received', 'assigned', 'in_progress', 'waiting')"),
    )
    op.create_index("ix_complaint_closed", "complaint", ["department_id", "closed_at", "id"], unique=False)
    op.create_index(
        "ix_complaint_mine",
        "complaint",
        ["assignee_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('received', 'assigned', 'in_progress', 'waiting')"),
    )
    op.create_index(
        "ix_complaint_queue",
        "complaint",
        ["department_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('received', 'assigned', 'in_progress', 'waiting')"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_event_by_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_event_complaint_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_event_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("complaint_id", "position", name=op.f("uq_event_complaint_id_position")),
    )
    op.create_table(
        "reporter",
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_reporter_complaint_id")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_reporter")),
    )
    op.create_table(
        "reveal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_reveal_complaint_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reveal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
    )
    op.create_index(op.f("ix_reveal_complaint_id"), "reveal", ["complaint_id"], unique=False)

    # History is written once: the database refuses to change or drop an event, whoever asks.
    op.execute(
        "CREATE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event "
        "FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history()"
    )


def downgrade():
    op.drop_index(op.f("ix_reveal_complaint_id"), table_name="reveal")
    op.drop_table("reveal")
    op.drop_table("reporter")
    op.drop_table("event")
    op.drop_index(
        "ix_complaint_queue",
        table_name="complaint",
        postgresql_where=sa.text("status IN ('received', 'assigned', 'in_progress', 'waiting')"),
    )
    op.drop_index(
        "ix_complaint_mine",
        table_name="complaint",
        postgresql_where=sa.text("status IN ('received', 'assigned', 'in_progress', 'waiting')"),
    )
    op.drop_index("ix_complaint_closed", table_name="complaint")
    op.drop_index(
        "ix_complaint_city_queue",
        table_name="complaint",
        postgresql_where=sa.text("status IN ('received', 'assigned', 'in_progress', 'waiting')"),
    )
    op.drop_index("ix_complaint_city_closed", table_name="complaint")
    op.drop_table("complaint")
    op.drop_table("submission")
    op.execute("DROP FUNCTION refuse_to_change_history()")
