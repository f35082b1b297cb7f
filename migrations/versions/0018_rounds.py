"""When a report was reopened last, and its deadline counted anew.

Reports that were reopened before keep the deadline they had, and no such moment.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("complaint", sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("complaint", "reopened_at")
