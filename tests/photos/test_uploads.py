"""What comes of a photo in pieces is kept once, in order, and becomes a photo when it is whole."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cps.kernel import clock
from cps.kernel.db import db
from cps.photos import album, drafts, tasks, uploads
from cps.photos.intake import MOST_BYTES, NoPhoto, TooLarge
from cps.photos.models import Owner, Photo, Piece, Purpose, Upload
from cps.photos.uploads import Announced, Progress, TooMany
from tests.makers import MONDAY, a_complaint, a_key, a_photo


@pytest.fixture
def complaint(city):
    return a_complaint()


def announced(data: bytes, **changes) -> Announced:
    values = {
        "key": a_key(),
        "size": len(data),
        "filename": "a.jpg",
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return Announced(**{**values, **changes})


def take(complaint, of: Announced, data: bytes, start: int, stop: int, *, most: int = 3) -> Progress:
    return uploads.take(data[start:stop], at=start, of=of, owner=Owner(complaint.id), most=most)


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def swept_later() -> set[str]:
    rows = db.session.connection().exec_driver_sql(
        "SELECT args FROM procrastinate_jobs WHERE task_name = 'sweep_blobs'"
    )
    return {blob for (args,) in rows for blob in args["blobs"]}


def test_pieces_in_order_become_the_photo_of_the_complaint(complaint):
    data = a_photo((60, 40)).read()
    of = announced(data)

    first = take(complaint, of, data, 0, 500)
    second = take(complaint, of, data, 500, 900)
    last = take(complaint, of, data, 900, len(data))

    (photo,) = album.of(complaint.id)
    assert (first, second, last) == (Progress(500, False), Progress(900, False), Progress(len(data), True))
    assert (photo.purpose, photo.original, photo.original_size) == (Purpose.BEFORE, of.sha256, len(data))
    with album.storage().open(photo.original) as kept:
        assert kept.read() == data


def test_a_whole_photo_leaves_no_pieces_and_has_its_blobs_swept_and_is_developed(complaint):
    data = a_photo((60, 40)).read()
    of = announced(data)

    take(complaint, of, data, 0, 500)
    (blob,) = db.session.scalars(select(Piece.blob)).all()
    take(complaint, of, data, 500, len(data))

    developing = db.session.connection().exec_driver_sql(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'develop'"
    )
    assert count(Piece) == 0
    assert blob in swept_later()
    assert developing.scalar() == 1


def test_a_piece_that_comes_again_is_kept_once(complaint):
    data = a_photo((60, 40)).read()
    of = announced(data)
    take(complaint, of, data, 0, 500)

    again = take(complaint, of, data, 0, 500)
    overlapping = take(complaint, of, data, 200, 700)
    last = take(complaint, of, data, 700, len(data))
    after_the_last = take(complaint, of, data, 700, len(data))

    assert (again.offset, overlapping.offset) == (500, 700)
    assert [came.was_again for came in (again, overlapping, last, after_the_last)] == [
        True,
        True,
        False,
        False,
    ]
    assert last == after_the_last == Progress(len(data), True)
    assert album.of(complaint.id)[0].original == of.sha256
    assert count(Photo) == 1


def test_a_hole_is_not_kept(complaint):
    data = a_photo((60, 40)).read()
    of = announced(data)
    take(complaint, of, data, 0, 500)

    answer = take(complaint, of, data, 800, 900)

    assert answer == Progress(500, False)
    assert uploads.progress(Owner(complaint.id), of.key) == Progress(500, False)


def test_what_nobody_began_has_come_nowhere(complaint):
    data = a_photo((60, 40)).read()
    of = announced(data)

    answer = take(complaint, of, data, 500, 900)

    assert answer == uploads.progress(Owner(complaint.id), of.key) == Progress(0, False)
    assert count(Upload) == 0


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each has its own complaint
@given(cuts=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 700)), max_size=12))
def test_whatever_comes_twice_or_astray_the_photo_is_the_one_that_was_sent(city, cuts):
    complaint = a_complaint()
    data = a_photo((60, 40)).read()
    of = announced(data)

    for start, length in cuts:
        take(complaint, of, data, start, start + length)
    at = uploads.progress(Owner(complaint.id), of.key).offset
    while not uploads.progress(Owner(complaint.id), of.key).is_complete:
        at = take(complaint, of, data, at, at + 600).offset

    assert [photo.original for photo in album.of(complaint.id)] == [of.sha256]


def test_bytes_that_are_not_what_was_announced_begin_anew(complaint):
    data = a_photo((60, 40)).read()
    of = announced(data, sha256="0" * 64)

    answer = take(complaint, of, data, 0, len(data))

    assert answer == uploads.progress(Owner(complaint.id), of.key) == Progress(0, False)
    assert (count(Photo), count(Upload), count(Piece)) == (0, 0, 0)
    assert hashlib.sha256(data).hexdigest() in swept_later()


def test_another_length_under_the_same_name_begins_anew(complaint):
    data, other = a_photo((60, 40)).read(), a_photo((70, 40)).read()
    of = announced(data)
    take(complaint, of, data, 0, 500)

    answer = take(complaint, announced(other, key=of.key), other, 0, 300)

    assert answer == Progress(300, False)


def test_an_upload_in_a_thousand_shreds_begins_anew(complaint, monkeypatch):
    monkeypatch.setattr(uploads, "_MOST_PIECES", 3)
    data = a_photo((60, 40)).read()
    of = announced(data)
    for start in range(3):
        take(complaint, of, data, start, start + 1)

    answer = take(complaint, of, data, 3, 4)

    assert answer == Progress(0, False)


def test_lost_bytes_begin_anew(complaint):
    data = a_photo((60, 40)).read()
    of = announced(data)
    take(complaint, of, data, 0, 500)
    album.storage().remove(db.session.scalars(select(Piece.blob)).one())

    answer = take(complaint, of, data, 500, len(data))

    assert answer == Progress(0, False)
    assert count(Photo) == 0


def test_without_a_hash_the_length_decides(complaint):
    data = a_photo((60, 40)).read()

    assert take(complaint, announced(data, sha256=None), data, 0, len(data)).is_complete


def test_what_is_no_photo_is_refused_with_its_first_piece(complaint):
    data = b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"x" * 4000

    with pytest.raises(NoPhoto):
        take(complaint, announced(data), data, 0, 1000)

    assert count(Upload) == 0


def test_what_is_no_photo_is_refused_at_the_end_if_its_first_piece_was_cut_short(complaint):
    data = b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"x" * 400
    of = announced(data)
    take(complaint, of, data, 0, 10)

    with pytest.raises(NoPhoto):
        take(complaint, of, data, 10, len(data))

    assert (count(Upload), count(Piece), count(Photo)) == (0, 0, 0)


def test_a_photo_that_is_announced_as_too_large_is_refused_before_it_comes(complaint):
    data = a_photo((60, 40)).read()

    with pytest.raises(TooLarge, match=r"huge\.jpg"):
        take(complaint, announced(data, size=MOST_BYTES + 1, filename="huge.jpg"), data, 0, 500)


def test_more_than_was_announced_is_left_out(complaint):
    data = a_photo((60, 40)).read()
    of = announced(data)

    answer = uploads.take(data + b"more", at=0, of=of, owner=Owner(complaint.id), most=3)

    assert answer == Progress(len(data), True)
    assert album.of(complaint.id)[0].original == of.sha256


def test_photos_and_what_is_on_its_way_are_counted_together(complaint):
    album.keep_after(a_photo((60, 40)), filename="", complaint_id=complaint.id)
    whole, half, third = (a_photo((60, 40)).read() for _ in range(3))
    take(complaint, announced(whole), whole, 0, len(whole), most=2)
    of = announced(half)
    take(complaint, of, half, 0, 500, most=2)

    with pytest.raises(TooMany):
        take(complaint, announced(third), third, 0, 500, most=2)
    goes_on = take(complaint, of, half, 500, len(half), most=2)

    assert goes_on.is_complete


def test_the_same_picture_again_is_the_same_photo(complaint):
    data = a_photo((60, 40)).read()

    take(complaint, announced(data), data, 0, len(data))
    again = take(complaint, announced(data), data, 0, len(data))

    assert again.is_complete
    assert count(Photo) == 1


def test_photos_stand_in_the_order_they_came(complaint):
    first, second = a_photo((60, 40)).read(), a_photo((60, 40)).read()

    take(complaint, announced(first), first, 0, len(first))
    take(complaint, announced(second), second, 0, len(second))

    assert [(p.position, p.original_size) for p in album.of(complaint.id)] == [
        (0, len(first)),
        (1, len(second)),
    ]


def test_two_complaints_may_use_the_same_name_without_touching_each_other(complaint):
    other = a_complaint()
    data = a_photo((60, 40)).read()
    of = announced(data)

    take(complaint, of, data, 0, 500)

    assert uploads.progress(Owner(other.id), of.key) == Progress(0, False)
    assert take(other, of, data, 0, 300) == Progress(300, False)


def test_no_piece_is_known_before_its_bytes_are_durable(complaint, monkeypatch):
    data = a_photo((60, 40)).read()
    known = []
    put = album.storage().put

    def look_first(piece: bytes) -> str:
        known.append(count(Piece))
        return put(piece)

    monkeypatch.setattr(album.storage(), "put", look_first)
    take(complaint, announced(data), data, 0, 500)

    assert known == [0]


def test_a_week_after_its_last_move_an_upload_is_forgotten_and_its_photo_stays(complaint):
    data = a_photo((60, 40)).read()
    whole, half = announced(data), announced(data + b"x")
    take(complaint, whole, data, 0, len(data))
    take(complaint, half, data, 0, 500)
    blob = db.session.scalars(select(Piece.blob)).one()

    with clock.standing_at(MONDAY + timedelta(days=6)):
        tasks.forget_uploads(0)
        assert count(Upload) == 2
    with clock.standing_at(MONDAY + timedelta(days=8)):
        tasks.forget_uploads(0)

    assert (count(Upload), count(Piece), count(Photo)) == (0, 0, 1)
    assert blob in swept_later()


def test_a_piece_on_its_way_is_not_swept(complaint, monkeypatch):
    monkeypatch.setattr(drafts, "_MARGIN", timedelta(0))
    data = a_photo((60, 40)).read()
    take(complaint, announced(data), data, 0, 500)
    blob = db.session.scalars(select(Piece.blob)).one()

    swept = drafts.sweep([blob], storage=album.storage())

    assert swept == 0
    assert album.storage().has(blob)
