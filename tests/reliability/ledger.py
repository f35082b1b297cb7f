"""What citizens sent and were told, on a disk before anything else happens.

`sent` stands in the file, synced, before the first byte leaves; `ack` after the answer came. What lies between
is for the city to know: the citizen has to ask again.
"""

import os
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Sent:
    """A report as its citizen knows it: what it says, what its photo hashes to, whether a letter is wanted."""

    key: str
    content: str
    photo: str = "-"
    contact: str = "-"


@dataclass
class Account:
    """What a ledger says in the end: every report that was sent, every number that was told, and what had no answer."""

    sent: dict[str, Sent] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)
    at: dict[str, float] = field(default_factory=dict)
    unanswered: dict[str, int] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    def until(self, moment: float) -> "Account":
        """Return what had been told by then (on the monotonic clock of this machine)."""
        told = {key: numbers for key, numbers in self.told.items() if self.at[key] < moment}
        waiting = dict.fromkeys(set(self.sent) - set(told), 1)
        return Account(self.sent, told, self.at, waiting, self.strange)


class Ledger:
    """The file of all citizens of a round."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.acknowledged = 0
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Put it away; it can still be read."""
        os.close(self._file)

    def sent(self, report: Sent) -> None:
        """Note a report before it leaves."""
        self._write(f"sent {report.key} {report.content} {report.photo} {report.contact}")

    def acknowledged_as(self, key: str, number: str, *, is_again: bool = False) -> None:
        """Note which number the city gave to it."""
        self._write(f"ack {key} {number} {time.monotonic():.6f}")
        with self._lock:
            self.acknowledged += not is_again

    def unanswered(self, key: str, why: str) -> None:
        """Note that nobody knows whether the city has it."""
        self._write(f"none {key} {why}")

    def strange(self, key: str, what: str) -> None:
        """Note an answer that no citizen should ever see."""
        self._write(f"strange {key} {what}")

    def read(self) -> Account:
        """Read the file anew, as a checker does that was not there."""
        account = Account()
        for line in self.path.read_text(encoding="utf-8").splitlines():
            _enter(account, line)
        return account

    def _write(self, line: str) -> None:
        os.write(self._file, f"{line}\n".encode())
        os.fsync(self._file)


def content_of(fields: dict[str, str]) -> str:
    """Hash what a report says, as its citizen typed it and as its rows must have it."""
    return sha256("\x1f".join(fields[name] for name in _CONTENT).encode()).hexdigest()


_CONTENT = ("category", "latitude", "longitude", "landmark", "words", "contact")


def _enter(account: Account, line: str) -> None:
    what, key, *more = line.split(" ")
    if what == "sent":
        account.sent[key] = Sent(key, *more)
    elif what == "ack":
        account.told.setdefault(key, set()).add(more[0])
        account.at.setdefault(key, float(more[1]))
    elif what == "none":
        account.unanswered[key] = account.unanswered.get(key, 0) + 1
    else:
        account.strange.append(" ".join(more))
