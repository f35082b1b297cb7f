"""The gazetteer: names of places, old ones too, searched without accents."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "place_name",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("latitude", sa.DOUBLE_PRECISION(), nullable=False),
        sa.Column("longitude", sa.DOUBLE_PRECISION(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("sought", sa.Text(), sa.Computed("folded(name)", persisted=True), nullable=False),
        sa.Column("bare", sa.Text(), sa.Computed("folded(plain)", persisted=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_name")),
    )
    for column in ("sought", "bare"):
        op.create_index(
            f"ix_place_name_{column}", "place_name", [column], postgresql_ops={column: "text_pattern_ops"}
        )
    op.execute(
        f"CREATE INDEX ix_place_name_trigrams ON place_name USING gin (sought {_schema_of('pg_trgm')}.gin_trgm_ops)"
    )


def downgrade():
    op.drop_table("place_name")


def _schema_of(extension):
    found = "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = :name"
    return op.get_bind().scalar(sa.text(found), {"name": extension})
