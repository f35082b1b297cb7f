"""What officials try that is not theirs is written down."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "denial",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_denial_person_id")),
        sa.PrimaryKeyConstraint("person_id", "day", "route", name=op.f("pk_denial")),
    )
    op.create_index("ix_denial_day", "denial", ["day"])


def downgrade():
    op.drop_index("ix_denial_day", table_name="denial")
    op.drop_table("denial")
