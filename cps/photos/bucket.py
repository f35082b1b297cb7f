"""Photos in a bucket that speaks S3, for a city of several hosts: whatever one host keeps, each of them has.

A key is returned only when the bucket has said that it holds the bytes; it shows an object whole or not at all. Who puts
a blob and who sweeps it may be on two hosts, so they meet at the database: the one that puts holds the key until its
rows are committed, and the one that sweeps goes by what is held.
"""

import hashlib
import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO, Final

from sqlalchemy import func, select

from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.photos.storage import FOLDERS, Away, FolderStorage, is_key, placed

# So long a person waits for a bucket; whoever comes after one that did not answer is told at once.
_CONNECTS_WITHIN: Final = timedelta(seconds=2)
_ANSWERS_WITHIN: Final = timedelta(seconds=15)
_TRIES_AGAIN: Final = 2
_TRIES_FOR: Final = timedelta(seconds=10)
_RESTS_SECONDS: Final = 3.0
_TOLD_CHARACTERS: Final = 200
_TRIED: Final = "tried"  # no key, so no photo
_REFUSALS: Final = ("PermissionDeniedError", "UnauthenticatedError")

_LOG = logging.getLogger(__name__)
_FIRST_USED_BY: list[int] = []  # processes


@dataclass(frozen=True)
class Bucket:
    """Where a bucket is and how it is entered; without an endpoint it is Amazon's."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def address(self) -> str:
        """Where it is, for people."""
        prefix = f"/{self.prefix}" if self.prefix else ""
        return f"s3://{self.name}{prefix} at {self.endpoint or 'Amazon'}"


class BucketStorage:
    """Blobs as objects `<prefix>/ab/cd/<key>`, as a folder has them; put and removed within the application.

    `beside`: the folder of before the bucket, which is looked into for what was not copied yet.
    """

    def __init__(self, bucket: Bucket, *, beside: FolderStorage | None = None) -> None:
        self.bucket = bucket
        self._beside = beside
        self._client: Any = None
        self._door = threading.Lock()
        self._rests_until = 0.0

    def put(self, data: bytes | Iterable[bytes]) -> str:
        """Keep the bytes durably and return their key, which nobody sweeps before this transaction ends.

        They are sent whole, at most 12 MB, so that what breaks off leaves nothing. The same again is sent again: the
        bucket then knows that somebody has just put it.
        """
        whole = data if isinstance(data, bytes) else b"".join(data)
        key = hashlib.sha256(whole).hexdigest()
        db.session.execute(select(func.pg_advisory_xact_lock_shared(_number(key))))
        with self._asked() as client:
            client.put(placed(key), whole, use_multipart=False)
        return key

    def open(self, key: str) -> BinaryIO:
        """Fetch the bytes of `key` for reading; NotFound when there are none."""
        name = placed(key)
        try:
            with self._asked(missing=NotFound) as client:
                return BytesIO(client.get(name).bytes())
        except NotFound:
            if self._beside is None:
                raise
            return self._beside.open(key)

    def has(self, key: str) -> bool:
        """Say whether there are bytes under `key`."""
        return self._put_at(key) is not None or (self._beside is not None and self._beside.has(key))

    def remove(self, key: str, *, untouched_for: timedelta = timedelta(0)) -> bool:
        """Forget the bytes of `key` unless they were put more recently than `untouched_for` ago, or are being put."""
        if not db.session.scalar(select(func.pg_try_advisory_xact_lock(_number(key)))):
            return False
        was_beside = self._beside is not None and self._beside.remove(key, untouched_for=untouched_for)
        at = self._put_at(key)
        if at is None or (untouched_for and _age(at) < untouched_for):
            return was_beside
        with self._asked() as client:
            client.delete(placed(key))
        return True

    def keys(self, part: int = 0, *, of: int = 1, untouched_for: timedelta = timedelta(0)) -> Iterator[str]:
        """List the keys of one of so many parts that were put no more recently, in no order, while others put and remove."""
        folders = [f"{number:02x}" for number in range(part, FOLDERS, of)] if of > 1 else [None]
        for folder in folders:
            for one in self._listed(folder):
                name = one["path"].rpartition("/")[2]
                if is_key(name) and (not untouched_for or _age(one["last_modified"]) > untouched_for):
                    yield name

    def forget_unfinished(self, older_than: timedelta) -> int:  # noqa: ARG002 - as every storage is asked
        """Remove nothing: a bucket shows an object whole or not at all."""
        return 0

    def try_out(self) -> None:
        """Have something kept and given back; raise Away if it is not."""
        written = os.urandom(16)
        with self._asked() as client:
            client.put(_TRIED, written, use_multipart=False)
            client.get(_TRIED).bytes()

    def _listed(self, folder: str | None) -> Iterator[Any]:
        with self._asked() as client:
            pages = client.list(prefix=folder)
        while True:
            with self._asked():
                page = next(pages, None)
            if page is None:
                return
            yield from page

    def _put_at(self, key: str) -> Any:
        """Return when the bytes of `key` were last put, by the bucket's clock; None when there are none."""
        name = placed(key)
        try:
            with self._asked(missing=NotFound) as client:
                return client.head(name)["last_modified"]
        except NotFound:
            return None

    @contextmanager
    def _asked(self, *, missing: type[Exception] | None = None) -> Iterator[Any]:
        """Hand out the client, and turn what goes wrong into what people are told: `missing` for what is not there."""
        if time.monotonic() < self._rests_until:
            raise Away
        errors = import_module("obstore.exceptions")
        was_away = bool(self._rests_until)
        if was_away:  # one asks for all whether it answers again
            self._rests_until = time.monotonic() + _RESTS_SECONDS
        try:
            yield self._entered()
        except (errors.BaseError, OSError) as error:
            if missing and isinstance(error, FileNotFoundError) and "NoSuchBucket" not in str(error):
                self._rests_until = 0.0
                raise missing from error
            self._rest(error)
            raise Away from error
        self._rests_until = 0.0

    def _rest(self, error: Exception) -> None:
        told = " ".join(str(error).partition("\n\nDebug")[0].split())[:_TOLD_CHARACTERS]
        _LOG.error("the storage of photos did not answer: %s", told)
        if type(error).__name__ not in _REFUSALS:  # those cost nobody time
            self._rests_until = time.monotonic() + _RESTS_SECONDS

    def _entered(self) -> Any:
        with self._door:
            if self._client is None:
                self._client = _client(self.bucket)
        return self._client


def _client(bucket: Bucket) -> Any:
    """Make the client, in the process that uses it: its threads do not live on in a fork, which would wait for ever."""
    if _FIRST_USED_BY and _FIRST_USED_BY[0] != os.getpid():
        raise RuntimeError("the storage of photos was used before this process was forked")
    _FIRST_USED_BY[:] = [os.getpid()]
    # Loaded where a bucket is set alone. All is said here: what else it finds in the environment is not the city's.
    return import_module("obstore.store").S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        region=bucket.region,
        access_key_id=bucket.key,
        secret_access_key=bucket.secret,
        virtual_hosted_style_request=False,
        client_options={
            "allow_http": bucket.endpoint.startswith("http:"),
            "connect_timeout": _CONNECTS_WITHIN,
            "timeout": _ANSWERS_WITHIN,
        },
        retry_config={"max_retries": _TRIES_AGAIN, "retry_timeout": _TRIES_FOR},
        **({"endpoint": bucket.endpoint} if bucket.endpoint else {}),
    )


def _age(put_at: datetime) -> timedelta:
    # The bucket's clock against the machine's, not `kernel.clock`: both are facts of the storage.
    return timedelta(seconds=time.time() - put_at.timestamp())


def _number(key: str) -> Any:
    return func.hashtextextended(f"blob {key}", 0)
