"""A session of which somebody signed out is over everywhere."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None
works_with = "0049"


def upgrade():
    op.create_table(
        "ended_session",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_ended_session")),
    )


def downgrade():
    op.drop_table("ended_session")
