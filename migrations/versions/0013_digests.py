"""Digests: a letter about a whole morning belongs to no event, and is claimed once per person and day."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.alter_column("message", "event_id", existing_type=sa.BigInteger(), nullable=True)
    op.create_table(
        "digest",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_person_id")),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_digest")),
    )


def downgrade():
    op.drop_table("digest")
    op.execute("DELETE FROM message WHERE event_id IS NULL")
    op.alter_column("message", "event_id", existing_type=sa.BigInteger(), nullable=False)
