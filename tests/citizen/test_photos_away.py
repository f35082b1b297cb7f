"""While the bucket of photos does not answer: words are kept, forms without photos go on, and nothing breaks."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.photos import album, bucket, tasks
from cps.photos.bucket import Bucket, BucketStorage
from cps.photos.models import Photo, State
from tests.citizen.acts import OWN, a_shown_photo, link_of, send
from tests.makers import a_complaint, a_key, a_photo
from tests.pageclient import soup_of, text_of

_NOBODY = Bucket("photos", "", "http://127.0.0.1:1", "us-east-1", "a-key-of-tests", "a-secret-of-tests")


@pytest.fixture
def away(city: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The city's photos are in a bucket that nobody answers for."""
    monkeypatch.setattr(bucket, "_TRIES_AGAIN", 0)
    before = album.storage()
    yield
    album.use(before)


def go_away() -> None:
    album.use(BucketStorage(_NOBODY))


def count(kind) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(kind))


def test_a_report_with_a_photo_is_asked_to_come_again_and_keeps_its_words(away, client):
    go_away()

    answer = send(client, words="The lamp is dark.", photos=[(a_photo(), "lamp.jpg")])

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    page = soup_of(answer)
    assert "The lamp is dark." in answer.text
    assert "We cannot keep photos at the moment." in text_of(page)
    assert (count(Complaint), count(Photo)) == (0, 0)


def test_what_else_is_wrong_with_it_is_said_at_once(away, client):
    go_away()

    assert send(client, category="", photos=[(a_photo(), "lamp.jpg")]).status_code == 422


def test_a_report_without_a_photo_is_filed(away, client):
    go_away()

    assert send(client).status_code == 303


def test_a_piece_of_a_photo_waits_on_the_phone(away, client):
    go_away()

    answer = client.patch(
        f"/reports/{a_key()}/photos/{uuid4()}?offset=0&size=2000", data=a_photo().read()[:2000], headers=OWN
    )

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "stays on this phone" in answer.json["sentence"]


def test_an_addition_keeps_its_words_too(away, client):
    complaint = a_complaint()
    client.get(link_of(complaint))
    go_away()

    answer = client.post(
        f"/my/{complaint.reference}/additions",
        data={"words": "It is dark here.", "photos": (a_photo(), "lamp.jpg")},
        headers=OWN,
    )

    assert answer.status_code == 503
    assert "It is dark here." in text_of(soup_of(answer))


def test_pages_go_on_and_their_pictures_come_later(away, client):
    complaint = a_complaint()
    photo = a_shown_photo(complaint)
    go_away()

    page = client.get(f"/complaints/{complaint.reference}")
    picture = client.get(f"/photos/{photo.key}/small")

    assert page.status_code == 200
    assert picture.status_code == 503
    assert picture.headers["Retry-After"] == "10"
    assert "max-age" not in picture.headers.get("Cache-Control", "")


def test_what_is_to_be_done_with_photos_waits_for_as_long_as_it_takes(away, city):
    photo = album.keep_after(a_photo(), filename="lamp.jpg", complaint_id=a_complaint().id)
    db.session.commit()
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    go_away()

    tasks.develop_photo(photo.id)
    tasks.sweep_blobs(["0" * 64])
    db.session.commit()

    waiting = db.session.execute(
        text(
            "SELECT task_name, args, scheduled_at > now() + interval '4 minutes' AS is_later"
            " FROM procrastinate_jobs ORDER BY 1"
        )
    ).all()
    assert waiting == [
        ("develop", {"photo_id": photo.id}, True),
        ("sweep_blobs", {"blobs": ["0" * 64]}, True),
    ]
    assert (photo.state, photo.large) == (State.WAITING, None)
