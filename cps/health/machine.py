"""The machine: its clock and its disk."""

import ctypes
import os
import shutil
from pathlib import Path
from typing import Final

from cps.health.finding import Finding, State
from cps.settings import Settings

_CLOCK_UNSYNCHRONISED: Final = 5  # TIME_ERROR of adjtimex(2)
_TIMEX_BYTES: Final = 512  # more than any struct timex
_GIB: Final = 2**30
_LITTLE_GIB, _TOO_LITTLE_GIB = 2.0, 0.5
_LITTLE_SHARE, _TOO_LITTLE_SHARE = 0.10, 0.03


def clock(_settings: Settings) -> Finding:
    """Look whether the kernel's clock is kept right by a time service."""
    state = _kernel_clock()
    if state is None:
        return Finding("clock", State.OFF, "This system does not say whether its clock is kept right.")
    if state == _CLOCK_UNSYNCHRONISED:
        return Finding(
            "clock",
            State.WARNING,
            "No time service keeps the clock right.",
            "Start one: `timedatectl set-ntp true`, or `apt install chrony`. Deadlines and sign-ins follow the clock.",
        )
    return Finding("clock", State.OK, "A time service keeps the clock right.")


def _kernel_clock() -> int | None:
    """Return what adjtimex(2) says of the clock, without changing it; None where there is no such call."""
    try:
        found: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return found if found >= 0 else None


def disk(settings: Settings) -> Finding:
    """Look how much room there is where photos, and an embedded database, are kept."""
    place = _nearest(settings.var)
    usage, inodes = shutil.disk_usage(place), os.statvfs(place)
    free, share = usage.free / _GIB, usage.free / usage.total
    files = inodes.f_favail / inodes.f_files if inodes.f_files else 1.0
    figures = {"free_gib": round(free, 2), "free_share": round(share, 3), "free_files_share": round(files, 3)}
    told = f"{free:.1f} GiB are free under {settings.var} ({share:.0%})."
    if not os.access(place, os.W_OK):
        todo = f"Give the user of `cps` the right to write to {place}."
        return Finding("disk", State.FAULT, f"Nothing can be written under {settings.var}.", todo, figures)
    if free < _TOO_LITTLE_GIB or share < _TOO_LITTLE_SHARE or files < _TOO_LITTLE_SHARE:
        state = State.FAULT
    elif free < _LITTLE_GIB or share < _LITTLE_SHARE or files < _LITTLE_SHARE:
        state = State.WARNING
    else:
        return Finding("disk", State.OK, told, figures=figures)
    todo = "Make room or a larger disk: when it is full, reports come in without photos, and then not at all."
    return Finding("disk", state, told, todo, figures)


def _nearest(path: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(folder for folder in (path, *path.parents) if folder.is_dir())
