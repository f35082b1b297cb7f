"""Covering parts of a photo: nothing can be read back out of what is served, and covering can be undone."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.photos import album, drafts, redaction
from cps.photos.models import Photo, State
from tests.makers import a_complaint, a_photo


@pytest.fixture
def photo(city) -> Photo:
    """A photo of noise, developed."""
    blobs = [album.storage().put(a_photo(size).getvalue()) for size in ((640, 480), (320, 240))]
    found = Photo(
        complaint_id=a_complaint().id,
        original=album.storage().put(b"as it was handed in"),
        original_size=19,
        state=State.READY,
        large=blobs[0],
        small=blobs[1],
        width=640,
        height=480,
    )
    db.session.add(found)
    db.session.flush()
    return found


def _image(blob: str) -> Image.Image:
    with album.storage().open(blob) as stream:
        return Image.open(BytesIO(stream.read())).convert("RGB")


def _spread(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How much the lightest and the darkest spot of a part differ."""
    low, high = image.crop(box).convert("L").getextrema()
    return high - low


def test_a_covered_field_is_one_colour_in_both_pictures_and_the_rest_stays(photo):
    whole = _image(photo.large)

    redaction.cover(photo, {0, 1, 32, 33}, storage=album.storage())

    large, small = _image(photo.large), _image(photo.small)
    assert _spread(whole, (4, 4, 36, 36)) > 100
    assert _spread(large, (4, 4, 16, 16)) < 24  # a field, but for what JPEG makes at its edges
    assert _spread(small, (2, 2, 8, 8)) < 24
    assert _spread(large, (100, 100, 200, 200)) > 100


def test_it_has_another_address_and_the_old_one_leads_nowhere(photo):
    before = photo.key

    redaction.cover(photo, {5}, storage=album.storage())

    assert photo.key != before


def test_covering_anew_begins_with_the_photo_as_it_was_taken(photo):
    whole = photo.large
    redaction.cover(photo, {0}, storage=album.storage())

    redaction.cover(photo, {40}, storage=album.storage())

    assert photo.clear_large == whole
    assert photo.covered == [40]
    assert _spread(_image(photo.large), (2, 2, 18, 18)) > 60


def test_undone_it_is_what_it_was(photo):
    before = (photo.large, photo.small)
    redaction.cover(photo, {0, 1}, storage=album.storage())

    redaction.uncover(photo)

    assert (photo.large, photo.small) == before
    assert (photo.clear_large, photo.clear_small, photo.covered) == (None, None, None)


def test_the_uncovered_pictures_are_not_swept_away(photo, monkeypatch):
    monkeypatch.setattr(drafts, "_MARGIN", timedelta(seconds=-1))
    whole = [photo.large, photo.small]
    redaction.cover(photo, {0, 1}, storage=album.storage())

    drafts.sweep(whole, storage=album.storage())

    assert [_image(blob).size for blob in whole] == [(640, 480), (320, 240)]


@pytest.mark.parametrize("fields", [set(), {-1}, {redaction.FIELDS}, {0, 5000}])
def test_no_field_and_fields_that_are_none_are_refused(photo, fields):
    with pytest.raises(Invalid):
        redaction.cover(photo, fields, storage=album.storage())

    assert photo.clear_large is None


def test_what_is_not_ready_and_what_is_not_covered_is_refused(photo):
    with pytest.raises(Refused):
        redaction.uncover(photo)
    photo.state = State.WAITING
    with pytest.raises(Refused):
        redaction.cover(photo, {0}, storage=album.storage())


def test_the_smallest_picture_is_covered_too(photo):
    photo.large = photo.small = album.storage().put(a_photo((8, 8)).getvalue())

    redaction.cover(photo, range(redaction.FIELDS), storage=album.storage())

    assert _image(photo.large).size == (8, 8)
