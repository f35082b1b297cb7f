"""`cps work`: the worker, which writes letters, delivers them and develops photos."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool

from cps.city.queries import in_force
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
from cps.kernel.db import WITHIN, db, is_ended
from cps.kernel.errors import Unusable
from cps.notify import covers, digests, placenews, recurring
from cps.notify import tasks as notify_tasks
from cps.observe import counts, doing, lines, spans
from cps.people import attempts, denials, sessions
from cps.photos import tasks as photo_tasks
from cps.photos.decode import on_standby
from cps.suggesting import tasks as suggesting_tasks

# Importing them is what makes their tasks known to the worker.
TASKS = (
    attempts,
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
    sessions,
    suggesting_tasks,
    unsent,
    waits,
)

# One hand writes the news, many pieces at once; whatever may wait for other machines has its own hands.
_HANDS = {jobs.NEWS: 1, jobs.OTHERS: 2}
# Seconds after which each looks for work again: of news the database tells nobody, for who files would wait for that in turn.
_LOOKS_EVERY = {jobs.NEWS: 1.0, jobs.OTHERS: 5.0}
# What the queue notes of a job may be lost with the machine: the job then runs again, as it may anyway.
# The next job is always found by its index: the planner, who remembers an empty queue, would read and sort
# all of a full one for every job.
_QUEUE = {
    "options": "-c synchronous_commit=off -c enable_sort=off -c enable_seqscan=off -c enable_bitmapscan=off",
    **WITHIN,
}
_PROCESS = "worker"
_NICENESS = 15  # whoever waits for a page goes first; letters and photos have time


@click.command()
def work() -> None:
    """Do what requests left for later."""
    settings = settings_in_use()
    lines.begin(settings.log, process=_PROCESS)
    spans.use(settings.traces, process=_PROCESS)
    if settings.metrics_token:
        counts.use(counts.folder_of(settings.var), process=_PROCESS)
    os.nice(_NICENESS)
    with application(settings, click.echo) as app:
        _name_city()
        db.session.remove()
        try:
            with on_standby():
                asyncio.run(_run(app))
        finally:
            spans.end()


def _name_city() -> None:
    """Say in the log which city this is; before one is loaded the worker waits for it."""
    with suppress(Unusable):
        lines.of_city(in_force().profile.code)


async def _observed(process: Callable[[], Awaitable[Any]], context: Any, _worker: Any) -> Any:
    """Do a job under the eyes of the log, the counts and the traces."""
    task, number, begun, outcome = context.job.task_name, context.job.id, time.perf_counter(), "failed"
    try:
        with doing.this(job=task, job_id=number), spans.job(task, number):
            result = await process()
            outcome = "done"
            return result
    finally:
        counts.job(task, outcome, time.perf_counter() - begun)


async def _check(connection: AsyncConnection[Any]) -> None:
    """Refuse a connection that the server has closed; the pool then opens another."""
    if is_ended(connection):
        await connection.close()  # the pool would keep it, and hand it out again, as long as it does not know
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
        working = [asyncio.create_task(_work_for_ever(queue, hands, app)) for queue, hands in _HANDS.items()]
        for ending in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(ending, _end, working)
        await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
        _end(working)  # the one that ended first, or was told to, takes the others along
        for ended in await asyncio.gather(*working, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended


def _end(working: Sequence[asyncio.Task[None]]) -> None:
    for queue in working:
        if not queue.cancelling():  # a second time it would not finish what it is at
            queue.cancel()


async def _work_for_ever(queue: str, hands: int, app: Flask) -> None:
    await _work_on(queue, hands, app)
    raise Unusable(f"The worker on the queue {queue} lost the database; whoever keeps it up starts it again.")


async def _work_on(queue: str, hands: int, app: Flask, **more: Any) -> None:
    await jobs.app.run_worker_async(
        name=queue,
        queues=[queue],
        concurrency=hands,
        fetch_job_polling_interval=_LOOKS_EVERY[queue],
        delete_jobs="successful",
        task_middleware=[jobs.runner(app.app_context)],
        worker_middleware=[_observed],
        shutdown_graceful_timeout=10,
        install_signal_handlers=False,  # there are two of us: one handler ends both
        **more,
    )
