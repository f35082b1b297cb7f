"""Work for later: jobs are deferred inside the transaction that wants them, so they exist if it does.

A task may run twice (a worker can die after its work and before its note of it), so every task is
idempotent. Tasks are deferred by name: the core does not import who reacts to it. What the machine lacks for a while is
waited for; what fails or kills its worker by itself is given up after a few tries, where people see it.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from sqlalchemy import text

from cps.kernel import clock
from cps.kernel.db import db, driver_connection
from cps.kernel.lacking import is_lacking

_LOG = logging.getLogger(__name__)

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

_STALLED_AFTER_SECONDS = 30
_LONGEST_GAP_SECONDS = 600
_ALONE = "alone"
"""The lock of jobs whose worker died: no two of them run at once, so that none is blamed for another again."""
_LAST_TRY = -1
"""The priority of a job with which two workers died: everything else goes first."""

_TAKE_ALONG = text(
    "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM procrastinate_jobs"
    " WHERE status = 'todo' AND task_name = :task AND attempts = 0 AND (scheduled_at IS NULL OR scheduled_at <= now()) AND lock IS NULL"
    " ORDER BY priority DESC, id LIMIT :most FOR UPDATE SKIP LOCKED) RETURNING args"
)


# Of what may wait only once, as periodic work, one is enough.
_FORGET_SPARE = text(
    "DELETE FROM procrastinate_jobs f WHERE status = 'failed' AND queueing_lock IS NOT NULL AND EXISTS"
    " (SELECT FROM procrastinate_jobs o WHERE o.queueing_lock = f.queueing_lock"
    " AND (o.status = 'todo' OR o.status = 'failed' AND o.id > f.id))"
)
_RETRY = text(
    "SELECT procrastinate_retry_job_v2(id, now(), 0, NULL, NULL) FROM procrastinate_jobs WHERE status = 'failed'"
)


class Again(BaseRetryStrategy):
    """Try a job that failed again, `most` times, with gaps of `base` seconds to the power of the tries.

    What the machine lacks (its database, its disk) is no fault of the job: then it is tried for as long as that takes,
    at least every ten minutes.
    """

    def __init__(self, *, most: int, base: int) -> None:
        self.most, self.base = most, base

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again; None to give up."""
        is_waited_for = is_lacking(exception)
        if job.attempts >= self.most and not is_waited_for:
            return None
        gap = self.base ** min(job.attempts + 1, self.most)
        seconds = min(gap, _LONGEST_GAP_SECONDS) if is_waited_for else gap
        return RetryDecision(retry_at=clock.running() + timedelta(seconds=seconds))


# For tasks that may as well wait for people: three tries in all.
PATIENTLY = Again(most=2, base=5)
# For tasks that must happen, whatever is wrong with them meanwhile: an hour and a half of tries.
PERSISTENTLY = Again(most=12, base=2)


def defer(task: str, *, within: timedelta | None = None, **arguments: Any) -> None:
    """Ask for `task` to run once this transaction has committed, at the earliest after `within`.

    Raises psycopg's own OperationalError if the database goes away meanwhile.
    """
    deferring = _DEFERRING.configure_task(
        task,
        allow_unknown=True,
        queue=_QUEUE_OF.get(task, OTHERS),
        schedule_at=clock.running() + within if within else None,
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
    db.session.execute(_FORGET_SPARE)
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
            await _take_up(job)


async def _take_up(job: Job) -> None:
    """Let a job run again whose worker died; the third such death in a row is the job's own doing, and parks it."""
    if job.lock == _ALONE and job.priority <= _LAST_TRY:
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        _LOG.error("job %s (%s) is given up: three workers died with it", job.id, job.task_name)
        return
    try:
        await app.job_manager.retry_job(job, lock=_ALONE, priority=_LAST_TRY if job.lock == _ALONE else None)
    except UniqueViolation:  # the same was asked for meanwhile, and waits already
        await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
