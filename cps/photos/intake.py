"""Taking in a photo as it arrives: recognised, measured and durable, but not decoded.

Nothing here parses a picture: that is left to the limited process (`decode`). What was taken in
is therefore untrusted and never served.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cps.kernel.errors import Refused
from cps.kernel.text import _, cleaned
from cps.observe import counts
from cps.photos.kinds import HEAD_BYTES, Kind, recognised
from cps.photos.storage import Storage, chunks_of

MOST_BYTES = 12_000_000

_LONGEST_NAME = 80


@dataclass(frozen=True)
class Intake:
    """A photo that is kept: the key of its bytes, how many they are, and what they look like."""

    sha256: str
    size: int
    kind: Kind


class NoPhoto(Refused):
    """What was handed in is no picture of a kind we take."""

    def __init__(self) -> None:
        super().__init__(
            _("We could not open this photo. Choose a JPG or PNG, or take a new one. Your text is kept.")
        )


class TooLarge(Refused):
    """The file is longer than `MOST_BYTES`."""

    def __init__(self, filename: str) -> None:
        super().__init__(
            _(
                "The photo “%(name)s” is larger than %(limit)s MB. Choose a smaller one, or take a new one. Your text is kept.",
                name=cleaned(filename)[:_LONGEST_NAME],
                limit=MOST_BYTES // 1_000_000,
            )
        )


def take_in(stream: BinaryIO, *, filename: str, storage: Storage) -> Intake:
    """Keep the photo in `stream` durably; `filename` only names it to the citizen.

    At most `MOST_BYTES` and one chunk are read. Raises NoPhoto for anything but JPEG, PNG, WebP
    and HEIC by content, TooLarge, and Refused when there is no room; then nothing is kept.
    """
    try:
        taken = _taken_in(stream, filename, storage)
    except Refused:
        counts.photo("refused")
        raise
    counts.photo("taken_in")
    return taken


def _taken_in(stream: BinaryIO, filename: str, storage: Storage) -> Intake:
    head = _head(stream)
    kind = recognised(head)
    if kind is None:
        raise NoPhoto
    measured = _Measured(head, stream, filename)
    key = storage.put(iter(measured))
    return Intake(key, measured.size, kind)


class _Measured:
    """The chunks of a photo, counted as they pass."""

    def __init__(self, head: bytes, stream: BinaryIO, filename: str) -> None:
        self.size = 0
        self._head = head
        self._stream = stream
        self._filename = filename

    def __iter__(self) -> Iterator[bytes]:
        yield self._counted(self._head)
        for chunk in chunks_of(self._stream):
            yield self._counted(chunk)

    def _counted(self, chunk: bytes) -> bytes:
        self.size += len(chunk)
        if self.size > MOST_BYTES:
            raise TooLarge(self._filename)
        return chunk


def _head(stream: BinaryIO) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (more := stream.read(HEAD_BYTES - len(head))):
        head += more
    return head
