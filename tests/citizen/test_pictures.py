"""Pictures for citizens: re-encoded ones only, for everybody or for the reporter."""

import pytest

from cps.photos import album
from cps.photos.models import State
from tests.citizen.acts import a_shown_photo, open_link
from tests.makers import a_complaint, a_photo


def test_a_public_picture_may_be_kept_by_every_cache(city, ana):
    photo = a_shown_photo(a_complaint())

    answer = ana.get(f"/photos/{photo.key}/large")

    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == "inline; filename=photo.jpg"


def test_a_picture_that_is_known_is_not_sent_again(city, ana):
    photo = a_shown_photo(a_complaint())
    first = ana.get(f"/photos/{photo.key}/small")

    again = ana.get(f"/photos/{photo.key}/small", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.data == b""


def test_the_original_is_never_served(city, ana):
    photo = a_shown_photo(a_complaint())
    with album.storage().open(photo.original) as original:
        taken = original.read()

    answers = [ana.get(f"/photos/{photo.key}/{size}") for size in ("small", "large")]

    assert all(answer.data != taken for answer in answers)
    assert ana.get(f"/photos/{photo.key}/original").status_code == 404
    assert ana.get(f"/photos/{photo.original}/large").status_code == 404


def test_a_private_reports_picture_is_for_its_reporter_alone(city, ana):
    complaint = a_complaint(category="noise")
    photo = a_shown_photo(complaint)
    own = f"/my/{complaint.reference}/photos/{photo.key}/large"

    stranger = ana.get(own)
    open_link(ana, complaint)
    reporter = ana.get(own)

    assert ana.get(f"/photos/{photo.key}/large").status_code == 404
    assert (stranger.status_code, reporter.status_code) == (404, 200)
    assert reporter.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_ones_own_report_shows_no_picture_of_anothers(city, ana):
    mine, other = a_complaint(), a_complaint(category="noise")
    photo = a_shown_photo(other)
    open_link(ana, mine)

    answer = ana.get(f"/my/{mine.reference}/photos/{photo.key}/large")

    assert answer.status_code == 404


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_picture_that_is_not_developed_is_not_there(city, ana, size):
    photo = album.keep_after(a_photo((60, 40)), filename="a.jpg", complaint_id=a_complaint().id)
    city.extensions["sqlalchemy"].session.commit()

    assert photo.state is State.WAITING
    assert ana.get(f"/photos/{photo.key}/{size}").status_code == 404
