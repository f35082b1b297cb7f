"""Keeps the darkroom open (`standby`): loads the decoders once, then forks a process for each photo and tells how it ended.

It parses nothing itself. A message on standard input comes with three descriptors: the original, where the pictures go, and
where the process's number is told, and later its end. It ends when nobody can send it anything more, or nobody has for long.
"""

import os
import selectors
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from cps.photos import darkroom
from cps.photos.standby import END, NUMBER

_IDLE_SECONDS: Final = 60.0
_MOST_DESCRIPTORS: Final = 256
_IN, _OUT, _SAID = 0, 1, 2


def main() -> None:
    """Serve until the line is closed and every photo is done."""
    darkroom.prepare()
    line, (woken, waker) = socket.socket(fileno=os.dup(_IN)), socket.socketpair()
    woken.setblocking(False)
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno())
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    statuses: dict[int, socket.socket] = {}
    is_open = True
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ, lambda: _begun(line, statuses))
        selector.register(woken, selectors.EVENT_READ, lambda: _reaped(woken, statuses))
        while is_open or statuses:
            found = selector.select(None if statuses else _IDLE_SECONDS)
            if not found and not statuses:
                return
            for key, _events in found:
                does: Callable[[], bool] = key.data
                if not does():
                    is_open = False
                    selector.unregister(line)


def _begun(line: socket.socket, statuses: dict[int, socket.socket]) -> bool:
    """Begin the photo of the next message; False if there will be none any more."""
    message, descriptors, _flags, _address = socket.recv_fds(line, 64, 3)
    if not message or len(descriptors) != 3:
        return False
    source, answer, status = descriptors
    pid = os.fork()
    if pid == 0:
        _develop(source, answer)
    os.setpgid(pid, pid)  # whoever is told the number may end it as a group
    os.close(source)
    os.close(answer)
    statuses[pid] = socket.socket(fileno=status)
    _tell(statuses[pid], NUMBER.pack(pid))
    return True


def _reaped(woken: socket.socket, statuses: dict[int, socket.socket]) -> bool:
    with suppress(BlockingIOError):
        while woken.recv(64):
            pass
    for pid in list(statuses):
        ended, how, took = os.wait4(pid, os.WNOHANG)
        if ended:
            code, seconds = os.waitstatus_to_exitcode(how), took.ru_utime + took.ru_stime
            with statuses.pop(pid) as status:
                _tell(status, END.pack(code, took.ru_maxrss, seconds))
    return True


def _tell(status: socket.socket, told: bytes) -> None:
    with suppress(OSError):  # nobody wants to know any more
        status.send(told)


def _develop(source: int, answer: int) -> None:
    """Become the process of one photo; never returns."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(source, _IN)
        os.dup2(answer, _OUT)
        os.closerange(_SAID + 1, _MOST_DESCRIPTORS)
        darkroom.develop()
        code = 0
    finally:
        os._exit(code)  # the traceback of what a photo broke is nobody's


if __name__ == "__main__":
    main()
