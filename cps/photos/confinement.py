"""The walls around the process that decodes a photo: whoever takes it over gains nothing.

`confine` is called once, in the child, after every import and before the first byte of the
picture is parsed. There is no way back.

What holds everywhere: the process may open no file, socket or pipe any more (a limit of no new
descriptors, so that there is neither file access nor network, without any privilege), write no
file, dump no core, and has a bounded time and memory. What holds where the system permits it:
started as root, it becomes the nobody user; on Linux it gains no privileges by starting programs,
and moves to a user and a network namespace of its own, in which the network has no way out and
processes are counted apart. Containers and some distributions forbid such namespaces; then the
limit of no new descriptors is what keeps it off the network.
"""

import ctypes
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

CPU_SECONDS = 20

# Beyond what the program itself has mapped (resident: about 25 MB), so that the resident set
# stays within 300 MB. A 48 MP HEIC needs about 235 MB of it.
MEMORY_BYTES = 270 * 1024 * 1024

_NOBODY = 65534
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
_MOST_THREADS = 16


def confine(*, threads: bool) -> None:
    """Give up everything that decoding does not need; `threads` leaves the right to start threads."""
    _become_nobody()
    if sys.platform == "linux":
        alone = _leave_the_system()
        _limit(resource.RLIMIT_AS, _mapped_bytes() + MEMORY_BYTES)
    else:
        alone = False
    # libheif decodes in a thread of its own, and threads count as processes. Where they cannot be
    # counted apart from the rest of this user's, a limit would fail the photo by chance.
    if not threads:
        _limit(resource.RLIMIT_NPROC, 0)
    elif alone:
        _limit(resource.RLIMIT_NPROC, _MOST_THREADS)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 0)


def _become_nobody() -> None:
    if os.geteuid() != 0:
        return
    # A container may run as a root that was denied even this; the other walls still stand.
    with suppress(PermissionError):
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)


def _leave_the_system() -> bool:
    """Take no new privileges, and leave for namespaces of our own; say whether that was permitted."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)


def _mapped_bytes() -> int:
    # Bytes, for the codec of a text would be imported, and nobody may be unable to reach it.
    pages = Path("/proc/self/statm").read_bytes().split()[0]
    return int(pages) * resource.getpagesize()


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))
