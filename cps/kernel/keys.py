"""Secrets of this installation: one master key from outside the database, one derived key per purpose.

The application sets the master key once at its start; nothing stores it beside the data it protects.
"""

from hashlib import blake2b

_MASTER: list[bytes] = []


def use(master: bytes) -> None:
    """Take `master` (any length ≥ 16 bytes) as the installation's key from now on."""
    if len(master) < 16:
        raise ValueError("the secret key is shorter than 16 bytes")
    _MASTER[:] = [blake2b(master, digest_size=32).digest()]


def derived(purpose: str, data: bytes = b"", *, size: int = 32) -> bytes:
    """Return `size` bytes that only this installation can compute for `purpose` and `data`."""
    return blake2b(data, key=_MASTER[0], person=purpose.encode()[:16], digest_size=size).digest()
