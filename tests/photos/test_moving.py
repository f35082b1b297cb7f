"""Photos move from a folder to a bucket and back while the city lives, and a copy of the bucket's is there for backups."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from cps.backup import mirror
from cps.backup.mirror import Mirror
from cps.console.command import main
from cps.health import backup as looking
from cps.health.backup import backup
from cps.health.finding import State
from cps.health.photos import photos as look
from cps.kernel.db import db
from cps.kernel.errors import NotFound, Unusable
from cps.photos import album, copying
from cps.photos.bucket import BucketStorage
from cps.photos.storage import Away, FolderStorage
from cps.settings import Settings, photos_of
from tests.citizen.acts import a_shown_photo
from tests.makers import a_complaint
from tests.weed import Weed

# One server for all of them.
pytestmark = pytest.mark.xdist_group("bucket")

Cps = Callable[..., Result]


@pytest.fixture
def with_bucket(settings: Settings, server: Weed, tmp_path: Path) -> Settings:
    """The settings of the same city with a folder and a bucket of this test's own."""
    return replace(settings, var=tmp_path, media=replace(server.bucket, prefix=tmp_path.name))


@pytest.fixture
def folder(city: Flask, with_bucket: Settings) -> Iterator[FolderStorage]:
    """The city keeps its photos in a folder."""
    before, folder = album.storage(), FolderStorage(with_bucket.photos)
    album.use(folder)
    yield folder
    album.use(before)


@pytest.fixture
def bucket(city: Flask, with_bucket: Settings) -> BucketStorage:
    assert with_bucket.media
    return BucketStorage(with_bucket.media)


@pytest.fixture
def cps(with_bucket: Settings, database_url: str, server: Weed, folder: FolderStorage) -> Cps:
    """Run a command as on a host of this city."""
    media = f"s3://photos/{with_bucket.var.name}?endpoint={server.bucket.endpoint}"
    environment = {
        **server.environment,
        "CPS_MEDIA": media,
        "CPS_DATABASE_URL": database_url,
        "CPS_VAR": str(with_bucket.var),
        "CPS_BASE_URL": with_bucket.base_url,
        "CPS_DEMO": "yes",
        "CPS_UNDO_SECONDS": "0",
    }

    def run(*words: str, **more: str) -> Result:
        result = CliRunner().invoke(main, words, env={**environment, **more})
        album.use(folder)
        return result

    return run


def some_photos(count: int) -> set[str]:
    """Give a report photos; return the keys of all their blobs."""
    complaint = a_complaint()
    photos = [a_shown_photo(complaint) for _number in range(count)]
    return {blob for photo in photos for blob in (photo.original, photo.large, photo.small) if blob}


def test_all_photos_are_copied_to_the_bucket_and_read_from_there(folder, bucket, cps):
    keys = some_photos(2)
    stray = folder.put(b"no row names this")

    moved, checked = cps("media", "move", "bucket"), cps("media", "check")

    assert (moved.exit_code, checked.exit_code) == (0, 0), moved.output + checked.output
    assert set(bucket.keys()) == keys
    assert not bucket.has(stray)
    assert "6 are there, 6 of them copied now." in moved.output
    assert "6 of 6 photos are whole in s3://photos/" in checked.output
    assert "There was nothing to copy." in cps("media", "move", "bucket").output


def test_they_are_copied_back_with_their_bytes(folder, bucket, cps):
    keys = some_photos(1)
    cps("media", "move", "bucket")
    for key in keys:
        folder.remove(key)

    assert cps("media", "move", "folder").exit_code == 0
    assert {copying.digest(key, folder) for key in keys} == keys


def test_a_move_that_was_stopped_goes_on(folder, bucket, monkeypatch):
    keys = {folder.put(os.urandom(100)) for _number in range(5)}
    put, calls = bucket.put, []

    def stopped(data):
        calls.append(1)
        if len(calls) == 3:
            raise Away
        return put(data)

    monkeypatch.setattr(bucket, "put", stopped)
    with pytest.raises(Away):
        copying.copy(keys, source=folder, target=bucket)

    done = copying.copy(keys, source=folder, target=bucket)

    assert (done.there, done.copied) == (2, 3)
    assert set(bucket.keys()) == keys


def test_what_is_damaged_or_missing_is_told_and_not_copied(folder, bucket, cps):
    keys = sorted(some_photos(1))
    folder.path(keys[0]).write_bytes(b"rotten")
    folder.path(keys[1]).unlink()

    moved = cps("media", "move", "bucket")

    assert moved.exit_code == 2
    assert f"1 are damaged: {keys[0]}." in moved.output
    assert f"1 are missing: {keys[1]}." in moved.output
    assert list(bucket.keys()) == [keys[2]]


def test_a_bucket_that_is_away_is_said_in_a_sentence(folder, cps):
    some_photos(1)

    moved = cps("media", "move", "bucket", CPS_MEDIA_SECRET="another-secret")

    assert moved.exit_code == 1
    assert "The bucket of CPS_MEDIA does not answer" in moved.output
    assert "Traceback" not in moved.output
    assert "another-secret" not in moved.output
    exported = cps("city", "export", str(folder.root / "kit"), CPS_MEDIA_SECRET="another-secret")
    assert (exported.exit_code, "Traceback" in exported.output) == (1, False)
    assert "The bucket of CPS_MEDIA does not answer: see `cps doctor`." in exported.output
    assert "No bucket is set" in cps("media", "move", "bucket", CPS_MEDIA="").output


def test_what_was_not_copied_yet_is_read_from_the_folder_and_removed_from_both(folder, with_bucket):
    moving = photos_of(with_bucket)
    old = folder.put(b"of before the bucket")
    new = moving.put(b"of after it")
    db.session.commit()

    assert (moving.has(old), moving.has(new), folder.has(new)) == (True, True, False)
    with moving.open(old) as blob:
        assert blob.read() == b"of before the bucket"
    assert moving.remove(old)
    assert not folder.has(old)
    with pytest.raises(NotFound):
        moving.open(old)


def test_a_copy_for_backups_has_what_rows_name_and_loses_what_they_cease_to(
    folder, bucket, cps, database_url, tmp_path, monkeypatch
):
    keys = some_photos(1)
    cps("media", "move", "bucket")
    copy = FolderStorage(tmp_path / "copy")
    gone = copy.put(b"nobody names this any more")
    mirrored = Mirror(database_url, bucket, copy)

    mirrored.renew()
    assert set(copy.keys()) == {*keys, gone}  # it was put only now
    monkeypatch.setattr(mirror, "_MARGIN", timedelta(0))
    mirrored.renew()

    assert set(copy.keys()) == keys
    assert {copying.digest(key, copy) for key in keys} == keys


def test_a_copy_that_lacks_photos_is_no_backup(folder, bucket, cps, database_url, tmp_path):
    keys = some_photos(1)
    cps("media", "move", "bucket")
    lost = sorted(keys)[0]
    bucket.remove(lost)
    db.session.commit()
    copy = FolderStorage(tmp_path / "copy")

    with pytest.raises(Unusable, match=f"1 of the city's photos are not whole in the bucket .* {lost}"):
        Mirror(database_url, bucket, copy).renew()

    assert set(copy.keys()) == keys - {lost}


def test_the_doctor_says_how_the_bucket_is(city, with_bucket, settings):
    wrong = replace(with_bucket.media, secret="another-secret")
    found = {
        "well": look(with_bucket),
        "folder": look(settings),
        "wrong": look(replace(with_bucket, media=wrong)),
        "away": look(replace(with_bucket, media=replace(wrong, endpoint="http://127.0.0.1:1"))),
    }

    assert {name: one.state for name, one in found.items()} == {
        "well": State.OK,
        "folder": State.OK,
        "wrong": State.FAULT,
        "away": State.FAULT,
    }
    assert "takes and gives in" in found["well"].told
    assert "it refuses the key and secret" in found["wrong"].told
    assert "it does not answer" in found["away"].told
    assert "another-secret" not in str(found)
    assert list(photos_of(with_bucket).keys()) == []  # what it tried is no photo


def test_a_host_that_makes_no_backups_says_so_only_where_another_may(city, with_bucket, monkeypatch):
    settings = replace(with_bucket, is_demo=False)

    assert backup(settings).state is State.WARNING  # the changes are not archived, so nobody makes any
    monkeypatch.setattr(looking, "_ARCHIVER", text("SELECT 'on' AS mode"))
    assert backup(settings).state is State.OFF
    assert backup(replace(settings, media=None)).state is State.WARNING
