"""Photos sent in pieces before their form: judged with it, the same however often it comes, and never added later."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import func, select

from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.db import db
from cps.photos import drafts, tasks
from cps.photos.models import Photo, Piece, Upload
from tests.citizen.acts import OWN, open_link, send, send_again
from tests.makers import MONDAY, a_key, a_photo
from tests.pageclient import soup_of, text_of


def a_photo_of(minutes_ago: float) -> bytes:
    exif = Image.Exif()
    taken = MONDAY - timedelta(minutes=minutes_ago)
    exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    return a_photo((80, 60), exif=exif).read()


def address(form: UUID, upload: UUID) -> str:
    return f"/reports/{form}/photos/{upload}"


def put(browser, form, data, *, upload=None, at=0, stop=None, among=(), headers=OWN):
    """Send a piece of a photo, or all of it."""
    said = {"offset": at, "size": len(data), "name": "a.jpg", "sha256": hashlib.sha256(data).hexdigest()}
    if among:
        said["among"] = ",".join(map(str, among))
    path = f"{address(form, upload or a_key())}?{urlencode(said)}"
    return browser.patch(path, data=data[at:stop], headers=headers)


def put_all(browser, form, *photos: bytes) -> list[str]:
    """Send photos whole; return their names."""
    uploads = [a_key() for _photo in photos]
    for upload, data in zip(uploads, photos, strict=True):
        assert put(browser, form, data, upload=upload).json["complete"]
    return [str(upload) for upload in uploads]


def photos() -> list[Photo]:
    db.session.rollback()
    return list(db.session.scalars(select(Photo).order_by(Photo.position, Photo.id)))


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def the_complaint() -> Complaint:
    db.session.rollback()
    return db.session.scalars(select(Complaint)).one()


def lacking() -> list[str]:
    return (
        db.session.scalars(select(Event).where(Event.complaint_id == the_complaint().id))
        .one()
        .details.get("lacking", [])
    )


def test_photos_come_in_pieces_and_the_form_is_judged_by_them(city, ana):
    form, data, upload = a_key(), a_photo_of(5), a_key()

    first = put(ana, form, data, upload=upload, stop=700)
    asked = ana.get(address(form, upload))
    last = put(ana, form, data, upload=upload, at=700)
    others = put_all(ana, form, a_photo_of(3))
    answer = send(ana, key=str(form), category="parking", uploads=[str(upload), *others])

    assert first.json == asked.json == {"offset": 700, "complete": False}
    assert last.json == {"offset": len(data), "complete": True}
    assert answer.status_code == 303
    assert the_complaint().category.code == "parking"
    assert [(p.complaint_id, p.position) for p in photos()] == [(the_complaint().id, n) for n in (0, 1)]


def test_what_they_lack_is_told_as_of_any_other(city, ana):
    form = a_key()
    uploads = put_all(ana, form, a_photo_of(1500), a_photo_of(5))

    send(ana, key=str(form), category="parking", uploads=uploads)

    complaint = the_complaint()
    open_link(ana, complaint)
    assert (complaint.category.code, lacking()) == ("other", ["fresh"])
    assert "not taken just before sending" in text_of(ana.page(f"/my/{complaint.reference}"))
    assert len(photos()) == 2


@pytest.mark.parametrize(
    ("taken_days_ago", "waited", "lacks"),
    [
        (2, 2 * 86_400, []),
        (2, "", ["fresh"]),
        (2, "-172800", ["fresh"]),
        (2, "2 days", ["fresh"]),
        (2, "1e6", ["fresh"]),
        (2, "9" * 30, ["fresh"]),
        (2, "²", ["fresh"]),
        (0, 2 * 86_400, ["fresh"]),  # taken after it was sent off
        (7, 7 * 86_400, []),
        (9, 9 * 86_400, ["fresh"]),  # no report waits longer than seven days
    ],
)
def test_they_are_judged_by_when_the_phone_says_it_was_sent_off(city, ana, taken_days_ago, waited, lacks):
    form, ago = a_key(), taken_days_ago * 24 * 60
    uploads = put_all(ana, form, a_photo_of(ago + 5), a_photo_of(ago + 3))

    send(ana, key=str(form), category="parking", uploads=uploads, waited=str(waited))

    assert lacking() == lacks
    assert the_complaint().received_at == MONDAY  # promises run from when the city has it


def test_a_form_sent_twice_at_once_is_one_report_with_its_photos(city, ana, app):
    form = a_key()
    uploads = put_all(ana, form, a_photo_of(5), a_photo_of(3))

    def send_it(_number):
        with clock.standing_at(MONDAY):
            return send(app.test_client(), key=str(form), category="parking", uploads=uploads)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send_it, range(4)))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert the_complaint().category.code == "parking"
    assert [photo.complaint_id for photo in photos()] == [the_complaint().id] * 2


def test_a_piece_and_the_form_at_once_leave_no_photo_behind(city, ana, app):
    """Whichever is first: the photo is the report's, or it was refused and the phone still has it."""
    for _round in range(5):
        form, upload, data = a_key(), a_key(), a_photo_of(4)
        known = put_all(ana, form, a_photo_of(5))
        put(ana, form, data, upload=upload, stop=700)

        def last(_number, form=form, upload=upload, data=data):
            return put(app.test_client(), form, data, upload=upload, at=700).status_code

        def filed(_number, form=form, names=(*known, str(upload))):
            return send(app.test_client(), key=str(form), uploads=names).status_code

        with ThreadPoolExecutor(2) as pool:
            status, answer = [job.result() for job in (pool.submit(last, 0), pool.submit(filed, 0))]

        assert answer == 303
        assert len(photos()) == (2 if status == 200 else 1)
        assert all(photo.complaint_id is not None for photo in photos())
        db.session.execute(Photo.__table__.delete().where(Photo.id.not_in(select(Upload.photo_id))))
        db.session.execute(Piece.__table__.delete())
        db.session.execute(Upload.__table__.delete())
        db.session.execute(Photo.__table__.delete())
        db.session.commit()


def test_a_form_that_was_filed_takes_no_more_and_says_what_had_come(city, ana):
    form, half = a_key(), a_photo_of(4)
    (whole,) = put_all(ana, form, data := a_photo_of(5))
    put(ana, form, half, upload=(upload := a_key()), stop=700)
    send(ana, key=str(form), category="parking", uploads=[whole, str(upload)])

    again = put(ana, form, data, upload=UUID(whole))
    more = put(ana, form, half, upload=upload, at=700)
    other = put(ana, form, a_photo_of(3))

    assert again.json == ana.get(address(form, UUID(whole))).json == {"offset": len(data), "complete": True}
    assert (more.status_code, other.status_code) == (410, 410)
    assert "sent already" in more.json["sentence"]
    assert len(photos()) == 1


def test_what_was_on_its_way_when_it_was_filed_goes_on_from_the_page_of_the_report(city, ana):
    form, data, upload = a_key(), a_photo_of(4), a_key()
    put(ana, form, data, upload=upload, stop=700)
    send(ana, key=str(form), uploads=[str(upload)])
    complaint = the_complaint()
    open_link(ana, complaint)
    own = f"/my/{complaint.reference}/photos/uploads/{upload}"

    assert ana.get(own).json == {"offset": 700, "complete": False}
    said = {"offset": 700, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert ana.patch(f"{own}?{urlencode(said)}", data=data[700:], headers=OWN).json["complete"]


def test_nothing_is_added_to_a_report_that_somebody_else_filed(city, ana, app):
    form = a_key()
    send(ana, key=str(form))
    stranger = app.test_client()

    answer = put(stranger, form, a_photo_of(5))

    assert answer.status_code == 410
    assert (count(Photo), count(Upload), count(Piece)) == (0, 0, 0)
    assert str(the_complaint().reference) not in answer.get_data(as_text=True)


def test_a_piece_of_one_form_is_unknown_to_another(city, ana):
    form, other, upload = a_key(), a_key(), a_key()
    put(ana, form, a_photo_of(5), upload=upload, stop=700)

    assert ana.get(address(other, upload)).json == {"offset": 0, "complete": False}


def test_a_piece_that_another_site_sends_is_refused(city, ana):
    answer = put(ana, a_key(), a_photo_of(5), headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert count(Upload) == 0


def test_a_form_takes_as_many_as_the_city_allows(city, ana):
    form = a_key()
    put_all(ana, form, *(a_photo_of(n) for n in (5, 4, 3)))

    answer = put(ana, form, a_photo_of(2))

    assert answer.status_code == 409
    assert "at most 3 photos" in answer.json["sentence"]
    assert len(photos()) == 3


def test_a_photo_that_was_taken_out_makes_room_for_another(city, ana):
    form = a_key()
    gone, *names = put_all(ana, form, *(a_photo_of(n) for n in (6, 5, 4)))
    upload = a_key()

    answer = put(ana, form, a_photo_of(3), upload=upload, among=[*names, upload])
    send(ana, key=str(form), category="parking", uploads=[*names, str(upload)])

    assert answer.json["complete"]
    assert len(photos()) == 3
    assert ana.get(address(form, UUID(gone))).json == {"offset": 0, "complete": False}
    assert lacking() == []


def test_photos_that_the_form_does_not_name_are_dropped(city, ana):
    form = a_key()
    _gone, *names = put_all(ana, form, *(a_photo_of(n) for n in (900, 5, 3)))

    send(ana, key=str(form), uploads=names)

    assert len(photos()) == 2
    assert all(photo.complaint_id is not None for photo in photos())


def test_the_same_picture_under_two_names_stays_while_one_of_them_is_named(city, ana):
    form, data = a_key(), a_photo_of(5)
    _first, second = put_all(ana, form, data, data)

    send(ana, key=str(form), uploads=[second])

    assert [photo.complaint_id for photo in photos()] == [the_complaint().id]


@pytest.mark.parametrize("among", ["x", "", ",", "a" * 3000])
def test_a_list_of_photos_that_is_none_drops_nothing(city, ana, among):
    form, data = a_key(), a_photo_of(3)
    put_all(ana, form, a_photo_of(5))

    path = f"{address(form, a_key())}?{urlencode({'offset': 0, 'size': len(data), 'among': among})}"
    assert ana.patch(path, data=data, headers=OWN).json["complete"]

    assert len(photos()) == 2


def test_a_form_that_is_shown_again_lists_them_and_sends_them_with_the_next_try(city, ana):
    form = a_key()
    names = put_all(ana, form, a_photo_of(5), a_photo_of(3))

    page = soup_of(send(ana, key=str(form), category="parking", uploads=names, landmark="x" * 201))

    listed = [field["value"] for field in page.select("[data-kept] input[name=uploads]")]
    assert sorted(listed) == sorted(names)
    assert "2 photos are kept" in text_of(page)
    assert send_again(ana, page, landmark="").status_code == 303
    assert the_complaint().category.code == "parking"
    assert len(photos()) == 2


def test_one_of_them_can_be_left_out_without_scripts(city, ana):
    form = a_key()
    names = put_all(ana, form, a_photo_of(5), a_photo_of(3))
    page = soup_of(send(ana, key=str(form), category="parking", uploads=names, landmark="x" * 201))

    send_again(ana, page, landmark="", without=page.select_one("input[name=without]")["value"])

    assert len(photos()) == 1
    assert lacking() == ["photos"]


def test_photos_begun_from_one_address_are_limited_and_pieces_are_not(city, ana):
    data, form, upload = a_photo_of(5), a_key(), a_key()
    put(ana, form, data, upload=upload, stop=10)
    for number in range(299):
        ana.patch(f"{address(form, a_key())}?offset={'0' * (number % 3 + 1)}&size=0", data=b"", headers=OWN)

    refused = put(ana, a_key(), data)
    goes_on = put(ana, form, data, upload=upload, at=10)

    assert refused.status_code == 429
    assert goes_on.json["complete"]


def test_photos_of_a_form_that_never_came_are_forgotten_after_a_week(city, ana):
    form = a_key()
    put_all(ana, form, a_photo_of(5))
    put(ana, form, a_photo_of(3), stop=700)

    with clock.standing_at(MONDAY + timedelta(days=6)):
        tasks.forget_uploads(0)
        tasks.forget_drafts(0)
        db.session.commit()
    assert (count(Upload), count(Photo)) == (2, 1)  # its report may still wait on the phone
    with clock.standing_at(MONDAY + timedelta(days=8)):
        tasks.forget_uploads(0)
        tasks.forget_drafts(0)
        db.session.commit()

    assert (count(Upload), count(Piece), count(Photo)) == (0, 0, 0)
    assert drafts.kept(form) == []


def test_a_photo_that_was_forgotten_is_sent_anew(city, ana):
    form, data, upload = a_key(), a_photo_of(5), a_key()
    put(ana, form, data, upload=upload)
    with clock.standing_at(MONDAY + timedelta(days=8)):
        tasks.forget_uploads(0)
        tasks.forget_drafts(0)
        db.session.commit()

    assert ana.get(address(form, upload)).json == {"offset": 0, "complete": False}
    assert put(ana, form, data, upload=upload).json["complete"]


def test_without_scripts_photos_go_with_the_form_as_ever(city, ana):
    files = [(BytesIO(a_photo_of(5)), "1.jpg"), (BytesIO(a_photo_of(3)), "2.jpg")]

    send(ana, category="parking", photos=files)

    assert the_complaint().category.code == "parking"
    assert count(Upload) == 0
