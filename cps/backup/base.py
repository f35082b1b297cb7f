"""The database's backups, as pgBackRest keeps them: base backups, and the archive of every change since.

pgBackRest reads its passphrase, its repository and how long it keeps what from its own file, never from a command line.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cps.backup import programs
from cps.kernel import clock
from cps.kernel.errors import Unusable
from cps.kernel.postgres_programs import Account

_PROGRAM: Final = "pgbackrest"
# A week, less what a nightly timer may come early.
_FULL_AFTER: Final = timedelta(days=6, hours=12)
_READABLE: Final = (0, 2)  # 2: there is no backup yet
# The archive is asked for file by file: a restored copy must not share the living cluster's queue.
_ENVIRONMENT: Final = {"PGBACKREST_ARCHIVE_ASYNC": "n"}


@dataclass(frozen=True)
class BaseBackup:
    """One base backup: `size` is the database's, `kept` what it takes in the repository, both in bytes."""

    label: str
    kind: str
    at: datetime
    size: int
    kept: int


@dataclass(frozen=True)
class Kept:
    """What the repository holds: base backups from old to new, and the name of the newest archived WAL."""

    backups: tuple[BaseBackup, ...]
    newest_wal: str | None

    @property
    def newest(self) -> BaseBackup | None:
        return self.backups[-1] if self.backups else None


@dataclass(frozen=True)
class Base:
    """A stanza of pgBackRest: one database's backups. `config` is its file, if not where it looks by itself."""

    stanza: str
    config: Path | None
    account: Account

    def prepare(self) -> None:
        """Make the stanza, unless it is there."""
        self._run("stanza-create")
        self.kept()

    def kept(self) -> Kept:
        """Read what the repository holds; refuse one that does not encrypt."""
        # With a wrong passphrase it tells what it read instead, control characters and all.
        told = json.loads(self._run("info", "--output=json"), strict=False)
        stanza = next((one for one in told if one["name"] == self.stanza), None)
        if stanza is None or stanza["status"]["code"] not in _READABLE:
            repositories = stanza["repo"] if stanza else ()
            words = " ".join(one["status"]["message"] for one in repositories) or "there are none"
            todo = (
                " See that it is reachable, or run `cps backup prepare`." if "missing stanza" in words else ""
            )
            raise Unusable(f"pgBackRest cannot read the backups of {self.stanza}: {_reason(words)}{todo}")
        if stanza["cipher"] == "none":
            raise Unusable(
                "The base backups are not encrypted: set repo1-cipher-type=aes-256-cbc and repo1-cipher-pass in "
                "pgbackrest.conf, before the stanza is made."
            )
        archives = [one["max"] for one in stanza["archive"] if one["max"]]
        backups = sorted((_backup(one) for one in stanza["backup"]), key=lambda one: one.at)
        return Kept(tuple(backups), archives[-1] if archives else None)

    def back_up(self) -> BaseBackup:
        """Make a base backup: once a week a full one, in between what changed since."""
        full = [one.at for one in self.kept().backups if one.kind == "full"]
        is_due = not full or clock.now() - full[-1] > _FULL_AFTER
        self._run("backup", f"--type={'full' if is_due else 'diff'}")
        newest = self.kept().newest
        assert newest is not None, "it has just been made"
        return newest

    def restore(self, data: Path, *, tablespaces: Path, to: tuple[str, ...], keeps: int) -> None:
        """Restore into the empty folder `data`; `to` says where recovery ends, as pgBackRest's options."""
        where = (f"--pg1-path={data}", f"--tablespace-map-all={tablespaces}", "--archive-mode=off")
        self._run("restore", *where, *to, keeps=keeps)

    def environment(self) -> dict[str, str]:
        """Return what a restored server's environment needs to fetch from the archive."""
        return dict(_ENVIRONMENT)

    def _run(self, command: str, *options: str, keeps: int | None = None) -> str:
        config = [f"--config={self.config}"] if self.config else []
        ended = programs.run(
            [
                *(_PROGRAM, f"--stanza={self.stanza}", *config),
                *("--log-level-console=off", "--log-level-stderr=error", *options, command),
            ],
            account=self.account,
            environment=_ENVIRONMENT,
            keeps=keeps,
        )
        if ended.code:
            raise Unusable(f"pgBackRest's {command} failed: {_reason(ended.complained or ended.wrote)}")
        return ended.wrote


def _backup(told: dict[str, Any]) -> BaseBackup:
    info = told["info"]
    return BaseBackup(
        told["label"],
        told["type"],
        datetime.fromtimestamp(told["timestamp"]["stop"], UTC),
        info["size"],
        info["repository"]["delta"],
    )


def _reason(said: str) -> str:
    """Return its error in one line; a passphrase that does not fit is told as such."""
    is_garbled = "unable to load info file" in said and "FileMissingError" not in said
    if "CryptoError" in said or (is_garbled and "FormatError" in said):
        return "its passphrase (repo1-cipher-pass) does not open this repository."
    found = re.search(r"ERROR: \[\d+\]: (.*)", said, re.DOTALL)
    lines = [line.strip() for line in (found[1] if found else said).splitlines() if line.strip()]
    return f"{' '.join(lines[:3]).rstrip('.')}." if lines else "it said nothing."
