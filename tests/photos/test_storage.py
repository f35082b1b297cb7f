"""Blobs survive what they promise to survive, and leave nothing behind when they cannot."""

import errno
import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from cps.kernel.errors import NotFound, Refused
from cps.photos.storage import FolderStorage

WORDS = b"a picture of a broken lamp"
KEY = hashlib.sha256(WORDS).hexdigest()


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "photos")


def files(storage: FolderStorage) -> list[Path]:
    return [path for path in storage.root.rglob("*") if path.is_file()]


def name_of(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())


def test_bytes_lie_under_the_hash_of_what_they_say(storage):
    key = storage.put(WORDS)

    assert key == KEY
    assert storage.path(key) == storage.root / KEY[:2] / KEY[2:4] / KEY
    assert storage.has(key)
    with storage.open(key) as blob:
        assert blob.read() == WORDS


def test_chunks_make_the_same_blob_as_the_whole(storage):
    key = storage.put(WORDS[start : start + 5] for start in range(0, len(WORDS), 5))

    assert key == KEY
    assert storage.path(key).read_bytes() == WORDS


def test_putting_twice_keeps_one_file_and_leaves_nothing_unfinished(storage):
    storage.put(WORDS)
    storage.put(WORDS)

    assert files(storage) == [storage.path(KEY)]


def test_what_is_missing_is_not_found(storage):
    assert not storage.has(KEY)
    with pytest.raises(NotFound):
        storage.open(KEY)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", KEY.upper(), KEY + "\n", KEY[:-1], f"/{KEY[1:]}"])
def test_what_is_no_key_names_no_file(storage, key):
    with pytest.raises(NotFound):
        storage.path(key)


def test_the_file_is_synced_before_the_rename_and_the_folders_after_it(storage, monkeypatch):
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def recorded_fsync(descriptor):
        done.append("sync " + name_of(descriptor).replace(str(storage.root), "root"))
        fsync(descriptor)

    def recorded_replace(source, target):
        done.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(os, "replace", recorded_replace)

    storage.put(WORDS)

    rename = done.index("rename")
    assert done[0].startswith("sync root/incoming/")
    assert {f"sync root/{KEY[:2]}", "sync root"} <= set(done)
    assert f"sync root/{KEY[:2]}/{KEY[2:4]}" in done[rename:]


def test_a_blob_already_there_is_synced_again_before_its_key_is_returned(storage, monkeypatch):
    storage.put(WORDS)
    synced: list[str] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(name_of(fd)), fsync(fd)))

    storage.put(WORDS)

    assert str(storage.path(KEY).parent) in synced


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_refused_with_a_sentence_and_leaves_nothing(storage, monkeypatch, fault):
    def full(descriptor, data):
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(os, "write", full)

    with pytest.raises(Refused, match="without photos"):
        storage.put(WORDS)

    assert files(storage) == []


def test_a_failing_disk_is_never_mistaken_for_success(storage, monkeypatch):
    def failing(descriptor):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", failing)

    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        storage.put(WORDS)

    assert files(storage) == []


def test_a_short_write_is_continued(storage, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))

    storage.put(WORDS)

    assert storage.path(KEY).read_bytes() == WORDS


def test_a_stream_that_breaks_leaves_nothing(storage):
    def broken():
        yield WORDS
        raise ConnectionError("the phone went under a bridge")

    with pytest.raises(ConnectionError):
        storage.put(broken())

    assert files(storage) == []


def test_what_is_removed_is_gone_and_removing_again_says_so(storage):
    storage.put(WORDS)

    assert storage.remove(KEY)
    assert not storage.has(KEY)
    assert not storage.remove(KEY)


def test_a_blob_somebody_has_just_put_again_is_not_removed(storage):
    storage.put(WORDS)
    yesterday = time.time() - 86_400
    os.utime(storage.path(KEY), (yesterday, yesterday))
    storage.put(WORDS)

    assert not storage.remove(KEY, untouched_for=timedelta(hours=1))
    assert storage.has(KEY)


def test_what_a_killed_process_left_is_forgotten_once_it_is_old(storage):
    storage.put(WORDS)
    old, fresh = (storage.root / "incoming" / name for name in ("old", "fresh"))
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    yesterday = time.time() - 86_400
    os.utime(old, (yesterday, yesterday))

    assert storage.forget_unfinished(timedelta(hours=1)) == 1

    assert set(files(storage)) == {fresh, storage.path(KEY)}
