"""What must be free before a city starts: its folder and its port."""

import fcntl
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cps.kernel.errors import Unusable


@contextmanager
def alone_in(var: Path, *, facts: Path) -> Iterator[None]:
    """Hold the folder for this process; a second demo on it is told where the first one is."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        lock = (var / "demo.lock").open("a")
    except OSError as error:
        raise Unusable(
            f"The demo keeps its data in {var}, but cannot write there ({error.strerror})."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"A demo is already running in {var}{_address(facts)}.") from None
        yield


def free_port(host: str, port: int) -> None:
    """Refuse a port that somebody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unusable(
                f"Port {port} of {host} cannot be used ({error.strerror}): choose another with --port."
            ) from error


def _address(facts: Path) -> str:
    try:
        return f": {json.loads(facts.read_text(encoding='utf-8'))['base_url']}/"
    except (OSError, ValueError, KeyError):
        return ""
