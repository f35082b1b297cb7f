"""Sub-tasks: what another department was asked to contribute, by when, and what it replied."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IS_ASKED = sa.text("replied_at IS NULL AND withdrawn_at IS NULL")


def upgrade():
    op.create_table(
        "subtask",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by_id", sa.BigInteger(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "replied_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_subtask_replied_or_withdrawn")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_subtask_asked_by_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_subtask_complaint_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_subtask_department_id")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["person.id"], name=op.f("fk_subtask_replied_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subtask")),
    )
    op.create_index(
        "uq_subtask_asked",
        "subtask",
        ["complaint_id", "department_id"],
        unique=True,
        postgresql_where=IS_ASKED,
    )
    op.create_index(
        "ix_subtask_queue", "subtask", ["department_id", "reply_by", "id"], postgresql_where=IS_ASKED
    )
    op.create_index("ix_subtask_city_queue", "subtask", ["reply_by", "id"], postgresql_where=IS_ASKED)
    op.create_index("ix_subtask_complaint_id", "subtask", ["complaint_id", "department_id"])


def downgrade():
    op.drop_table("subtask")
