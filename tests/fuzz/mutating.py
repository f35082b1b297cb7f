"""Tampering with a picture as a fuzzer does: bits and bytes, lengths that lie, pieces lost, doubled or from another picture.

Checksums of a PNG are mostly put right again, for a decoder that stops at them has read nothing yet.
"""

import random
import struct
import zlib
from collections.abc import Sequence
from typing import Final

_ODD: Final = (
    0,
    1,
    2,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x10000,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
)
_MOST_STEPS: Final = 6
_HEAD: Final = 400  # where most of what a decoder believes stands
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MAGIC: Final = 12  # mostly left alone: what is no photo is not tried


def mutated(seed: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return the picture, changed in up to six places."""
    data = bytearray(seed)
    for _step in range(chance.randint(1, _MOST_STEPS)):
        if len(data) > _MAGIC + 8:
            chance.choice(_WAYS)(data, _place(data, chance), others, chance)
    if data.startswith(_PNG) and chance.random() < 0.8:
        _put_right(data)
    return bytes(data)


def _place(data: bytearray, chance: random.Random) -> int:
    end = min(len(data), _HEAD) if chance.random() < 0.6 else len(data)
    return chance.randrange(_MAGIC if chance.random() < 0.95 else 0, end)


def _flip(data: bytearray, at: int, _others: Sequence[bytes], chance: random.Random) -> None:
    data[at] ^= 1 << chance.randrange(8)


def _byte(data: bytearray, at: int, _others: Sequence[bytes], chance: random.Random) -> None:
    data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, chance.randrange(256)))


def _number(data: bytearray, at: int, _others: Sequence[bytes], chance: random.Random) -> None:
    size, number = chance.choice((2, 4, 8)), chance.choice(_ODD)
    order = chance.choice(("big", "little"))
    data[at : at + size] = (number % 2 ** (8 * size)).to_bytes(size, order)


def _nudge(data: bytearray, at: int, _others: Sequence[bytes], chance: random.Random) -> None:
    here = bytes(data[at : at + 4]).ljust(4, b"\0")
    number = (struct.unpack(">I", here)[0] + chance.randint(-16, 16)) % 2**32
    data[at : at + 4] = struct.pack(">I", number)


def _lose(data: bytearray, at: int, _others: Sequence[bytes], chance: random.Random) -> None:
    del data[at : at + chance.choice((1, 2, 4, 16, chance.randrange(1, 400)))]


def _double(data: bytearray, at: int, _others: Sequence[bytes], chance: random.Random) -> None:
    piece = data[at : at + chance.randrange(1, 200)]
    data[at:at] = piece * chance.choice((1, 1, 2, 20))


def _insert(data: bytearray, at: int, _others: Sequence[bytes], chance: random.Random) -> None:
    data[at:at] = chance.randbytes(chance.randrange(1, 60))


def _splice(data: bytearray, at: int, others: Sequence[bytes], chance: random.Random) -> None:
    other = chance.choice(others)
    begin = chance.randrange(len(other))
    piece = other[begin : begin + chance.randrange(1, 600)]
    data[at : at + chance.choice((0, len(piece)))] = piece


def _cut(data: bytearray, at: int, _others: Sequence[bytes], chance: random.Random) -> None:
    if chance.random() < 0.3:
        del data[at:]


_WAYS: Final = (_flip, _byte, _byte, _number, _number, _nudge, _lose, _double, _insert, _splice, _cut)


def _put_right(data: bytearray) -> None:
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 8 + length
        if end + 4 > len(data):
            return
        struct.pack_into(">I", data, end, zlib.crc32(data[at + 4 : end]))
        at = end + 4
