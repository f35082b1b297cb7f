"""Work for later: jobs are deferred inside the transaction that wants them, so they exist if it does.

A task may run twice (a worker can die after its work and before its note of it), so every task is
idempotent. Tasks are deferred by name: the core does not import who reacts to it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from sqlalchemy import text

from cps.kernel.db import db, driver_connection

# Names of the tasks that the core asks for.
ANNOUNCE = "announce"
DELIVER = "deliver"
DEVELOP = "develop"
RECOUNT = "recount"
RECOUNT_REPLIES = "recount_replies"
REHOME = "rehome"
ENDINGS = "follow_endings"
REMIND = "remind"
DIGESTS = "digests"
PLACE_NEWS = "place_news"
RECURRING = "recurring"
TELL_RECURRING = "tell_recurring"
TELL_COVER = "tell_cover"

NEWS, OTHERS = "news", "default"
"""Queues: what one hand writes in batches, and what may wait long for other machines or much work."""
_QUEUE_OF = {ANNOUNCE: NEWS}

app = App(connector=PsycopgConnector())

# The worker opens `app` for asyncio, and then it takes no connection of a thread. Deferring needs no
# pool at all, only the caller's connection: so it has an app of its own that is never opened.
_DEFERRING = App(connector=SyncPsycopgConnector())

# For tasks that fail for reasons of the machine: three tries more, then they are parked for people.
PATIENTLY = RetryStrategy(max_attempts=4, exponential_wait=5)
# For tasks that must happen, whatever the machine goes through meanwhile: an hour and a half of tries.
PERSISTENTLY = RetryStrategy(max_attempts=12, exponential_wait=2)

_STALLED_AFTER_SECONDS = 30

_TAKE_ALONG = text(
    "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM procrastinate_jobs"
    " WHERE status = 'todo' AND task_name = :task AND attempts = 0 AND (scheduled_at IS NULL OR scheduled_at <= now()) AND lock IS NULL"
    " ORDER BY priority DESC, id LIMIT :most FOR UPDATE SKIP LOCKED) RETURNING args"
)


_RETRY = text(
    "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs WHERE status = 'failed'"
)


def defer(task: str, *, within: timedelta | None = None, **arguments: Any) -> None:
    """Ask for `task` to run once this transaction has committed, at the earliest after `within`.

    Raises psycopg's own OperationalError if the database goes away meanwhile.
    """
    deferring = _DEFERRING.configure_task(
        task,
        allow_unknown=True,
        queue=_QUEUE_OF.get(task, OTHERS),
        schedule_in={"seconds": int(within.total_seconds())} if within else None,
        connection=driver_connection(),
    )
    try:
        deferring.defer(**arguments)
    except ConnectorException as error:
        raise error.__cause__ or error from None


def taken_along(task: str, *, most: int) -> list[dict[str, Any]]:
    """Take up to `most` more jobs of this kind that wait, to be done in this very transaction; their arguments.

    They are gone if it commits and wait on if it does not. Only such as were never tried: a job that
    fails is tried again alone, so that it cannot spoil the others for ever.
    """
    found = db.session.execute(_TAKE_ALONG, {"task": task, "most": most})
    return [dict(arguments) for (arguments,) in found]


def retry_failed() -> int:
    """Let every job that was given up be tried once more; return how many there are."""
    return len(db.session.execute(_RETRY).all())


def runner(surroundings: Callable[[], AbstractContextManager[Any]]) -> Callable[..., Any]:
    """Return the worker's middleware: each task in its own surroundings and its own transaction."""

    def run(call: Callable[[], Any], _context: Any, _worker: Any) -> Any:
        with surroundings():
            result = call()
            db.session.commit()
            return result

    return run


@app.periodic(cron="* * * * * */15")  # the sixth field is the second
@app.task(name="take_up_stalled_jobs", queueing_lock="take_up_stalled_jobs", pass_context=False)
async def take_up_stalled_jobs(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Give the jobs of dead workers to the living; procrastinate does not do so by itself."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_AFTER_SECONDS)
    for job in stalled:
        if job.status == Status.DOING.value:
            await app.job_manager.retry_job(job)
