"""Photos with the form: kept before the form is judged, never doubled, never more than the city takes."""

import errno
import os
from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import func, select

from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.photos import album
from cps.photos.develop import develop
from cps.photos.models import Photo, State
from tests.citizen.acts import send, send_again
from tests.makers import a_key, a_photo
from tests.pageclient import soup_of, text_of


def photos() -> list[Photo]:
    db.session.rollback()
    return list(db.session.scalars(select(Photo).order_by(Photo.position, Photo.id)))


def filed() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Complaint))


def three_and(more: int) -> list:
    return [(a_photo((60, 40)), f"{n}.jpg") for n in range(3 + more)]


def test_photos_belong_to_the_complaint_in_their_order_and_wait_for_the_worker(city, ana):
    send(ana, photos=three_and(0))

    complaint = db.session.scalars(select(Complaint)).one()
    assert [(p.complaint_id, p.position, p.state) for p in photos()] == [
        (complaint.id, n, State.WAITING) for n in range(3)
    ]


def test_a_fault_in_the_text_does_not_cost_the_photos(city, ana):
    key = str(a_key())

    refused = send(ana, key=key, category="", photos=three_and(0))
    kept = {photo.key for photo in photos()}
    page = soup_of(refused)
    answer = send_again(ana, page, category="pothole")

    assert refused.status_code == 422
    assert "3 photos are kept" in text_of(page)
    assert answer.status_code == 303
    assert {photo.key for photo in photos()} == kept
    assert all(photo.complaint_id is not None for photo in photos())


def test_the_same_photo_sent_again_is_one_photo(city, ana):
    key, data = str(a_key()), a_photo((60, 40)).read()

    send(ana, key=key, category="", photos=[(BytesIO(data), "a.jpg")])
    send(ana, key=key, photos=[(BytesIO(data), "a.jpg"), (BytesIO(data), "b.jpg")])

    assert len(photos()) == 1


def test_a_form_that_is_filed_takes_no_more_photos(city, ana):
    key = str(a_key())
    send(ana, key=key, photos=three_and(0))

    again = send(ana, key=key, photos=three_and(0))

    assert again.status_code == 303
    assert len(photos()) == 3


def test_a_fourth_photo_is_one_too_many_and_the_three_stay(city, ana):
    answer = send(ana, photos=three_and(1))

    page = soup_of(answer)
    assert answer.status_code == 422
    assert "at most 3 photos" in text_of(page.select_one("#photos-fault"))
    assert len(photos()) == 3
    assert filed() == 0
    assert send_again(ana, page).status_code == 303
    assert len(photos()) == 3


def test_a_kept_photo_can_be_left_out_for_another(city, ana):
    page = soup_of(send(ana, category="", photos=three_and(0)))
    first = page.select_one("input[name=without]")["value"]

    answer = send_again(ana, page, category="pothole", without=first, photos=(a_photo((60, 40)), "new.jpg"))

    assert answer.status_code == 303
    assert len(photos()) == 3
    assert first not in {photo.key for photo in photos()}


def test_only_photos_of_the_same_form_can_be_left_out(city, ana):
    send(ana, category="", photos=three_and(0))
    others = photos()[0].key

    send(ana, without=others)

    assert others in {photo.key for photo in photos()}


@pytest.mark.parametrize(
    "data",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html><script>", b"", b"GIF89a" + b"x" * 99],
    ids=["svg", "html", "empty", "gif"],
)
def test_what_is_no_photo_is_told_and_the_text_is_kept(city, ana, data):
    answer = send(ana, words="giữ lại", photos=[(BytesIO(data), "photo.jpg")])

    page = soup_of(answer)
    assert answer.status_code == 422
    assert "could not open this photo" in text_of(page.select_one("#photos-fault"))
    assert page.select_one("#words").text.strip() == "giữ lại"
    assert photos() == []
    assert filed() == 0


def test_the_good_photo_beside_a_bad_one_is_kept(city, ana):
    send(ana, photos=[(BytesIO(b"<svg/>"), "bad.jpg"), (a_photo((60, 40)), "good.jpg")])

    assert len(photos()) == 1


def test_a_photo_of_more_than_twelve_megabytes_is_named(city, ana):
    answer = send(ana, photos=[(BytesIO(b"\xff\xd8\xff" + b"x" * 12_000_000), "huge.jpg")])

    assert answer.status_code == 422
    assert "huge.jpg" in text_of(soup_of(answer).select_one("#photos-fault"))
    assert photos() == []


def test_a_truncated_photo_is_taken_in_and_found_out_later(city, ana):
    half = a_photo((400, 300)).read()[:2000]

    answer = send(ana, photos=[(BytesIO(half), "half.jpg")])
    photo = photos()[0]
    develop(photo, storage=album.storage())
    db.session.commit()

    page = ana.page(ana.get(answer.location).location)
    assert answer.status_code == 303
    assert "We could not open this photo" in text_of(page.select_one(".photos"))
    assert not page.select(".photos img")


def test_a_photo_that_is_not_read_yet_says_so(city, ana):
    answer = send(ana, photos=[(a_photo((60, 40)), "a.jpg")])

    page = ana.page(ana.get(answer.location).location)

    assert "Photo still being read" in text_of(page.select_one(".photos"))


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_where_there_is_no_room_for_a_photo_the_report_is_to_come_again_later(city, ana, monkeypatch, accept):
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", _failing(errno.ENOSPC))
        refused = send(ana, photos=three_and(0), accept=accept)

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "without photos" in refused.get_data(as_text=True)
    assert (filed(), photos()) == (0, [])


def test_a_broken_disk_is_no_error_of_ours_and_acknowledges_nothing(city, ana, monkeypatch):
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", _failing(errno.EIO))
        refused = send(ana, photos=three_and(0))

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert (filed(), photos()) == (0, [])


def _failing(fault: int) -> Callable[..., None]:
    def fail(*_arguments: object) -> None:
        raise OSError(fault, os.strerror(fault))

    return fail
