"""Counting what happens, where the operator wants it; elsewhere nothing is counted, nor the package for it loaded.

All processes of an instance on one machine count in one folder, and any of the web's shows the sums of all: so the
worker, which nobody can ask over HTTP, is heard too.
"""

import logging
import os
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cps.kernel.errors import Unusable
from cps.observe import places

if TYPE_CHECKING:
    from cps.observe.meters import Meters

_FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"  # how the package is told where
_LOG = logging.getLogger(__name__)
_METERS: "list[Meters]" = []
_PLACE: list[str] = []
_FOLDER: list[Path] = []


def use(folder: Path, *, process: str) -> None:
    """Count in this folder from now on; where that cannot be, say so in the log and count nothing."""
    _FOLDER[:] = [folder]
    os.environ[_FOLDER_VARIABLE] = str(folder)
    if _takes_place(process):
        # It chooses its files as it is loaded, so not before it is known where they are.
        _METERS[:] = [import_module("cps.observe.meters").Meters(folder, _place)]


def folder_of(var: Path) -> Path:
    """Return where the processes of an instance count."""
    return var / "run" / "metrics"


def after_fork(*, process: str) -> None:
    """Count in files of one's own from now on, as the child of a process that counts."""
    if not _METERS:
        return
    if _takes_place(process):
        _METERS[0].begin()
    else:
        _METERS.clear()


def meters() -> "Meters | None":
    """Return the counts, if there are any."""
    return _METERS[0] if _METERS else None


def request(endpoint: str, method: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    for counted in _METERS:
        counted.request(endpoint, method, status, seconds)


def in_flight() -> AbstractContextManager[None]:
    """Count a request as being answered until the block ends."""
    return _METERS[0].in_flight() if _METERS else nullcontext()


def filing(outcome: str, reason: str) -> None:
    """Count a report that was handed in: stored, repeated, refused for a reason, failed."""
    for counted in _METERS:
        counted.filing(outcome, reason)


def photo(outcome: str) -> None:
    """Count a photo: taken in, refused, developed, unreadable."""
    for counted in _METERS:
        counted.photo(outcome)


def job(task: str, outcome: str, seconds: float) -> None:
    """Count a job that was tried: done or failed."""
    for counted in _METERS:
        counted.job(task, outcome, seconds)


def read(source: str) -> None:
    """Count a page that the replica may answer, by who did: the primary or the replica."""
    for counted in _METERS:
        counted.read(source)


def _takes_place(process: str) -> bool:
    try:
        _PLACE[:] = [places.claim(_FOLDER[0], process)]
    except Unusable as error:  # a full disk: people can still be answered
        _LOG.error("nothing is counted: %s", str(error))
        return False
    return True


def _place() -> str:
    return _PLACE[0]
