"""Turning an original into pictures that are safe to serve, in a process that can do no harm.

This side parses nothing of the picture and loads no decoder: it starts `cps.photos.darkroom`,
hands it the original as its standard input, and believes only a small answer of known shape.
"""

import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from io import UnsupportedOperation
from typing import BinaryIO

from cps.photos.standby import ENVIRONMENT, Away, Developing, Standby

LARGE_SIDE = 1280
SMALL_SIDE = 320

# What the darkroom says once it is confined. Without it a silent child is our fault, not the photo's.
GREETING = b"darkroom 1\n"

WALL_CLOCK_SECONDS = 30.0

_MOST_ANSWER_BYTES = 4_000_000
_EXIT_SECONDS = 2.0
_STANDBY: list[Standby] = []


class Reason(StrEnum):
    """Why an original could not be read."""

    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"
    NOT_A_PHOTO = "not_a_photo"
    LIMITS = "limits"


@dataclass(frozen=True)
class Rendition:
    """A re-encoded JPEG without any metadata; sides in pixels."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Renditions:
    """The two pictures made of an original: for reading (longest side 1280) and for lists (320)."""

    large: Rendition
    small: Rendition


@dataclass(frozen=True)
class Unreadable:
    """There is no picture to be had from the original."""

    reason: Reason


class DarkroomClosed(Exception):
    """The decoding process did not even start: nothing is known about the photo, so try again."""


def renditions(original: BinaryIO, *, seconds: float = WALL_CLOCK_SECONDS) -> Renditions | Unreadable:
    """Decode and re-encode an original in a limited process; takes at most `seconds`.

    Never raises for anything the original contains. Raises DarkroomClosed when the process does
    not come up (a broken installation), OSError when none can be started.
    """
    with _on_disk(original) as source, _started(source) as process:
        try:
            answer = _answer(process, time.monotonic() + seconds)
            if answer is not None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_EXIT_SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if answer is None:
        return Unreadable(Reason.LIMITS)
    return _understood(answer, process.returncode)


@contextmanager
def on_standby() -> Iterator[None]:
    """Keep a darkroom open for all photos meanwhile, instead of one for each: for those who develop many."""
    standby = Standby()
    _STANDBY.append(standby)
    try:
        yield
    finally:
        _STANDBY.remove(standby)
        standby.end()


def packed(result: Renditions | Unreadable) -> bytes:
    """Put the result into the words in which it leaves the darkroom: a line, then both pictures."""
    if isinstance(result, Unreadable):
        return f"unreadable {result.reason}\n".encode()
    large, small = result.large, result.small
    figures = (large.width, large.height, len(large.data), small.width, small.height, len(small.data))
    return b"ready %d %d %d %d %d %d\n" % figures + large.data + small.data


def _on_disk(original: BinaryIO) -> BinaryIO:
    # A child inherits descriptors, not objects: what has none is copied to a file without a name.
    try:
        return os.fdopen(os.dup(original.fileno()), "rb")
    except UnsupportedOperation:
        copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        shutil.copyfileobj(original, copy)
        copy.seek(0)
        return copy


def _started(source: BinaryIO) -> subprocess.Popen[bytes] | Developing:
    for standby in _STANDBY:
        with suppress(Away):
            return standby.begin(source)
    return subprocess.Popen(
        [sys.executable, "-B", "-m", "cps.photos.darkroom"],
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=True,
        bufsize=0,
    )


def _answer(process: subprocess.Popen[bytes] | Developing, deadline: float) -> bytes | None:
    """Read all the child says; None when it takes too long or says too much."""
    assert process.stdout is not None
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                return bytes(answer)
            answer += chunk
            if len(answer) > _MOST_ANSWER_BYTES:
                return None
    return None


def _understood(answer: bytes, returncode: int | None) -> Renditions | Unreadable:
    if not answer.startswith(GREETING):
        raise DarkroomClosed(f"cps.photos.darkroom ended with {returncode} before it was ready")
    line, _end, pictures = answer.removeprefix(GREETING).partition(b"\n")
    match line.split():
        case [b"unreadable", reason] if reason.decode("ascii", "replace") in set(Reason):
            return Unreadable(Reason(reason.decode()))
        case [b"ready", *figures] if (made := _pictures(figures, pictures)) is not None:
            return made
    return Unreadable(Reason.LIMITS if (returncode or 0) < 0 else Reason.BROKEN)


def _pictures(figures: list[bytes], data: bytes) -> Renditions | None:
    if len(figures) != 6 or not all(figure.isdigit() and len(figure) < 8 for figure in figures):
        return None
    width, height, size, small_width, small_height, small_size = map(int, figures)
    if size + small_size != len(data):
        return None
    large = Rendition(data[:size], width, height)
    small = Rendition(data[size:], small_width, small_height)
    return Renditions(large, small) if _is_fit(large, LARGE_SIDE) and _is_fit(small, SMALL_SIDE) else None


def _is_fit(picture: Rendition, side: int) -> bool:
    return (
        picture.data.startswith(b"\xff\xd8\xff")
        and picture.data.endswith(b"\xff\xd9")
        and 0 < picture.width <= side
        and 0 < picture.height <= side
    )
