"""Photos in a bucket of a real S3 server, which is asked wrongly, cut off, silent and killed."""

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.photos import bucket, drafts
from cps.photos.bucket import Bucket, BucketStorage
from cps.photos.storage import Away, FolderStorage, NoRoom, Storage
from tests.living import a_folder, until
from tests.weed import Line, Weed, weed

# One server for all of them.
pytestmark = pytest.mark.xdist_group("bucket")

WORDS = b"a picture of a broken lamp"
KEY = hashlib.sha256(WORDS).hexdigest()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, city: Flask, server: Weed, tmp_path: Path) -> Storage:
    """Both kinds, empty, within the application."""
    if request.param == "folder":
        return FolderStorage(tmp_path)
    return BucketStorage(replace(server.bucket, prefix=tmp_path.name))


@pytest.fixture
def line(server: Weed) -> Iterator[Line]:
    line = Line(server.port)
    yield line
    line.end()


@pytest.fixture
def by_line(city: Flask, line: Line, server: Weed, tmp_path: Path) -> BucketStorage:
    return BucketStorage(replace(line.to(server.bucket), prefix=tmp_path.name))


def directly(storage: BucketStorage, server: Weed) -> BucketStorage:
    """The same bucket, past the line."""
    return BucketStorage(replace(storage.bucket, endpoint=server.bucket.endpoint))


def said_by(storage: Storage) -> dict[str, str] | None:
    """What the bytes under each key hash to; nothing while it does not answer."""
    try:
        keys = list(storage.keys())
        return {key: hashlib.sha256(storage.open(key).read()).hexdigest() for key in keys}
    except Away:
        return None


def test_both_storages_keep_bytes_under_the_hash_of_what_they_say(storage):
    key = storage.put(WORDS)

    assert key == KEY
    assert storage.has(key)
    with storage.open(key) as blob:
        assert blob.read() == WORDS


def test_in_both_chunks_make_the_same_blob_as_the_whole(storage):
    large = os.urandom(3_000_000)

    key = storage.put(large[start : start + 70_000] for start in range(0, len(large), 70_000))

    with storage.open(key) as blob:
        assert blob.read() == large


def test_in_both_what_is_missing_is_not_found_and_what_is_no_key_names_nothing(storage):
    assert not storage.has(KEY)
    for key in (KEY, "", "../../etc/passwd", KEY.upper()):
        with pytest.raises(NotFound):
            storage.open(key)


def test_both_list_what_they_hold_once(storage):
    keys = {storage.put(WORDS), storage.put(WORDS), storage.put(b"another")}

    assert sorted(storage.keys()) == sorted(keys)


def test_in_both_a_blob_that_was_just_put_again_is_not_removed(storage):
    storage.put(WORDS)
    storage.put(WORDS)

    assert not storage.remove(KEY, untouched_for=timedelta(hours=1))
    assert storage.has(KEY)
    assert storage.remove(KEY)
    assert not storage.has(KEY)
    assert not storage.remove(KEY)


def test_what_another_host_is_putting_is_not_removed_before_its_rows_are_there(city, server, tmp_path):
    storage = BucketStorage(replace(server.bucket, prefix=tmp_path.name))
    storage.put(WORDS)  # by this transaction, which is not over

    removed: list[bool] = []

    def sweep() -> None:
        with city.app_context():
            removed.append(storage.remove(KEY))
            db.session.rollback()

    one = threading.Thread(target=sweep)
    one.start()
    one.join(30)
    db.session.commit()
    other = threading.Thread(target=sweep)
    other.start()
    other.join(30)

    assert removed == [False, True]


def test_a_sweep_leaves_what_a_photo_names(city, server, tmp_path, monkeypatch):
    storage = BucketStorage(replace(server.bucket, prefix=tmp_path.name))
    monkeypatch.setattr(drafts, "_MARGIN", timedelta(0))
    keys = [storage.put(WORDS), storage.put(b"another")]
    monkeypatch.setattr(drafts, "_used", lambda _blobs: {KEY})
    db.session.commit()

    assert drafts.sweep(keys, storage=storage) == 1
    assert list(storage.keys()) == [KEY]


def test_a_wrong_secret_is_away_and_the_log_tells_of_it_without_the_secret(city, server, caplog):
    wrong = BucketStorage(replace(server.bucket, secret="not-the-secret"))

    for verb in (lambda: wrong.put(WORDS), lambda: wrong.open(KEY), lambda: wrong.has(KEY)):
        with pytest.raises(Away):
            verb()

    assert "did not answer" in caplog.text
    assert "not-the-secret" not in caplog.text


def test_a_bucket_that_is_not_there_is_away_and_not_an_empty_one(city, server):
    nowhere = BucketStorage(replace(server.bucket, name="no-such-bucket"))

    with pytest.raises(Away):
        nowhere.open(KEY)


def test_a_put_that_is_cut_off_leaves_nothing(by_line, line, server):
    large = os.urandom(2_000_000)
    line.cut_after = 1_000_000

    with pytest.raises(NoRoom):
        by_line.put(large)

    assert list(directly(by_line, server).keys()) == []


def test_a_fetch_that_is_cut_off_gives_no_half_picture(by_line, line, server):
    key = directly(by_line, server).put(os.urandom(2_000_000))
    line.cut_after = 10  # not even the question passes

    with pytest.raises(Away):
        by_line.open(key)


def test_a_silent_bucket_is_waited_for_a_little_and_then_not_at_all_until_it_answers(
    by_line, line, monkeypatch
):
    monkeypatch.setattr(bucket, "_ANSWERS_WITHIN", timedelta(milliseconds=200))
    monkeypatch.setattr(bucket, "_TRIES_AGAIN", 0)
    line.is_silent = True
    begun = time.monotonic()

    with pytest.raises(Away):
        by_line.put(WORDS)
    asked = line.connections
    with pytest.raises(Away):
        by_line.open(KEY)

    assert time.monotonic() - begun < 2
    assert line.connections == asked
    line.is_silent = False
    by_line._rests_until = time.monotonic()  # a little later
    assert by_line.put(WORDS) == KEY
    with by_line.open(KEY) as blob:
        assert blob.read() == WORDS


def test_a_server_killed_while_photos_come_in_loses_none_it_had_taken_and_shows_no_half(city, tmp_path):
    with a_folder() as folder, weed(folder) as server:
        taken: list[str] = []
        begun = threading.Event()

        def keep(number: int) -> None:
            with city.app_context():
                storage = BucketStorage(server.bucket)
                try:
                    while True:
                        taken.append(storage.put(bytes([number]) + os.urandom(300_000)))
                        begun.set()
                except Away:
                    db.session.rollback()

        keepers = [threading.Thread(target=keep, args=(number,)) for number in range(2)]
        for one in keepers:
            one.start()
        begun.wait(30)
        server.kill()
        for one in keepers:
            one.join(60)
        server.start()
        storage = BucketStorage(server.bucket)
        held = until(lambda: said_by(storage), seconds=30, what="the server to have all its volumes again")

        assert set(taken) <= held.keys()
        assert {key for key, digest in held.items() if digest != key} == set()


def test_a_process_that_was_forked_from_one_that_used_the_bucket_says_so(city, server, monkeypatch):
    monkeypatch.setattr(bucket, "_FIRST_USED_BY", [os.getpid() + 1])

    with pytest.raises(RuntimeError, match="forked"):
        BucketStorage(server.bucket).put(WORDS)


def test_neither_key_nor_secret_are_shown():
    shown = repr(Bucket("photos", "hanoi", "https://s3.example.org", "eu-1", "the-key", "the-secret"))

    assert "the-key" not in shown
    assert "the-secret" not in shown
