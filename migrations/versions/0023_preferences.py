"""Preferences: an official may do without the morning's mail."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("person", sa.Column("wants_digest", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.alter_column("person", "wants_digest", server_default=None)


def downgrade():
    op.drop_column("person", "wants_digest")
