"""The public list: read by day, category and area, searched without accents; photos let out; mail for a place."""

import sqlalchemy as sa
from alembic import op

from cps.kernel.errors import Unusable

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_WRITTEN = "folded((landmark || ' '::text) || words)"
_PARTS = {
    "open": "is_public AND status IN ('received', 'assigned', 'in_progress', 'waiting')",
    "answered": "is_public AND status IN ('resolved', 'declined')",
}
_LISTED = {
    "listed": ["received_at", "id"],
    "listed_category": ["category_id", "received_at", "id"],
    "listed_area": ["area_id", "received_at", "id", "category_id"],
}
# Signs that part words: those of ASCII, and the marks of punctuation of other scripts, as PostgreSQL writes them.
_SIGNS = (
    r"[\u0009\u000a\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e\u00a0\u00ab\u00b7\u00bb\u0964\u0965"
    r"\u2010-\u2027\u2030-\u205e\u3001\u3002\uff01\uff0c\uff1f]+"
)
_JOINERS = r"U&'\200C\200D\093C'"  # ZWNJ, ZWJ and nukta change no word


def upgrade():
    # Folding a million reports takes minutes, more than a request may.
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for extension in ("unaccent", "pg_trgm", "btree_gin"):
        _add_extension(extension)
    op.execute(_folded(_schema_of("unaccent")))
    # Kept, not computed for each search: folding a row takes longer than finding it.
    op.add_column("complaint", sa.Column("sought", sa.Text(), sa.Computed(_WRITTEN, persisted=True)))
    for part, condition in _PARTS.items():
        for name, columns in _LISTED.items():
            where = sa.text(condition)
            op.create_index(f"ix_complaint_{name}_{part}", "complaint", columns, postgresql_where=where)
    op.execute(
        "CREATE INDEX ix_complaint_sought ON complaint USING gin"
        f" (category_id, area_id, sought {_schema_of('pg_trgm')}.gin_trgm_ops) WHERE is_public"
    )
    op.add_column(
        "category", sa.Column("is_rounded", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.alter_column("category", "is_rounded", server_default=None)
    op.add_column("photo", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("photo", sa.Column("released_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_photo_released_by_id"), "photo", "person", ["released_by_id"], ["id"])
    op.add_column("message", sa.Column("unsubscribe", sa.Text(), nullable=True))
    _create_alerts()


def downgrade():
    op.drop_table("alert")
    op.drop_table("subscriber")
    op.drop_column("message", "unsubscribe")
    op.drop_column("photo", "released_by_id")
    op.drop_column("photo", "released_at")
    op.drop_column("category", "is_rounded")
    op.drop_index("ix_complaint_sought", table_name="complaint")
    for part in _PARTS:
        for name in _LISTED:
            op.drop_index(f"ix_complaint_{name}_{part}", table_name="complaint")
    op.drop_column("complaint", "sought")
    op.execute("DROP FUNCTION folded(text)")
    # The extensions stay: they may have been there before, and others may lean on them.


def _add_extension(name):
    """Put an extension in that comes with PostgreSQL; all three are trusted, so the database's owner may."""
    is_there = "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = :name)"
    if not op.get_bind().scalar(sa.text(is_there), {"name": name}):
        raise Unusable(
            f"The database server lacks the extension {name}, with which reports are searched: install the"
            " package postgresql-contrib of its version there."
        )
    op.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")


def _schema_of(extension):
    found = "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = :name"
    return op.get_bind().scalar(sa.text(found), {"name": extension})


def _folded(schema):
    """Write the function that folds a text for searching: small, without accents, signs as spaces, one at each end.

    It may be called immutable, and so make a column, because its dictionary is named in full.
    """
    dictionary = f"'{schema}.unaccent'::regdictionary"
    parted = f"regexp_replace(translate(given, {_JOINERS}, ''), '{_SIGNS}', ' ', 'g')"
    body = f"BEGIN RETURN ' ' || lower({schema}.unaccent({dictionary}, {parted})) || ' '; END"
    return (
        "CREATE FUNCTION folded(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS"
        f" $$ {body} $$"
    )


def _create_alerts():
    op.create_table(
        "subscriber",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("asks", sa.BigInteger(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
        sa.UniqueConstraint("email", name=op.f("uq_subscriber_email")),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("latitude", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("longitude", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("radius_m", sa.BigInteger(), nullable=True),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(area_id IS NULL) = (latitude IS NOT NULL)", name=op.f("ck_alert_area_or_point")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name=op.f("fk_alert_subscriber_id")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_alert_area_id")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_alert_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index(op.f("ix_alert_subscriber_id"), "alert", ["subscriber_id"])
    op.create_index(
        "ix_alert_unconfirmed", "alert", ["asked_at"], postgresql_where=sa.text("confirmed_at IS NULL")
    )
