"""Photos of which parts are covered, with the uncovered ones that stay inside."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("photo", sa.Column("clear_large", sa.Text(), nullable=True))
    op.add_column("photo", sa.Column("clear_small", sa.Text(), nullable=True))
    op.add_column("photo", sa.Column("covered", postgresql.JSONB(), nullable=True))


def downgrade():
    # What was covered stays covered: the uncovered pictures are no photo's any more.
    op.drop_column("photo", "covered")
    op.drop_column("photo", "clear_small")
    op.drop_column("photo", "clear_large")
