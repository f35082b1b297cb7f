"""`cps work`: the worker, which writes letters, delivers them and develops photos."""

import asyncio
import logging
import os
import signal
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool

from cps.complaints import (
    endings,
    planned,
    presence,
    recounting,
    recounting_replies,
    rehoming,
    reminding,
    unsent,
    waits,
)
from cps.console.session import application, settings_in_use
from cps.evaluate import publishing
from cps.kernel import jobs
from cps.kernel.db import db, is_ended
from cps.notify import covers, digests, placenews, recurring
from cps.notify import tasks as notify_tasks
from cps.people import denials
from cps.photos import tasks as photo_tasks
from cps.suggesting import tasks as suggesting_tasks

# Importing them is what makes their tasks known to the worker.
TASKS = (
    covers,
    denials,
    digests,
    endings,
    notify_tasks,
    photo_tasks,
    placenews,
    planned,
    presence,
    publishing,
    recounting,
    recounting_replies,
    recurring,
    rehoming,
    reminding,
    suggesting_tasks,
    unsent,
    waits,
)

# One hand writes the news, many pieces at once; whatever may wait for other machines has its own hands.
_HANDS = {jobs.NEWS: 1, jobs.OTHERS: 2}
# What the queue notes of a job may be lost with the machine: the job then runs again, as it may anyway.
# The next job is always found by its index: the planner, who remembers an empty queue, would read and sort
# all of a full one for every job.
_QUEUE = {
    "options": "-c synchronous_commit=off -c enable_sort=off -c enable_seqscan=off -c enable_bitmapscan=off"
}
_NICENESS = 15  # whoever waits for a page goes first; letters and photos have time


@click.command()
def work() -> None:
    """Do what requests left for later."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    os.nice(_NICENESS)
    with application(settings_in_use(), click.echo) as app:
        db.session.remove()
        asyncio.run(_run(app))


async def _check(connection: AsyncConnection[Any]) -> None:
    """Refuse a connection that the server has closed; the pool then opens another."""
    if is_ended(connection):
        raise OperationalError("the server closed the connection")


async def _run(app: Flask) -> None:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql", 1)
    pool = AsyncConnectionPool(
        url,
        kwargs=_QUEUE,
        open=False,
        min_size=1,
        max_size=4,
        check=_check,
    )
    async with pool, jobs.app.open_async(pool):
        working = asyncio.gather(*(_work_on(queue, hands, app) for queue, hands in _HANDS.items()))
        for ending in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(ending, working.cancel)
        with suppress(asyncio.CancelledError):
            await working


async def _work_on(queue: str, hands: int, app: Flask) -> None:
    await jobs.app.run_worker_async(
        name=queue,
        queues=[queue],
        concurrency=hands,
        delete_jobs="successful",
        task_middleware=[jobs.runner(app.app_context)],
        shutdown_graceful_timeout=10,
        install_signal_handlers=False,  # there are two of us: one handler ends both
    )
