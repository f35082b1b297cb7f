"""The job queue: procrastinate's own schema, as the pinned package ships it.

A later version of the package brings later migrations of its own; each becomes one of ours.
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    # Many statements with functions in them: they go to the driver as they are.
    op.get_bind().connection.dbapi_connection.execute(SchemaManager.get_schema())


def downgrade():
    op.execute(
        """
        DO $$
        DECLARE thing record;
        BEGIN
            FOR thing IN SELECT format('DROP TABLE IF EXISTS %I CASCADE', tablename) AS statement
                FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate%%' LOOP
                EXECUTE thing.statement;
            END LOOP;
            FOR thing IN SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) AS statement
                FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
                AND proname LIKE 'procrastinate%%' LOOP
                EXECUTE thing.statement;
            END LOOP;
            FOR thing IN SELECT format('DROP TYPE IF EXISTS %I CASCADE', typname) AS statement
                FROM pg_type WHERE typnamespace = current_schema()::regnamespace
                AND typname LIKE 'procrastinate%%' AND typtype IN ('e', 'c') LOOP
                EXECUTE thing.statement;
            END LOOP;
        END $$
        """.replace("%%", "%")
    )
