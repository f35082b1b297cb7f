"""The web side alone, on a socket that was there before it and stays when it goes: as systemd starts it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.living import answers, until
from tests.reliability.city import City

_BACKLOG = 2048
# The socket becomes the third descriptor, and its process is named, before anything of ours runs.
_TRAMPOLINE = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.executable, [sys.executable, "-m", "cps", "serve"])
"""


class Web:
    """A web side that is stopped and started while its socket stays."""

    def __init__(self, city: City, listener: socket.socket, **environment: str) -> None:
        self._listener = listener
        self.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._environment = {
            **os.environ,
            "CPS_DATABASE_URL": city.cluster.url,
            "CPS_VAR": str(city.var),
            "CPS_BASE_URL": self.base_url,
            "CPS_DEMO": "yes",
            "CPS_UNDO_SECONDS": "0",
            **environment,
        }
        self._log = (city.var / "web.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, before: object = None) -> None:
        """Start it; `before` is called between fork and exec."""
        number = self._listener.fileno()
        os.set_inheritable(number, True)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _TRAMPOLINE, str(number)],
            env=self._environment,
            cwd=Path(__file__).resolve().parents[2],
            stdout=self._log,
            stderr=self._log,
            pass_fds=(number,),
            preexec_fn=before,  # type: ignore[arg-type]  # noqa: PLW1509 - it only calls the kernel
        )

    @property
    def number(self) -> int:
        """Its first process."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Ask it to end, and wait until it has answered what it had begun."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)

    def close(self) -> None:
        """Put everything away."""
        self.stop()
        self._log.close()


@contextmanager
def a_web(city: City, *, before: object = None, **environment: str) -> Iterator[Web]:
    """Have a web side of a city on an inherited socket until the block ends."""
    with socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG) as listener:
        web = Web(city, listener, **environment)
        web.start(before)
        try:
            until(lambda: answers(web.base_url), seconds=60, what="the web side to answer")
            yield web
        finally:
            web.close()
