"""Who looked at reporters is found by official."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_reveal_person", "reveal", ["person_id", "id"])


def downgrade():
    op.drop_index("ix_reveal_person", table_name="reveal")
