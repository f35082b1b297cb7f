"""Where the bytes of photos are kept, under the hash of what they say.

A key is returned only when its bytes would survive a power cut: file and folders are synced
first, and only then may a row name the key.
"""

import errno
import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from cps.kernel.errors import NotFound, Refused
from cps.kernel.text import _

CHUNK_BYTES = 256 * 1024

_KEY = re.compile(r"[0-9a-f]{64}")
_INCOMING = "incoming"
FOLDERS = 256  # by the first two digits of the keys
_FULL = {errno.ENOSPC, errno.EDQUOT}


class NoRoom(Refused):
    """The storage is full."""

    def __init__(self) -> None:
        super().__init__(
            _("We cannot keep photos at the moment. Send your report without photos, or try again later.")
        )


class Away(NoRoom):
    """The storage does not answer at the moment; what it holds is still there."""


class Storage(Protocol):
    """A place for blobs, each under the SHA-256 of its bytes in lower-case hex.

    One that does not answer raises Away from every verb.
    """

    def put(self, data: bytes | Iterable[bytes]) -> str:
        """Keep the bytes durably and return their key; NoRoom when it is full."""

    def open(self, key: str) -> BinaryIO:
        """Open the bytes of `key` for reading; NotFound when there are none."""

    def has(self, key: str) -> bool:
        """Say whether there are bytes under `key`."""

    def remove(self, key: str, *, untouched_for: timedelta = timedelta(0)) -> bool:
        """Forget the bytes of `key` unless they were put more recently; say whether they were forgotten."""

    def keys(self, part: int = 0, *, of: int = 1, untouched_for: timedelta = timedelta(0)) -> Iterator[str]:
        """List the keys of one of so many parts that were put no more recently, in no order, while others put and remove."""

    def forget_unfinished(self, older_than: timedelta) -> int:
        """Remove what a killed process left half written longer ago than `older_than`; return how many."""


class FolderStorage:
    """Blobs as files `<root>/ab/cd/<key>`; `root` may be shared by processes of one machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes | Iterable[bytes]) -> str:
        """Keep the bytes durably and return their key; chunks are never gathered in memory.

        Raises NoRoom when the disk is full; other faults of the disk stay OSError, for nothing
        may be acknowledged after one. No unfinished file is left behind either way.
        """
        try:
            return self._put((data,) if isinstance(data, bytes) else data)
        except OSError as error:
            if error.errno in _FULL:
                raise NoRoom from error
            raise

    def open(self, key: str) -> BinaryIO:
        """Open the bytes of `key` for reading; NotFound when there are none."""
        try:
            return self.path(key).open("rb")
        except FileNotFoundError as error:
            raise NotFound from error

    def path(self, key: str) -> Path:
        """Return where the bytes of `key` lie, or would lie; NotFound when it is no key at all."""
        return self.root / placed(key)

    def has(self, key: str) -> bool:
        """Say whether there are bytes under `key`."""
        return self.path(key).exists()

    def remove(self, key: str, *, untouched_for: timedelta = timedelta(0)) -> bool:
        """Forget the bytes of `key` unless they were put more recently than `untouched_for` ago.

        The margin protects bytes that somebody has just put again and whose row is not committed yet.
        """
        path = self.path(key)
        if not path.exists():
            return False
        with _locked(path.parent) as folder:
            if not path.exists() or _age(path) < untouched_for.total_seconds():
                return False
            path.unlink()
            os.fsync(folder)
        return True

    def keys(self, part: int = 0, *, of: int = 1, untouched_for: timedelta = timedelta(0)) -> Iterator[str]:
        """List the keys of one of so many parts that were put no more recently, in no order, while others put and remove."""
        for number in range(part, FOLDERS, of):
            for path in (self.root / f"{number:02x}").glob("[0-9a-f][0-9a-f]/*"):
                if is_key(path.name) and (not untouched_for or _age(path) > untouched_for.total_seconds()):
                    yield path.name

    def forget_unfinished(self, older_than: timedelta) -> int:
        """Remove what a killed process left half written longer ago than `older_than`; return how many."""
        left = [path for path in (self.root / _INCOMING).glob("*") if _age(path) > older_than.total_seconds()]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _put(self, chunks: Iterable[bytes]) -> str:
        incoming = self.root / _INCOMING
        incoming.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=incoming)
        try:
            with _closing(descriptor):
                key = _written(chunks, descriptor)
                os.fsync(descriptor)
            self._settle(name, key)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)  # noqa: PTH108 - the name of a descriptor, not a path we walk
        return key

    def _settle(self, unfinished: str, key: str) -> None:
        path = self.path(key)
        self._make_folders(path.parent)
        with _locked(path.parent) as folder:
            if path.exists():
                os.utime(path)
            else:
                os.replace(unfinished, path)  # noqa: PTH105 - beside the syncs it must stand between
            os.fsync(folder)

    def _make_folders(self, folder: Path) -> None:
        # Synced although they may be old: whoever made them may not have come to it yet.
        folder.mkdir(parents=True, exist_ok=True)
        for above in (folder.parent, self.root):
            with _folder(above) as descriptor:
                os.fsync(descriptor)


def is_key(text: str) -> bool:
    """Whether this is the SHA-256 of something in lower-case hex."""
    return _KEY.fullmatch(text) is not None


def placed(key: str) -> str:
    """Return where the bytes of `key` lie in every storage, from its root on; NotFound when it is no key at all."""
    if not is_key(key):
        raise NotFound
    return f"{key[:2]}/{key[2:4]}/{key}"


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """Read a stream to its end, `CHUNK_BYTES` at a time."""
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def _written(chunks: Iterable[bytes], descriptor: int) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    return digest.hexdigest()


def _age(path: Path) -> float:
    # The file system's clock against the machine's, not `kernel.clock`: both are facts of the disk.
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    with _folder(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    with _closing(os.open(path, os.O_RDONLY | os.O_DIRECTORY)) as descriptor:
        yield descriptor


@contextmanager
def _closing(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)
