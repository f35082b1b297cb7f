"""Contacts confirmed by a code: the codes that were sent, when one was right, and letters that expire."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_INDEXES = {
    "submission_key": ["submission_key", "address_hash"],
    "address_hash": ["address_hash", "sent_at"],
    "client_hash": ["client_hash", "sent_at"],
    "sent_at": ["sent_at"],
}


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.add_column("reporter", sa.Column("confirmed_at", moment, nullable=True))
    op.add_column("message", sa.Column("expires_at", moment, nullable=True))
    op.create_table(
        "contact_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_key", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("client_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_code")),
    )
    for name, columns in _INDEXES.items():
        op.create_index(f"ix_contact_code_{name}", "contact_code", columns)


def downgrade():
    op.drop_table("contact_code")
    op.drop_column("message", "expires_at")
    op.drop_column("reporter", "confirmed_at")
