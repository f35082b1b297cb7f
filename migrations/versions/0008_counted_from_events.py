"""Deadlines are counted from events: the days waited are no longer noted beside them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_column("complaint", "days_waited")


def downgrade():
    op.add_column("complaint", sa.Column("days_waited", sa.BigInteger(), server_default="0", nullable=False))
    op.alter_column("complaint", "days_waited", server_default=None)
