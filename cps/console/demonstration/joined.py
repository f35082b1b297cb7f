"""Somebody whom a made-up complaint concerns too, and who left an address."""

from typing import NamedTuple


class Joined(NamedTuple):
    """Who joined `at`, in seconds since 1970, and reads `language`."""

    at: int
    language: str
