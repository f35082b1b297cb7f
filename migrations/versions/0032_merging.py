"""Reports that were merged can be merged further, and taken out again as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("joining", sa.Column("home_id", sa.BigInteger(), nullable=True))
    op.execute("UPDATE joining SET home_id = complaint_id")
    op.alter_column("joining", "home_id", nullable=False)
    op.create_foreign_key(op.f("fk_joining_home_id"), "joining", "complaint", ["home_id"], ["id"])
    op.create_index("ix_joining_home_id", "joining", ["home_id"])
    op.add_column("photo", sa.Column("fingerprint", sa.BigInteger(), nullable=True))


def downgrade():
    op.drop_column("photo", "fingerprint")
    op.drop_index("ix_joining_home_id", table_name="joining")
    op.drop_constraint(op.f("fk_joining_home_id"), "joining", type_="foreignkey")
    op.drop_column("joining", "home_id")
