"""What nobody has opened: whether its department heard of such a report today."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade():
    # A million reports have millions of events: reading them takes seconds, more than a request may.
    op.execute("SET LOCAL statement_timeout = 0")
    op.create_index(
        "ix_event_overlooking",
        "event",
        ["department_id", "at"],
        postgresql_where=sa.text("kind = 'overlooked'"),
    )


def downgrade():
    op.drop_index("ix_event_overlooking", table_name="event")
