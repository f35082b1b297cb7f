"""What ends by its own date in the profile, without a plan: the open reports there go where they belong from then on.

Looked for every five minutes, so that it happens soon after midnight and is caught up with after a time without workers.
A reorganisation that is going on, or has become due, goes first: it says more about what comes after what.
"""

from cps.city.reforms import unfinished
from cps.complaints import planned, rehoming
from cps.kernel import jobs


@jobs.app.periodic(cron="*/5 * * * *")
@jobs.app.task(name="look_for_endings", queueing_lock="look_for_endings", pass_context=False)
def look_for_endings(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Follow what has ended by now."""
    follow(after=0)


@jobs.app.task(name=jobs.ENDINGS, retry=jobs.PERSISTENTLY)
def follow(after: int) -> None:
    """Re-home a batch and ask for the next one."""
    if planned.is_due() or unfinished():
        return
    batch = rehoming.follow_endings(after=after)
    if batch is not None:
        jobs.defer(jobs.ENDINGS, after=batch.last)
