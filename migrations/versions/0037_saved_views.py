"""Queues that officials keep under a name, and the digits they give them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "saved_view",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("sharing", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("filters", postgresql.JSONB(), nullable=False),
        sa.Column("patterns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_saved_view_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_table(
        "saved_view_pin",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("saved_view_id", sa.BigInteger(), nullable=False),
        sa.Column("digit", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_pin_person_id")),
        sa.ForeignKeyConstraint(
            ["saved_view_id"],
            ["saved_view.id"],
            name=op.f("fk_saved_view_pin_saved_view_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "digit", name=op.f("pk_saved_view_pin")),
    )
    op.create_index("ix_saved_view_pin_saved_view_id", "saved_view_pin", ["saved_view_id"])
    op.create_index("ix_saved_view_person_id", "saved_view", ["person_id"])


def downgrade():
    op.drop_table("saved_view_pin")
    op.drop_table("saved_view")
