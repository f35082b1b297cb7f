"""The same problem reported by many: who joined whose report, and what is near."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_IS_OFFERED = sa.text(
    "is_public AND latitude IS NOT NULL AND status IN ('received', 'assigned', 'in_progress', 'waiting')"
)


def upgrade():
    op.add_column("complaint", sa.Column("joined", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("complaint", sa.Column("lead_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_complaint_lead_id"), "complaint", "complaint", ["lead_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_complaint_merged_into"), "complaint", "(status = 'merged') = (lead_id IS NOT NULL)"
    )
    op.create_index(
        "ix_complaint_near",
        "complaint",
        ["category_id", "latitude", "longitude"],
        unique=False,
        postgresql_where=_IS_OFFERED,
    )
    op.create_table(
        "joining",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("own_id", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "own_id IS NULL OR (email IS NULL AND phone IS NULL)", name=op.f("ck_joining_contact_of_own")
        ),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_joining_complaint_id")),
        sa.ForeignKeyConstraint(["own_id"], ["complaint.id"], name=op.f("fk_joining_own_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining")),
        sa.UniqueConstraint("key", name=op.f("uq_joining_key")),
        sa.UniqueConstraint("own_id", name=op.f("uq_joining_own_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_joining_secret_hash")),
    )
    op.create_index("ix_joining_complaint_id", "joining", ["complaint_id", "identity"], unique=False)


def downgrade():
    op.drop_table("joining")
    op.drop_index("ix_complaint_near", table_name="complaint", postgresql_where=_IS_OFFERED)
    op.drop_constraint(op.f("ck_complaint_merged_into"), "complaint", type_="check")
    op.drop_constraint(op.f("fk_complaint_lead_id"), "complaint", type_="foreignkey")
    op.drop_column("complaint", "lead_id")
    op.drop_column("complaint", "joined")
