"""The indexes of what has ended hold only what has ended: filing writes two entries fewer."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_complaint_closed": ["department_id", "closed_at", "id"],
    "ix_complaint_city_closed": ["closed_at", "id"],
}
_IS_CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade():
    for name, columns in _INDEXES.items():
        op.drop_index(name, table_name="complaint")
        op.create_index(name, "complaint", columns, unique=False, postgresql_where=_IS_CLOSED)


def downgrade():
    for name, columns in _INDEXES.items():
        op.drop_index(name, table_name="complaint", postgresql_where=_IS_CLOSED)
        op.create_index(name, "complaint", columns, unique=False)
