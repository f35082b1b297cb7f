"""Letters that wait are found by their address, so that they leave in their order."""

import sqlalchemy as sa

from cps.console import concurrently

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None
works_with = "0049"  # the oldest migration whose code works on after this one

_NAME, _TABLE = "ix_message_waiting", "message"


def upgrade():
    concurrently.create_index(
        _NAME, _TABLE, ["address", "written_at"], postgresql_where=sa.text("state = 'waiting'")
    )


def downgrade():
    concurrently.drop_index(_NAME, _TABLE)
