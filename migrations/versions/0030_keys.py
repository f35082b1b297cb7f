"""The keys of the desk, as each official has them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "person", sa.Column("keys", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb"))
    )


def downgrade():
    op.drop_column("person", "keys")
