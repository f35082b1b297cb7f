"""A disk that fails when it is told to: system calls of a process and all its children, answered by us.

The kernel asks us before each call of the kinds we watch (seccomp's user notification; Linux 5.5 or newer): most go
on as if nothing were, some fail with the error of our choice. No compiler and no root is needed.
"""

import ctypes
import errno
import fcntl
import os
import platform
import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from cps.kernel.postgres_programs import Account

_NUMBERS: Final = {"x86_64": (74, 75, 317), "aarch64": (82, 83, 277)}  # fsync, fdatasync, seccomp
_NO_NEW_PRIVILEGES: Final = 38  # prctl
_MODE_FILTER, _NEW_LISTENER = 1, 8
_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # ioctl: struct seccomp_notif, struct seccomp_notif_resp
_ASK, _ALLOW = 0x7FC00000, 0x7FFF0000
_GO_ON = 1
_LOOK_AGAIN_MS = 200


class Syncing:
    """The calls that promise that something is on the disk; `fails` decides whether they can."""

    def __init__(self) -> None:
        self.fails = False
        self.failed = 0
        self._ours, self._theirs = socket.socketpair()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._answer, daemon=True)

    def watch(self) -> None:
        """Put the process that calls this under watch, and whatever it becomes; to be called between fork and exec."""
        libc = ctypes.CDLL(None, use_errno=True)
        fsync, fdatasync, seccomp = _NUMBERS[platform.machine()]
        code = _filter(fsync, fdatasync)
        kept = ctypes.create_string_buffer(code)
        program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(kept))
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        listener = libc.syscall(seccomp, _MODE_FILTER, _NEW_LISTENER, ctypes.create_string_buffer(program))
        if listener < 0:
            os._exit(99)
        socket.send_fds(self._theirs, [b"x"], [listener])
        os.close(listener)

    def _answer(self) -> None:
        looking, ours = select.poll(), self._ours.fileno()
        looking.register(ours, select.POLLIN)
        while not self._stop.is_set():
            for one, what in looking.poll(_LOOK_AGAIN_MS):
                if one == ours:
                    (listener,) = socket.recv_fds(self._ours, 1, 1)[1]
                    looking.register(listener, select.POLLIN)
                elif what & select.POLLIN:
                    self._answer_one(one)
                else:  # nobody is left who could call
                    looking.unregister(one)
                    os.close(one)

    def _answer_one(self, listener: int) -> None:
        asked = bytearray(80)
        with suppress(FileNotFoundError):  # who asked was killed meanwhile
            fcntl.ioctl(listener, _RECEIVE, asked)
            (number,) = struct.unpack_from("Q", asked)
            error, flags = (-errno.EIO, 0) if self.fails else (0, _GO_ON)
            self.failed += self.fails
            fcntl.ioctl(listener, _SEND, bytearray(struct.pack("QqiI", number, 0, error, flags)))


@contextmanager
def syncing() -> Iterator[Syncing]:
    """Answer for the disk until the block ends; whoever is under watch must have ended before."""
    calls = Syncing()
    calls._thread.start()
    try:
        yield calls
    finally:
        calls._stop.set()
        calls._thread.join()
        calls._ours.close()
        calls._theirs.close()


@dataclass(frozen=True)
class Watched(Account):
    """A user whose programs run under watch."""

    calls: Syncing | None = None

    def process(self) -> dict[str, Any]:
        """Return what makes a subprocess this user's, and puts it under watch."""
        assert self.calls is not None
        return {**super().process(), "preexec_fn": self.calls.watch}


def _filter(*numbers: int) -> bytes:
    """Write the filter: load the number of the call, ask us if it is one of these, else go on."""
    tests = [struct.pack("HBBI", 0x15, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    answers = [struct.pack("HBBI", 0x06, 0, 0, answer) for answer in (_ALLOW, _ASK)]
    return b"".join((struct.pack("HBBI", 0x20, 0, 0, 0), *tests, *answers))
