"""Which kinds of picture are taken, told by their first bytes.

File names and declared types are never asked: only the content says what a file is.
"""

from enum import StrEnum

# What `recognised` needs to see: a `ftyp` box with a dozen brands fits well within it.
HEAD_BYTES = 64

# ISO/IEC 23008-12: HEVC-coded images and sequences, and the coding-independent brands around them.
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_AV1_BRANDS = {b"avif", b"avis"}


class Kind(StrEnum):
    """A kind of picture, by the name its decoder has for it."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIF = "HEIF"


def recognised(head: bytes) -> Kind | None:
    """Say what the first `HEAD_BYTES` bytes of a file make of it; None for what we do not take."""
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    return Kind.HEIF if _is_heif(head) else None


def _is_heif(head: bytes) -> bool:
    if head[4:8] != b"ftyp":
        return False
    brands_end = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = {head[start : start + 4] for start in range(16, brands_end, 4)}
    major = head[8:12]
    return major in _HEIF_BRANDS and not _AV1_BRANDS & compatible
