"""Complaints keep the answers to a city's questions, reporters a name where the city asks for one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("complaint", sa.Column("answers", postgresql.JSONB(), nullable=True))
    op.add_column("reporter", sa.Column("name", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("reporter", "name")
    op.drop_column("complaint", "answers")
