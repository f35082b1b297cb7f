"""Clocks: who is outside the city, and by when each category is taken on."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "department", sa.Column("is_outside", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.alter_column("department", "is_outside", server_default=None)
    op.add_column("category", sa.Column("acknowledge", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("category", "acknowledge")
    op.drop_column("department", "is_outside")
