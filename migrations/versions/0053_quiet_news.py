"""Whoever files wakes no worker: of what waits for the news there is no note.

PostgreSQL lets one transaction with a note end at a time, its wait for the disk included: with one for each report a city took
as many reports a second as its disk can be waited for in turn. The worker looks for news every second instead.
"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None
works_with = "0049"

_TRIGGER = """
    CREATE OR REPLACE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1
    AFTER INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN (new.status = 'todo'::procrastinate_job_status{more})
    EXECUTE PROCEDURE procrastinate_notify_queue_job_inserted_v1()
"""


def upgrade():
    op.execute(_TRIGGER.format(more=" AND new.queue_name <> 'news'"))


def downgrade():
    op.execute(_TRIGGER.format(more=""))
