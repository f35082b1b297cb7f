"""The other reports of one reporter are found by an index: of phone numbers there is one."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(
        "ix_reporter_email",
        "reporter",
        [sa.text("lower(email)")],
        postgresql_where=sa.text("email IS NOT NULL"),
    )


def downgrade():
    op.drop_index("ix_reporter_email", table_name="reporter")
