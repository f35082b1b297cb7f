"""Departments and areas are in force from a day to a day, and reorganisations are remembered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_DATED = ("department", "area")

# When a thing vanished was not noted so far; the last load is the latest it can have been.
_LAST_DAYS = {
    "department": "UPDATE department SET last_day = (SELECT (loaded_at AT TIME ZONE (settings->>'time_zone'))::date"
    " - 1 FROM city) WHERE NOT is_active",
    "area": "UPDATE area SET last_day = (SELECT (loaded_at AT TIME ZONE (settings->>'time_zone'))::date"
    " - 1 FROM city) WHERE NOT is_active",
}
# In the older schema a code is one's own: who bore one before another has its number in it.
_CODES_OF_ONE = {
    "department": "UPDATE department SET code = code || '-' || id WHERE NOT is_active AND EXISTS"
    " (SELECT 1 FROM department AS other WHERE other.code = department.code AND other.id <> department.id)",
    "area": "UPDATE area SET code = code || '-' || id WHERE NOT is_active AND EXISTS"
    " (SELECT 1 FROM area AS other WHERE other.code = area.code AND other.id <> area.id)",
}


def upgrade():
    for table in _DATED:
        op.add_column(table, sa.Column("first_day", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("last_day", sa.Date(), nullable=True))
        # One that ended keeps its code; another may bear it after it.
        op.drop_constraint(f"uq_{table}_code", table, type_="unique")
        op.create_index(
            f"uq_{table}_code", table, ["code"], unique=True, postgresql_where=sa.text("is_active")
        )
        op.execute(_LAST_DAYS[table])
    op.create_table(
        "reform",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("areas", postgresql.JSONB(), nullable=False),
        sa.Column("departments", postgresql.JSONB(), nullable=False),
        sa.Column("is_guessing_outside", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reform")),
        sa.UniqueConstraint("plan", name=op.f("uq_reform_plan")),
    )


def downgrade():
    op.drop_table("reform")
    for table in _DATED:
        op.execute(_CODES_OF_ONE[table])
        op.drop_index(f"uq_{table}_code", table_name=table, postgresql_where=sa.text("is_active"))
        op.create_unique_constraint(f"uq_{table}_code", table, ["code"])
        op.drop_column(table, "last_day")
        op.drop_column(table, "first_day")
