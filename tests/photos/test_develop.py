"""A waiting photo becomes ready or unreadable, once."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from cps.kernel import clock
from cps.kernel.errors import NotFound
from cps.photos.decode import Reason
from cps.photos.develop import develop
from cps.photos.models import Photo, State, new_key
from cps.photos.storage import FolderStorage

NINE = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "photos")


def a_photo(original: str, state: State = State.WAITING) -> Photo:
    return Photo(key=new_key(), original=original, original_size=1, state=state)


def a_jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), "teal").save(out, "JPEG")
    return out.getvalue()


def test_a_waiting_photo_becomes_ready_with_both_pictures_kept(storage):
    photo = a_photo(storage.put(a_jpeg()))

    with clock.standing_at(NINE):
        develop(photo, storage=storage)

    assert photo.state is State.READY
    assert (photo.width, photo.height, photo.decoded_at) == (1280, 960, NINE)
    for blob in (photo.large, photo.small):
        assert storage.path(blob).read_bytes().startswith(b"\xff\xd8\xff")


def test_a_broken_photo_becomes_unreadable_and_says_why(storage):
    photo = a_photo(storage.put(a_jpeg()[:900]))

    develop(photo, storage=storage)

    assert photo.state is State.UNREADABLE
    assert photo.unreadable_reason is Reason.BROKEN
    assert photo.large is None


@pytest.mark.parametrize("state", [State.READY, State.UNREADABLE])
def test_what_does_not_wait_is_left_alone(storage, state):
    photo = a_photo("there is no such blob", state)

    develop(photo, storage=storage)

    assert photo.state is state
    assert photo.decoded_at is None


def test_a_photo_whose_original_is_gone_still_waits(storage):
    photo = a_photo("0" * 64)

    with pytest.raises(NotFound):
        develop(photo, storage=storage)

    assert photo.state is State.WAITING
