"""`cps serve`: the web side, by gunicorn."""

import ctypes
import gc
import re
import time
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from cps.app import check_pool, create_app
from cps.city.queries import in_force
from cps.console import schema
from cps.console.session import check_server, database_url, settings_in_use
from cps.kernel.db import db, libpq_url
from cps.observe import counts, lines, spans
from cps.settings import Settings
from cps.web import admission

_PROCESS = "web"
_CUT = re.compile(r"(?:^|&)cut(?:&|$)")
_GLIBC = "libc.so.6"
_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3  # malloc.h
_LARGE_BYTES = 4 * 1024 * 1024


class _Log(Logger):  # type: ignore[misc] # gunicorn ships no types
    """Gunicorn's log as part of ours: it would print addresses of people and of private links."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.propagate = True

    def _set_handler(self, *_arguments: object, **_more: object) -> None:
        """Write nothing by itself."""


class _Worker(ThreadWorker):  # type: ignore[misc] # gunicorn ships no types
    """Gunicorn's worker with threads, which tells each request how long it waited for one (`web.admission`)."""

    def enqueue_req(self, conn: TConn) -> None:
        """Let a connection that has something to say wait for a thread."""
        conn.waits_since = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        """Answer it."""
        admission.waited(time.monotonic() - conn.waits_since)
        return super().handle(conn)


class _Web(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """Gunicorn with our application and no configuration file."""

    def __init__(self, settings: Settings, url: str, options: dict[str, Any]) -> None:
        self._settings, self._url, self._options = settings, url, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Put the application together once, before the workers fork, so that they share its memory."""
        pool_url = self._settings.database_pool_url
        if pool_url:
            check_server(libpq_url(pool_url))
        app = create_app(self._settings, database_url=pool_url or self._url)
        with app.app_context():
            if pool_url:
                check_pool()
            schema.ensure_current()
            lines.of_city(in_force().profile.code)
            db.session.remove()
            db.engine.dispose()  # no worker inherits a connection
        gc.collect()
        _give_back_memory()
        gc.freeze()  # what all workers share is not counted, and so not copied, by each of them
        return app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
def serve(host: str, port: int) -> None:
    """Answer citizens and officials over HTTP."""
    settings = settings_in_use()
    _keep_memory_together()
    lines.begin(settings.log, process=_PROCESS)
    spans.check(settings.traces)
    if settings.metrics_token:
        counts.use(counts.folder_of(settings.var), process=_PROCESS)
    with database_url(settings, click.echo) as url:
        _Web(settings, url, _options(settings, host, port)).run()


def _keep_memory_together() -> None:
    """Let the threads of a process share two heaps: with one for each, much memory lies idle (glibc).

    What is large, like the 19 MB that checking a password takes, goes back to the system at once.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(_GLIBC).mallopt(_M_ARENA_MAX, 2)
        ctypes.CDLL(_GLIBC).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def _give_back_memory() -> None:
    """Return to the system what putting the application together no longer needs (glibc)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(_GLIBC).malloc_trim(0)


def _end_over_a_bad_line(_worker: object, request: Any) -> None:
    """Answer what is marked `cut` over a connection that takes nothing more, and say so.

    A browser whose connection is cut sends what it was sending again from the first byte, unasked, if it has used that
    connection before; over a new one it tells the page, which asks how far a photo has come.
    """
    if _CUT.search(request.query or ""):
        request.force_close()


def _observe(settings: Settings) -> None:
    """Let a process that has just been forked count and trace by itself."""
    counts.after_fork(process=_PROCESS)
    spans.use(settings.traces, process=_PROCESS)


def _options(settings: Settings, host: str, port: int) -> dict[str, Any]:
    return {
        "bind": f"{host}:{port}",
        "workers": settings.web_workers,
        "threads": settings.web_threads,
        "worker_class": _Worker,
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 15,
        "pre_request": _end_over_a_bad_line,
        "post_fork": lambda _server, _worker: _observe(settings),
        "worker_exit": lambda _server, _worker: spans.end(),
        "accesslog": None,  # addresses of private links do not belong in a log; requests leave lines of their own
        "logger_class": _Log,
        "loglevel": "warning",
        "proc_name": "cps-web",
    }
