"""A recurring problem of which somebody said that it is none."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "recurring_problem",
        sa.Column("is_dismissed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade():
    op.drop_column("recurring_problem", "is_dismissed")
