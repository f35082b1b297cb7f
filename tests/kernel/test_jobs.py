"""Who files waits for nobody's note; other work is told to the worker at once."""

import psycopg
import pytest

from cps.kernel import jobs
from cps.kernel.db import db


@pytest.mark.parametrize(("task", "is_told"), [(jobs.ANNOUNCE, False), (jobs.DEVELOP, True)])
def test_only_of_other_work_than_news_the_database_tells_the_worker(app, task, is_told):
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql", 1)
    with psycopg.connect(url, autocommit=True) as worker:
        worker.execute("LISTEN procrastinate_any_queue_v1")

        with app.app_context():
            jobs.defer(task, event_id=0)
            db.session.commit()
            db.session.remove()

        assert bool(list(worker.notifies(timeout=0.3))) is is_told
