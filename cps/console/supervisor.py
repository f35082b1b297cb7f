"""Keeps the parts of a running city alive: starts them, starts again what dies, stops all together.

A child never outlives the supervisor, not even one that is killed: the kernel tells it (Linux).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

_LOOK_EVERY_SECONDS = 0.3
_LONGEST_PAUSE_SECONDS = 10.0
_GRACE_SECONDS = 15.0
_PR_SET_PDEATHSIG = 1


@dataclass
class _Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    start_at: float = 0.0
    started_at: float = field(default_factory=time.monotonic)


class Supervisor:
    """Runs commands until told to stop."""

    def __init__(self, environment: Mapping[str, str], *, say: Callable[[str], None]) -> None:
        self._environment = dict(environment)
        self._say = say
        self._children: list[_Child] = []
        self._stopping = threading.Event()

    def start(self, name: str, *arguments: str) -> None:
        """Start `cps ARGUMENTS` as the child called `name`."""
        child = _Child(name, (sys.executable, "-m", "cps", *arguments))
        self._children.append(child)
        self._launch(child)

    def stop_on_signals(self) -> None:
        """Stop on Ctrl-C and on an ordinary kill."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self._stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)

    def watch(self, *, also: Callable[[], None] = lambda: None) -> None:
        """Start again whatever dies, until told to stop; look after what is no child of ours by `also`."""
        while not self._stopping.wait(_LOOK_EVERY_SECONDS):
            also()
            for child in self._children:
                self._look_after(child)

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float) -> bool:
        """Watch until `is_ready` says so; False if it takes longer or we are told to stop."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._stopping.is_set():
            if is_ready():
                return True
            for child in self._children:
                self._look_after(child)
            self._stopping.wait(_LOOK_EVERY_SECONDS)
        return False

    def stop(self) -> None:
        """Ask every child to finish, and end those that do not."""
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            _signal(process, signal.SIGTERM)
        end = time.monotonic() + _GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()

    def _look_after(self, child: _Child) -> None:
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            lived = time.monotonic() - child.started_at
            child.deaths = 1 if lived > _LONGEST_PAUSE_SECONDS else child.deaths + 1
            pause = min(_LONGEST_PAUSE_SECONDS, 2.0 ** (child.deaths - 2))
            self._say(f"The {child.name} ended ({_ending(code)}); it is started again.")
            child.process, child.start_at = None, time.monotonic() + pause
        if time.monotonic() >= child.start_at:
            self._launch(child)

    def _launch(self, child: _Child) -> None:
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(
            child.command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the supervisor, which ends its children in order
            preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - no threads are running yet
        )


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(number)


def _ending(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _die_with(parent: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return arrange
