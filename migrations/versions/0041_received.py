"""Reports by when they came in, whether open, closed, public or not: what is counted of the last days reads only those."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade():
    # A million reports take seconds, more than a request may.
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.create_index("ix_complaint_received", "complaint", ["received_at"])


def downgrade():
    op.drop_index("ix_complaint_received", table_name="complaint")
