"""Photos at the desk: the one that shows the work done, and who may see any of them."""

from io import BytesIO

from sqlalchemy import select

from cps.complaints.status import Status
from cps.kernel.db import db
from cps.photos import album
from cps.photos.develop import develop
from cps.photos.models import Photo, Purpose
from tests.makers import DRAINAGE, a_complaint, a_photo, an_official
from tests.pageclient import soup_of


def a_developed_photo(complaint):
    photo = album.keep_after(a_photo(), filename="lamp.jpg", complaint_id=complaint.id)
    develop(photo, storage=album.storage())
    db.session.commit()
    return photo


def resolve(browser, complaint, **fields):
    page = browser.page(f"/desk/complaints/{complaint.reference}")
    return browser.submit(page, "/resolutions", **fields)


def test_a_resolution_brings_its_photo(city, signed_in):
    complaint = a_complaint()

    answer = resolve(signed_in(an_official()), complaint, result="Done.", photo=(a_photo(), "after.jpg"))

    assert answer.status_code == 303
    kept = db.session.scalars(select(Photo)).one()
    assert (kept.complaint_id, kept.purpose) == (complaint.id, Purpose.AFTER)
    assert album.storage().has(kept.original)


def test_a_file_that_is_no_photo_leaves_everything_as_it_was(city, signed_in):
    complaint = a_complaint()

    answer = resolve(
        signed_in(an_official()),
        complaint,
        result="We changed the lamp.",
        photo=(BytesIO(b"<svg/>"), "after.jpg"),
    )

    page = soup_of(answer)
    assert answer.status_code == 422
    assert page.select_one("#resolutions-photo")["aria-invalid"] == "true"
    assert page.select_one("#resolutions-result").get_text() == "We changed the lamp."
    db.session.rollback()
    db.session.refresh(complaint)
    assert complaint.status is Status.RECEIVED


def test_no_photo_is_kept_with_a_resolution_that_is_refused(city, signed_in):
    complaint = a_complaint()

    answer = resolve(signed_in(an_official()), complaint, result="", photo=(a_photo(), "after.jpg"))

    assert answer.status_code == 422
    assert db.session.scalars(select(Photo)).all() == []


def test_photos_are_shown_to_who_may_read_the_report(city, signed_in):
    complaint = a_complaint()
    photo = a_developed_photo(complaint)
    browser = signed_in(an_official())

    page = browser.page(f"/desk/complaints/{complaint.reference}")
    small = browser.get(page.select_one(".photos img")["src"])
    large = browser.get(page.select_one(".photos a")["href"])

    assert (small.status_code, small.mimetype) == (200, "image/jpeg")
    assert (large.status_code, large.mimetype) == (200, "image/jpeg")
    assert small.data != large.data
    assert small.headers["Cache-Control"] == "private, no-store"
    assert photo.original not in str(page)


def test_a_private_reports_photo_is_not_there_for_another_department(city, signed_in):
    complaint = a_complaint()
    photo = a_developed_photo(complaint)
    browser = signed_in(an_official("Chi", department=DRAINAGE))

    public = browser.get(f"/desk/photos/{photo.key}/large")
    complaint.is_public = False
    db.session.commit()
    private = browser.get(f"/desk/photos/{photo.key}/large")

    assert (public.status_code, private.status_code) == (200, 404)


def test_what_was_handed_in_is_never_served(city, signed_in):
    complaint = a_complaint()
    photo = album.keep_after(a_photo(), filename="lamp.jpg", complaint_id=complaint.id)
    db.session.commit()
    browser = signed_in(an_official())

    answers = [browser.get(f"/desk/photos/{photo.key}/{size}") for size in ("small", "large", "original")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_an_unknown_photo_is_not_found(city, signed_in):
    assert signed_in(an_official()).get("/desk/photos/nothing/small").status_code == 404
