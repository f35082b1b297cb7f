"""A real mail server in a process of its own, which notes the id and the recipient of every letter it takes.

It takes what is sent twice twice: whether a letter came again, and under which id, is the checker's to judge.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller

from tests.living import free_port, until


@contextmanager
def an_inbox(folder: Path) -> Iterator["Inbox"]:
    """Take mail until the block ends."""
    port, taken = free_port(), folder / "letters"
    taken.touch()
    command = [sys.executable, "-m", "tests.reliability.inbox", str(port), str(taken)]
    process = subprocess.Popen(command, cwd=Path(__file__).resolve().parents[2], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield Inbox(port, taken)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


class Inbox:
    """Where letters go, and what came."""

    def __init__(self, port: int, taken: Path) -> None:
        self.port, self._taken = port, taken

    def letters(self) -> list[tuple[str, str]]:
        """Return the id and the recipient of each letter, in the order they came."""
        lines = self._taken.read_text(encoding="utf-8").splitlines()
        return [(line.split(" ")[0], line.split(" ")[1]) for line in lines]

    def wait_for(self, letters: int, *, seconds: float) -> None:
        """Wait until so many have come."""
        until(lambda: len(self.letters()) >= letters, seconds=seconds, what=f"{letters} letters")


class _Server:
    def __init__(self, taken: Path) -> None:
        self._taken = taken.open("a", encoding="utf-8", buffering=1)

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        mail = message_from_bytes(envelope.content)  # type: ignore[attr-defined]
        self._taken.write(f"{mail['Message-ID'].strip('<>').partition('@')[0]} {mail['To']}\n")
        return "250 OK"


def _take(port: int, taken: Path) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    controller = Controller(_Server(taken), hostname="127.0.0.1", port=port)
    controller.start()
    print("ready", flush=True)
    stop.wait()
    controller.stop()


if __name__ == "__main__":
    _take(int(sys.argv[1]), Path(sys.argv[2]))
