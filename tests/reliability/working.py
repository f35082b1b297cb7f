"""The worker of the tests: the real one, on the real queue, for as long as there is something to do.

Time passes for it when it is told to: what waits for later comes due by as much as the clock of the tests is moved on.
"""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from flask import Flask
from procrastinate import PsycopgConnector
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text

from cps.console import work
from cps.kernel import jobs
from cps.kernel.db import db
from tests.living import to_the_end

_QUEUES = (jobs.NEWS, jobs.OTHERS)
_PASSED = text(
    "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - :passed WHERE scheduled_at IS NOT NULL"
)
_NEXT = text(
    "SELECT extract(epoch FROM min(scheduled_at) - now()) FROM procrastinate_jobs"
    " WHERE status = 'todo' AND scheduled_at > now()"
)
_DUE = (
    "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = ANY(%(queues)s)"
    " AND (scheduled_at IS NULL OR scheduled_at <= now())"
)
_BURIED = text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")


def work_off(app: Flask) -> None:
    """Do what is due now, and what comes of it."""
    to_the_end(_work_off(app))


def time_passes(passed: timedelta) -> None:
    """Let what waits for later come due so much sooner; committed."""
    db.session.execute(_PASSED, {"passed": passed})
    db.session.commit()


def next_in() -> timedelta | None:
    """Return in how long the next job comes due that waits for later."""
    seconds = db.session.scalar(_NEXT)
    db.session.rollback()
    return None if seconds is None else timedelta(seconds=float(seconds))


def take_up_stalled(app: Flask) -> None:
    """Let half a minute pass since the last sign of life of every worker there was, and look after their jobs."""
    db.session.execute(_BURIED)
    db.session.commit()
    to_the_end(_with_queue(app, jobs.take_up_stalled_jobs(timestamp=0)))


async def _work_off(app: Flask) -> None:
    await _with_queue(app, _until_nothing_is_due(app))


async def _until_nothing_is_due(app: Flask) -> None:
    # Periodic work is not begun by the clock of this machine: whoever wants it asks for it.
    with patch.dict(jobs.app.periodic_registry.periodic_tasks, clear=True):
        while await _is_due():
            for queue in _QUEUES:
                await work._work_on(queue, 1, app, wait=False, listen_notify=False)


async def _is_due() -> bool:
    found = await jobs.app.connector.execute_query_one_async(_DUE, queues=list(_QUEUES))
    return bool(found["count"])


async def _with_queue(app: Flask, doing: Any) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"].replace("postgresql+psycopg", "postgresql", 1)
    # A connector of its own each time: one that was closed stays so.
    with jobs.app.replace_connector(PsycopgConnector()):
        async with (
            AsyncConnectionPool(url, kwargs=work._QUEUE, open=False, min_size=1, max_size=3) as pool,
            jobs.app.open_async(pool),
        ):
            await doing
