"""Where each process counts: in files of a place that it holds a lock on, so that no two write the same.

The kernel gives the place back when its process ends, however it ends; the next to take it counts on from there.
So nothing counted is lost, and there are no more files than there were processes at once. Whoever comes to an
empty folder begins anew.
"""

import fcntl
import os
from itertools import count
from pathlib import Path
from typing import Final

from cps.kernel.errors import Unusable

# Room is taken beforehand: to write where a full disk has none would end the process (SIGBUS).
_FILES: Final = {"counter": 2**19, "histogram": 2**21, "gauge_livesum": 2**16}
_HELD: list[int] = []


def claim(folder: Path, kind: str) -> str:
    """Take the first free place for a process of this kind, until it ends; raise Unusable if nothing can be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _join(folder)
        for number in count(1):
            place = f"{kind}-{number}"
            if (lock := _locked(folder / f"{place}.lock")) is not None:
                _HELD.append(lock)
                _take_room(folder, place)
                return place
    except OSError as error:
        raise Unusable(f"Nothing can be counted in {folder}: {error.strerror}.") from error
    raise AssertionError


def _join(folder: Path) -> None:
    """Say that somebody is here; whoever comes first throws away what others left."""
    here = _opened(folder / "here.lock")
    try:
        fcntl.flock(here, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob("*.db"):
            left.unlink()
    except BlockingIOError:
        pass
    fcntl.flock(here, fcntl.LOCK_SH)
    _HELD.append(here)


def _locked(path: Path) -> int | None:
    lock = _opened(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _take_room(folder: Path, place: str) -> None:
    for kind, size in _FILES.items():
        path = folder / f"{kind}_{place}.db"
        if not path.exists():
            _make(path, size)


def _make(path: Path, size: int) -> None:
    """Make a file of zeros; nobody sees it before it is whole, nor if there is no room."""
    aside = path.with_suffix(".new")
    file = _opened(aside)
    try:
        os.posix_fallocate(file, 0, size)
        aside.rename(path)
    except OSError:
        aside.unlink()
        raise
    finally:
        os.close(file)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
