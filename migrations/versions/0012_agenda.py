"""When time alone brings something to a complaint next: steps of the ladder, notices of progress."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "agenda",
        sa.Column("complaint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_agenda_complaint_id")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_agenda")),
    )
    op.create_index(
        "ix_agenda_next_at",
        "agenda",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )


def downgrade():
    op.drop_index("ix_agenda_next_at", table_name="agenda")
    op.drop_table("agenda")
