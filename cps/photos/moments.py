"""When a photo was taken, as its own EXIF says: what a category's evidence is judged by while a report is filed.

No picture is parsed and no decoder loaded here: the fields of one folder are looked up in the first bytes of a JPEG
(CIPA DC-008), in plain bounded steps. What is cut short, malformed or of another kind has no moment.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone, tzinfo
from typing import BinaryIO, Final

_MOST_BYTES: Final = 128 * 1024
_MOST_ENTRIES: Final = 200
_EXIF_FOLDER, _TAKEN, _ZONE = 0x8769, 0x9003, 0x9011
_START, _START_OF_SCAN, _APP1 = b"\xff\xd8", 0xFFDA, 0xFFE1
_EXIF: Final = b"Exif\x00\x00"


def taken_at(original: BinaryIO, *, zone: tzinfo) -> datetime | None:
    """Return when a photo was taken, or None if it does not say; a time without zone is the time in `zone`."""
    with suppress(struct.error, ValueError, IndexError, OverflowError):
        tiff = _tiff(original.read(_MOST_BYTES))
        return _moment(tiff, zone) if tiff else None
    return None


def _tiff(head: bytes) -> bytes | None:
    if not head.startswith(_START):
        return None
    at = 2
    while True:
        marker, length = struct.unpack_from(">HH", head, at)
        if marker == _START_OF_SCAN or length < 2:
            return None
        if marker == _APP1 and head[at + 4 : at + 10] == _EXIF:
            return head[at + 10 : at + 2 + length]
        at += 2 + length


def _moment(tiff: bytes, zone: tzinfo) -> datetime | None:
    order = {b"II": "<", b"MM": ">"}[tiff[:2]] if tiff[:2] in (b"II", b"MM") else ""
    if not order:
        return None
    (first,) = struct.unpack_from(order + "I", tiff, 4)
    pointer = dict(_entries(tiff, first, order)).get(_EXIF_FOLDER)
    if pointer is None:
        return None
    (folder,) = struct.unpack_from(order + "I", tiff, pointer)
    entries = dict(_entries(tiff, folder, order))
    taken = _text(tiff, entries.get(_TAKEN), order)
    if not taken:
        return None
    moment = datetime.strptime(taken, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone comes with the next line
    return moment.replace(tzinfo=_zone(_text(tiff, entries.get(_ZONE), order)) or zone)


def _entries(tiff: bytes, folder: int, order: str) -> Iterator[tuple[int, int]]:
    """Give the tag of each field of a folder, and where its value or the value's address stands."""
    (count,) = struct.unpack_from(order + "H", tiff, folder)
    for n in range(min(count, _MOST_ENTRIES)):
        at = folder + 2 + 12 * n
        (tag,) = struct.unpack_from(order + "H", tiff, at)
        yield tag, at + 8


def _text(tiff: bytes, at: int | None, order: str) -> str:
    if at is None:
        return ""
    (length,) = struct.unpack_from(order + "I", tiff, at - 4)
    (start,) = struct.unpack_from(order + "I", tiff, at)
    found = tiff[start : start + min(length, 40)]
    return found.split(b"\x00")[0].decode("ascii").strip()


def _zone(written: str) -> tzinfo | None:
    if len(written) != 6 or written[0] not in "+-":
        return None
    east = timedelta(hours=int(written[1:3]), minutes=int(written[4:6]))
    return timezone(east if written[0] == "+" else -east)
