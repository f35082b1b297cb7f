"""The files of a running city (photos, secret key), as restic keeps them: encrypted, each content once.

What a city could never make again is kept; what is left out is named here, so that a new folder is kept by itself.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cps.backup import notes, programs
from cps.backup.mirror import Mirror
from cps.kernel.errors import Unusable
from cps.kernel.postgres_programs import account_of

_PROGRAM: Final = "restic"
# The private cluster, unfinished photos, our own notes and cache, and what a demo leaves.
_LEFT_OUT: Final = ("/postgres", "/photos/incoming", f"/{notes.FOLDER}", "/demo.*", "/*.log")
# As long as pgBackRest keeps the database with four full backups: a row that can be restored finds its photos, and
# what was erased is gone from all of it after five weeks.
_KEPT: Final = ("--keep-within=1d", "--keep-within-hourly=7d", "--keep-within-daily=35d")
_ASKED_AT_ONCE: Final = 500
_LOCKED: Final = "repository is already locked"
_NO_REPOSITORY: Final = ("Is there a repository at", "does not exist", "no such file or directory")


@dataclass(frozen=True)
class Snapshot:
    """The files as they were at one moment."""

    id: str
    at: datetime


@dataclass(frozen=True)
class Media:
    """One city's files, below `var`, in a restic repository that several cities may share under their names.

    `mirror`: what fetches the photos of a city that keeps them in a bucket.
    """

    name: str
    repository: str
    password_file: Path
    var: Path
    mirror: Mirror | None = None

    def prepare(self) -> None:
        """Make the repository, unless it is there."""
        try:
            self.snapshots()
        except _NoRepository:
            self._run("init")

    def snapshots(self) -> list[Snapshot]:
        """List the snapshots from old to new."""
        told = json.loads(self._run("snapshots", "--json", f"--host={self.name}")) or []
        found = [Snapshot(one["short_id"], datetime.fromisoformat(_moment(one["time"]))) for one in told]
        return sorted(found, key=lambda one: one.at)

    def back_up(self) -> None:
        """Keep the files as they are now."""
        if self.mirror is not None:
            self.mirror.renew()
        left_out = [f"--exclude={self.var}{path}" for path in _LEFT_OUT]
        self._run("backup", f"--host={self.name}", *left_out, ".")

    def forget(self) -> None:
        """Drop snapshots that are older than the database's backups, and what only they held."""
        self._run("forget", f"--host={self.name}", "--group-by=host", "--prune", *_KEPT)

    def size(self, snapshot: Snapshot) -> int:
        """Return how many bytes the snapshot takes when it is restored."""
        told = json.loads(self._run("stats", "--json", "--mode=restore-size", snapshot.id))
        return int(told["total_size"])

    def restore(self, snapshot: Snapshot, folder: Path, *, keeps: int | None = None) -> None:
        """Write the files of the snapshot below `folder`."""
        self._run("restore", snapshot.id, f"--target={folder}", keeps=keeps)

    def restore_from_any(self, names: Iterable[str], folder: Path) -> None:
        """Write files of these names below `folder`, from the newest snapshots that have them."""
        wanted = sorted(names)
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            self._restore_from_any(set(wanted[start : start + _ASKED_AT_ONCE]), folder)

    def _restore_from_any(self, wanted: set[str], folder: Path) -> None:
        told = json.loads(self._run("find", "--json", f"--host={self.name}", *sorted(wanted)) or "[]")
        held = {one["snapshot"][:8]: {match["path"] for match in one["matches"]} for one in told}
        for snapshot in reversed(self.snapshots()):
            paths = {path for path in held.get(snapshot.id, ()) if Path(path).name in wanted}
            if paths:
                includes = [f"--include={path}" for path in sorted(paths)]
                self._run("restore", snapshot.id, f"--target={folder}", *includes)
                wanted = wanted - {Path(path).name for path in paths}

    def _run(self, command: str, *options: str, keeps: int | None = None) -> str:
        with self._in_turn(alone=command == "forget"):
            ended = self._ended(command, *options, keeps=keeps)
            if ended.code and _LOCKED in ended.complained:
                self._ended("unlock")  # it removes what was left by those that were killed, and no other's
                ended = self._ended(command, *options, keeps=keeps)
        if ended.code:
            raise _unusable(command, ended.complained or ended.wrote)
        return ended.wrote

    @contextmanager
    def _in_turn(self, *, alone: bool) -> Iterator[None]:
        """Wait for whoever drops snapshots, and drop them while nobody reads or keeps any."""
        descriptor = os.open(notes.folder(self.var) / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)

    def _ended(self, command: str, *options: str, keeps: int | None = None) -> programs.Ended:
        return programs.run(
            [_PROGRAM, command, *options],
            account=account_of(os.geteuid(), os.getegid()),
            # What an operator gave restic itself (an access key of S3) is in our own environment.
            environment={
                **os.environ,
                "RESTIC_REPOSITORY": self.repository,
                "RESTIC_PASSWORD_FILE": str(self.password_file),
                "RESTIC_CACHE_DIR": str(notes.folder(self.var) / "cache"),
            },
            folder=self.var,
            keeps=keeps,
        )


class _NoRepository(Unusable):
    """There is nothing where the repository should be."""


def _unusable(command: str, said: str) -> Unusable:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if any("wrong password or no key" in line for line in lines):
        return Unusable(
            "The passphrase in CPS_BACKUP_PASSWORD_FILE does not open the repository of CPS_BACKUP_MEDIA."
        )
    grave = [line.removeprefix("Fatal: ") for line in lines if line.startswith("Fatal:")] or lines[-1:]
    words = f"restic's {command} failed: {' '.join(grave) or 'it said nothing'}".rstrip(".") + "."
    if any(mark in line for line in lines for mark in _NO_REPOSITORY):
        return _NoRepository(f"{words} See that CPS_BACKUP_MEDIA is reachable, or run `cps backup prepare`.")
    return Unusable(words)


def _moment(text: str) -> str:
    """Cut nanoseconds to what Python reads: 2026-11-30T10:00:00.123456789+07:00."""
    whole, _point, rest = text.partition(".")
    if not rest:
        return text.replace("Z", "+00:00")
    digits = rest.rstrip("Z").partition("+")[0].partition("-")[0]
    zone = rest[len(digits) :].replace("Z", "+00:00")
    return f"{whole}.{digits[:6]:0<6}{zone}"
