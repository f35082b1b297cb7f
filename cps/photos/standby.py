"""The darkroom on standby: a process that has loaded all decoders, and forks a confined one for each photo (`keeper`).

To load them takes longer than to develop a photo that a phone has shrunk. The standby parses nothing and holds nothing: it
starts clean, without secrets and connections, and each photo's process is confined as ever. As these have their memory at
the same addresses, it is begun anew after `_MOST_PHOTOS`; idle, it ends by itself.
"""

import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

# One arena: glibc reserves 64 MB of address space for each further one, against the limit.
ENVIRONMENT: Final = {
    "PYTHONPATH": str(Path(__file__).parents[2]),
    "MALLOC_ARENA_MAX": "1",
    "LC_ALL": "C.UTF-8",
}

NUMBER: Final = struct.Struct("i")
END: Final = struct.Struct("iid")
"""How the number of a process is told, and its end: its code, the most kilobytes it took, its seconds of processor time."""

_MOST_PHOTOS: Final = 500
_START_SECONDS: Final = 20.0
_LOST: Final = 1  # how a process ended that nobody can tell any more


class Away(Exception):
    """The standby does not answer: the photo waits, or is developed without it."""


class Developing:
    """The process of one photo, as `subprocess` would show it."""

    def __init__(self, pid: int, answer: int, status: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.kilobytes, self.seconds = 0, 0.0
        self.stdout: BinaryIO = os.fdopen(answer, "rb", buffering=0)
        self._status = status

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended: negative, by which signal. Raises TimeoutExpired."""
        if self.returncode is None:
            self._status.settimeout(timeout)
            try:
                told = self._status.recv(END.size)
            except TimeoutError as error:
                raise subprocess.TimeoutExpired("darkroom", timeout or 0.0) from error
            is_whole = len(told) == END.size
            self.returncode, self.kilobytes, self.seconds = END.unpack(told) if is_whole else (_LOST, 0, 0.0)
        return self.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stdout.close()
        self._status.close()


class Standby:
    """A darkroom that is kept open: begun when it is first needed, and again after many photos or when it ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._processes: list[
            subprocess.Popen[bytes]
        ] = []  # the last is open, those before it finish their photos
        self._photos = 0

    def begin(self, source: BinaryIO) -> Developing:
        """Begin to develop an original. Raises Away, OSError."""
        with self._lock:
            if self._photos >= _MOST_PHOTOS:
                self._end()
            for _turn in range(2):  # one that was idle may have ended meanwhile
                if self._line is None:
                    self._start()
                with suppress(OSError, Away):
                    return self._begun(source)
                self._end()
        raise Away("the darkroom on standby does not answer")

    def end(self) -> None:
        """Let it end once the photos that are being developed are finished."""
        with self._lock:
            self._end()
        for process in self._processes:
            process.wait()

    def _begun(self, source: BinaryIO) -> Developing:
        assert self._line is not None
        answer, writing = os.pipe()
        status, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            socket.send_fds(self._line, [b"photo"], [source.fileno(), writing, theirs.fileno()])
            status.settimeout(_START_SECONDS)
            told = status.recv(NUMBER.size)
            if len(told) != NUMBER.size:
                raise Away
        except (OSError, Away):
            os.close(answer)
            status.close()
            raise
        finally:
            os.close(writing)
            theirs.close()
        self._photos += 1
        return Developing(NUMBER.unpack(told)[0], answer, status)

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            started = subprocess.Popen(
                [sys.executable, "-B", "-m", "cps.photos.keeper"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,
            )
        self._processes = [one for one in self._processes if one.poll() is None] + [started]
        self._line, self._photos = ours, 0

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None
