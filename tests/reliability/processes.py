"""Who is whose child: how a test finds the process that it is about to kill."""

import os
import signal
from pathlib import Path


def children(parent: int, word: str = "") -> list[int]:
    """Return the children of a process, or those whose command has this word."""
    try:
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [int(child) for child in listed if not word or word in _command(int(child))]


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> bool:
    """Send a signal; say whether there was somebody to receive it."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False  # it ended by itself between the look and the kill
    return True


def is_alive(pid: int) -> bool:
    """Whether the process still runs; one that only waits to be buried does not."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    except OSError:
        return []
