"""`cps work`: the worker, which writes letters, delivers them and develops photos."""

import asyncio
import logging

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

_CONCURRENCY = 4


@click.command()
def work() -> None:
    """Do what requests left for later."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with application(settings_in_use(), click.echo) as app:
        db.session.remove()
        asyncio.run(_run(app))


async def _run(app: Flask) -> None:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql", 1)
    pool = AsyncConnectionPool(
        url, open=False, min_size=1, max_size=3, check=AsyncConnectionPool.check_connection
    )
    async with pool, jobs.app.open_async(pool):
        await jobs.app.run_worker_async(
            concurrency=_CONCURRENCY,
            delete_jobs="successful",
            task_middleware=[jobs.runner(app.app_context)],
            shutdown_graceful_timeout=10,
        )
