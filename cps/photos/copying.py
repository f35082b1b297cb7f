"""Copying photos from one storage to another, while the city lives: each is compared with its key on both sides.

What was copied before is left as it is, so whoever was stopped goes on.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from cps.kernel.errors import NotFound
from cps.photos.storage import Storage, chunks_of

_TELLS_EVERY: Final = 1000
_NAMED: Final = """
    SELECT original FROM public.photo UNION SELECT large FROM public.photo UNION SELECT small FROM public.photo
    UNION SELECT clear_large FROM public.photo UNION SELECT clear_small FROM public.photo
    UNION SELECT blob FROM public.photo_piece
"""


@dataclass
class Copied:
    """What became of each key: how many were there already, how many were copied, and which could not be."""

    there: int = 0
    copied: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def named(connection: psycopg.Connection[Any]) -> set[str]:
    """Return the keys of all photos that the database names."""
    return {row[0] for row in connection.execute(_NAMED) if row[0] is not None}


def copy(
    keys: Iterable[str],
    *,
    source: Storage,
    target: Storage,
    after_each: Callable[[str], object] = lambda _key: None,
    say: Callable[[str], object] = lambda _words: None,
) -> Copied:
    """Copy what the target lacks of these keys; raise Away where one of both does not answer.

    `after_each` is told each key that was copied, and `say` now and then how far it is.
    """
    done = Copied()
    for count, key in enumerate(sorted(keys), start=1):
        _copy_one(key, source, target, done, after_each)
        if not count % _TELLS_EVERY:
            say(f"{count:,} looked at, {done.copied:,} copied …")
    return done


def digest(key: str, storage: Storage) -> str:
    """Return what the bytes under `key` hash to, which is the key itself; NotFound when there are none."""
    found = hashlib.sha256()
    with storage.open(key) as blob:
        for chunk in chunks_of(blob):
            found.update(chunk)
    return found.hexdigest()


def _copy_one(
    key: str, source: Storage, target: Storage, done: Copied, after_each: Callable[[str], object]
) -> None:
    if target.has(key):
        done.there += 1
        return
    try:
        if digest(key, source) != key:
            done.damaged.append(key)
            return
        with source.open(key) as blob:
            target.put(chunks_of(blob))
        if digest(key, target) != key:
            done.damaged.append(key)
            return
    except NotFound:
        done.missing.append(key)
        return
    done.copied += 1
    after_each(key)
