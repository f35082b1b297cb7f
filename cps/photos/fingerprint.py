"""What a picture looks like in 64 bits: pictures that look alike, shrunk or packed anew, differ in few of them.

A difference hash: whether each of 8 x 8 fields is lighter than its neighbour. Two photos of one thing from other places
are not alike in this sense; the same photo sent twice, or sent on, is.
"""

from io import BytesIO
from typing import Final

import imagehash
from PIL import Image

BITS: Final = 64
_SIGN: Final = 1 << (BITS - 1)


def fingerprint(data: bytes) -> int:
    """Return the fingerprint of a picture of ours, as a signed number of 64 bits."""
    with Image.open(BytesIO(data)) as picture:
        bits = int(str(imagehash.dhash(picture)), 16)
    return bits - (_SIGN << 1) if bits & _SIGN else bits


def likeness(one: int, other: int) -> float:
    """Return how alike two fingerprints are: 1 for the same, 0 for no more than chance (half of the bits)."""
    differing = ((one ^ other) & ((_SIGN << 1) - 1)).bit_count()
    return max(0.0, 1 - differing / (BITS / 2))
