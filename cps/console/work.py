"""`cps work`: the worker, which writes letters, delivers them and develops photos."""

import asyncio
import logging
import os

import click
from flask import Flask
from psycopg_pool import AsyncConnectionPool

from cps.console.session import application, settings_in_use
from cps.kernel import jobs
from cps.kernel.db import db
from cps.notify import tasks as notify_tasks
from cps.photos import tasks as photo_tasks

# Importing them is what makes their tasks known to the worker.
TASKS = (notify_tasks, photo_tasks)

_CONCURRENCY = 3
# What the queue notes of a job may be lost with the machine: the job then runs again, as it may anyway.
_LAZY_COMMITS = {"options": "-c synchronous_commit=off"}
_NICENESS = 15  # whoever waits for a page goes first; letters and photos have time


@click.command()
def work() -> None:
    """Do what requests left for later."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    os.nice(_NICENESS)
    with application(settings_in_use(), click.echo) as app:
        db.session.remove()
        asyncio.run(_run(app))


async def _run(app: Flask) -> None:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql", 1)
    pool = AsyncConnectionPool(
        url,
        kwargs=_LAZY_COMMITS,
        open=False,
        min_size=1,
        max_size=3,
        check=AsyncConnectionPool.check_connection,
    )
    async with pool, jobs.app.open_async(pool):
        await jobs.app.run_worker_async(
            concurrency=_CONCURRENCY,
            delete_jobs="successful",
            task_middleware=[jobs.runner(app.app_context)],
            shutdown_graceful_timeout=10,
        )
