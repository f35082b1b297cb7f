"""When officials are away, and who stands in for them."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "leave",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("cover_id", sa.BigInteger(), nullable=True),
        sa.Column("set_by_id", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_leave_days")),
        *(
            sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_leave_{name}"))
            for name in ("person_id", "cover_id", "set_by_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    standing = sa.text("ended_at IS NULL")
    op.create_index("ix_leave_person", "leave", ["person_id", "last_day"], postgresql_where=standing)
    op.create_index("ix_leave_cover", "leave", ["cover_id", "last_day"], postgresql_where=standing)


def downgrade():
    op.drop_table("leave")
