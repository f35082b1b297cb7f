"""What is done in the background: whether a worker lives, how long work waits for it, and what it gave up."""

from datetime import timedelta
from typing import Final

from sqlalchemy import text

from cps.health.finding import Finding, State, graded, worst_of
from cps.kernel.db import db
from cps.settings import Settings

_QUIET: Final = timedelta(seconds=60)  # it says every ten seconds that it lives
_LONG, _TOO_LONG = timedelta(minutes=5), timedelta(hours=1)
_KINDS_TOLD: Final = 3

_WORKERS: Final = text(
    "SELECT count(*) FILTER (WHERE last_heartbeat > now() - :quiet) AS alive,"
    " extract(epoch FROM now() - max(last_heartbeat)) AS silence FROM procrastinate_workers"
)
# A job has waited since it was due, or since it was asked for.
_WAITING: Final = text(
    "SELECT count(DISTINCT j.id) AS jobs, coalesce(extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at))), 0) AS seconds"
    " FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
    " WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
)
_FAILED: Final = text(
    "SELECT task_name, count(*) AS jobs FROM procrastinate_jobs WHERE status = 'failed'"
    " GROUP BY task_name ORDER BY count(*) DESC, task_name"
)


def worker(_settings: Settings) -> Finding:
    """Look whether a worker has said lately that it lives."""
    found = db.session.execute(_WORKERS, {"quiet": _QUIET}).one()
    figures = {
        "workers": found.alive,
        "silence_seconds": round(found.silence) if found.silence is not None else None,
    }
    if found.alive:
        return Finding("worker", State.OK, "The worker lives.", figures=figures)
    since = f" for {_span(found.silence)}" if found.silence is not None else ""
    return Finding(
        "worker",
        State.FAULT,
        f"No worker has been at work{since}: no letter leaves, no photo appears, nobody is reminded.",
        "Start it: `systemctl start 'cps-work@*'`, or `cps work`. What waits is done then.",
        figures,
    )


def queue(_settings: Settings) -> Finding:
    """Look how long the oldest work has waited, and whether some was given up."""
    waiting, failed = db.session.execute(_WAITING).one(), db.session.execute(_FAILED).all()
    given_up = sum(row.jobs for row in failed)
    seconds = float(waiting.seconds)
    figures = {"waiting": waiting.jobs, "oldest_seconds": round(seconds), "failed": given_up}
    state = graded(seconds, warning=_LONG.total_seconds(), fault=_TOO_LONG.total_seconds())
    told, todo = [], []
    if state is not State.OK:
        told.append(f"{_jobs(waiting.jobs)} waiting, the oldest for {_span(seconds)}.")
        todo.append("See that the worker runs and what it is busy with.")
    if given_up:
        kinds = ", ".join(f"{row.task_name} ({row.jobs})" for row in failed[:_KINDS_TOLD])
        told.append(f"{_jobs(given_up)} given up: {kinds}.")
        todo.append("The worker's log says why; `cps jobs retry` lets them be tried again.")
        state = worst_of((state, State.WARNING))
    if not told:
        return Finding("queue", State.OK, "Nothing waits for long.", figures=figures)
    return Finding("queue", state, " ".join(told), " ".join(todo), figures)


def _jobs(count: int) -> str:
    return f"{count} job is" if count == 1 else f"{count} jobs are"


def _span(seconds: float) -> str:
    """Write a span of time in its largest unit."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
