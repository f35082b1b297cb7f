"""A whole city running beside the tests, as `cps demo` starts it, for browsers and for killing."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, TypeVar

_START_SECONDS = 90
T = TypeVar("T")


@dataclass(frozen=True)
class Living:
    """A running demo: its process, its folder, and what it wrote down for scripts."""

    process: subprocess.Popen[bytes]
    var: Path
    facts: dict[str, Any]

    @property
    def base_url(self) -> str:
        """Where it answers."""
        return str(self.facts["base_url"])

    def account(self, role: str, department: str | None = None) -> dict[str, str]:
        """Return a sign-in of this role, and of this department if one is named."""
        return next(
            account
            for account in self.facts["accounts"]
            if account["role"] == role and department in (None, account["department"])
        )

    def database_url(self) -> str:
        """Return where its database is."""
        return subprocess.run(
            [sys.executable, "-m", "cps", "database", "url"],
            env={**os.environ, "CPS_VAR": str(self.var)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()


@contextmanager
def a_folder(prefix: str = "cps-", *, within: Path = Path("/tmp")) -> Iterator[Path]:
    """Have a folder that the database's own user can reach, so that nothing is kept elsewhere and left behind."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=within) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def living(var: Path, *, complaints: int, city: str = "hanoi", **environment: str) -> Iterator[Living]:
    """Run a demo of a city with so many made-up complaints in `var` until the block ends."""
    port = free_port()
    with (var / "demo.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "cps", "demo", "--city", city),
                *("--port", str(port), "--complaints", str(complaints)),
            ],
            env={**os.environ, "CPS_VAR": str(var), "CPS_UNDO_SECONDS": "0", **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=Path(__file__).resolve().parents[1],
        )
    try:
        base_url = f"http://127.0.0.1:{port}"
        until(
            lambda: answers(base_url) or process.poll() is not None,
            seconds=_START_SECONDS,
            what="the demo to answer",
        )
        assert process.poll() is None, (var / "demo.log").read_text()
        yield Living(process, var, json.loads((var / "demo.json").read_text()))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def answers(base_url: str) -> bool:
    """Whether the city answers at all."""
    try:
        with urllib.request.urlopen(f"{base_url}/robots.txt", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def until(is_so: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Look again and again until `is_so`; fail after `seconds`."""
    end, pause = monotonic() + seconds, Event()
    while not (found := is_so()):
        assert monotonic() < end, f"waited {seconds} s for {what}"
        pause.wait(0.1)
    return found


def to_the_end(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: in ours the browser of other tests may keep a loop going."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(copy_context().run, asyncio.run, coroutine).result()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
