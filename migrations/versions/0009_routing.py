"""Routing: groups of areas, assets with owners, rules with conditions that stay for the record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("area", sa.Column("group", sa.Text(), nullable=True))
    op.create_table(
        "asset",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(), nullable=False),
        sa.Column("geometry", postgresql.JSONB(), nullable=False),
        sa.Column("within_m", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
    )
    op.add_column("rule", sa.Column("conditions", postgresql.JSONB(), server_default="{}", nullable=False))
    op.alter_column("rule", "conditions", server_default=None)
    op.add_column("rule", sa.Column("since_version", sa.BigInteger(), server_default="1", nullable=False))
    op.alter_column("rule", "since_version", server_default=None)
    op.add_column("rule", sa.Column("until_version", sa.BigInteger(), nullable=True))


def downgrade():
    op.execute("DELETE FROM rule WHERE until_version IS NOT NULL")
    op.drop_column("rule", "until_version")
    op.drop_column("rule", "since_version")
    op.drop_column("rule", "conditions")
    op.drop_table("asset")
    op.drop_column("area", "group")
