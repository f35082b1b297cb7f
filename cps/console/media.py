"""`cps media`: where photos are kept, moving them from a folder to a bucket and back, and looking at each."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import click
import psycopg

from cps.backup import checks
from cps.console.session import application, settings_in_use
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.photos import copying
from cps.photos.bucket import BucketStorage
from cps.photos.storage import Away, FolderStorage, NoRoom, Storage
from cps.settings import Settings, photos_of

_AT_ONCE = 200
_SHOWN = 5


@click.group()
def media() -> None:
    """Where the city's photos are kept."""


@media.command()
@click.argument("to", type=click.Choice(["bucket", "folder"]))
def move(to: str) -> None:
    """Copy all photos of the folder under CPS_VAR to the bucket of CPS_MEDIA, or back, while the city lives.

    Each is compared with its key on both sides. What is there already is left as it is: whoever was stopped goes on. It
    removes nothing. The exit code is 2 if a photo was missing or damaged.
    """
    settings = settings_in_use()
    with application(settings, click.echo):
        folder, bucket = FolderStorage(settings.photos), _bucket(settings)
        source, target = (folder, bucket) if to == "bucket" else (bucket, folder)
        done = copying.Copied()
        with _told():
            for keys in _some_at_once(sorted(_named())):
                _add(done, copying.copy(keys, source=source, target=target))
                db.session.rollback()  # what was held of the bucket's keys is let go
                click.echo(f"{done.there + done.copied:,} are there, {done.copied:,} of them copied now.")
    click.echo("Every photo was compared with its key." if done.copied else "There was nothing to copy.")
    _exit(done.missing, done.damaged)


@media.command()
def check() -> None:
    """Read every photo that the database names, and compare it with its key. The exit code is 2 if one is not whole."""
    settings = settings_in_use()
    with application(settings, click.echo), _told():
        keys, storage = _named(), photos_of(settings)
        missing = checks.missing_photos(keys, storage)
        damaged = checks.damaged_photos(keys - missing, storage)
        still = _named()  # others were removed meanwhile
        where = settings.media.address if settings.media else str(settings.photos)
        click.echo(f"{len(keys - missing - damaged):,} of {len(keys):,} photos are whole in {where}.")
    _exit(sorted(missing & still), sorted(damaged & still))


def _bucket(settings: Settings) -> Storage:
    if settings.media is None:
        raise Unusable(
            "No bucket is set: set CPS_MEDIA, CPS_MEDIA_KEY and CPS_MEDIA_SECRET, as docs/hosts.md says step by step."
        )
    return BucketStorage(settings.media)


def _named() -> set[str]:
    url = db.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        return copying.named(connection)


def _some_at_once(keys: Sequence[str]) -> Iterator[list[str]]:
    left = iter(keys)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _add(done: copying.Copied, more: copying.Copied) -> None:
    done.there += more.there
    done.copied += more.copied
    done.missing += more.missing
    done.damaged += more.damaged


@contextmanager
def _told() -> Iterator[None]:
    """Say in a sentence what keeps photos from being read or kept."""
    try:
        yield
    except Away as error:
        reason = str(error.__cause__ or "").partition("\n")[0].strip()
        raise Unusable(
            f"The bucket of CPS_MEDIA does not answer{f': {reason[:200]}' if reason else ''}. Run it again: it goes on."
        ) from error
    except NoRoom as error:
        raise Unusable("There is no room for the photos. Make some and run it again: it goes on.") from error


def _exit(missing: Sequence[str], damaged: Sequence[str]) -> None:
    for what, keys in (("missing", missing), ("damaged", damaged)):
        if keys:
            some = ", ".join(keys[:_SHOWN])
            click.echo(f"{len(keys):,} are {what}: {some}{' and others' if len(keys) > _SHOWN else ''}.")
    if missing or damaged:
        sys.exit(2)
