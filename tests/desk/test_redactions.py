"""Covering parts of a photo at the desk: what everybody is served changes, and who did it is written down."""

import pytest

from cps.complaints import history
from cps.complaints.kinds import EventKind
from cps.kernel.db import db
from cps.photos import album
from cps.photos.models import Photo, State
from tests.desk.reports import as_it_is, screen_of
from tests.makers import DRAINAGE, a_complaint, a_photo, an_official
from tests.pageclient import text_of


@pytest.fixture
def shown(city):
    """A public report with one photo."""
    complaint = a_complaint()
    blob = album.storage().put(a_photo((640, 480)).getvalue())
    photo = Photo(
        complaint_id=complaint.id,
        original="0" * 64,
        original_size=1,
        state=State.READY,
        large=blob,
        small=blob,
        width=640,
        height=480,
    )
    db.session.add(photo)
    db.session.commit()
    return complaint, photo


def covered(signed_in, complaint, photo, *fields):
    browser = signed_in(an_official())
    page = browser.page(f"{screen_of(complaint)}/photos/{photo.key}/redactions")
    answer = browser.submit(page, "/redactions", field=[str(field) for field in fields])
    return browser, answer


def test_it_is_covered_for_everybody_and_the_history_says_who_did_it(shown, signed_in, client):
    complaint, photo = shown
    old_key, whole = photo.key, client.get(f"/photos/{photo.key}/large").data

    _browser, answer = covered(signed_in, complaint, photo, 0, 1, 32)
    as_it_is(photo)

    assert answer.status_code == 303
    assert client.get(f"/photos/{old_key}/large").status_code == 404
    assert client.get(f"/photos/{photo.key}/large").data != whole
    event = history.of(as_it_is(complaint))[-1]
    assert (event.kind, event.by.name, event.is_internal) == (EventKind.COVERED, "Bo", True)


def test_who_may_cover_it_still_sees_it_whole_with_the_marks_and_nobody_else_does(shown, signed_in, client):
    complaint, photo = shown
    whole = client.get(f"/photos/{photo.key}/large").data
    browser, _answer = covered(signed_in, complaint, photo, 3, 700)
    as_it_is(photo)
    clear = f"{screen_of(complaint)}/photos/{photo.key}/clear"

    page = browser.page(f"{screen_of(complaint)}/photos/{photo.key}/redactions")
    chi = signed_in(an_official("Chi", department=DRAINAGE))

    assert [box["value"] for box in page.select(".brush-fields input[checked]")] == ["3", "700"]
    assert browser.get(clear).data == whole
    assert chi.get(clear).status_code == 404
    assert client.get(clear).status_code == 303


def test_covering_is_undone_with_one_button(shown, signed_in, client):
    complaint, photo = shown
    whole = client.get(f"/photos/{photo.key}/large").data
    browser, _answer = covered(signed_in, complaint, photo, 3)
    as_it_is(photo)
    page = browser.page(f"{screen_of(complaint)}/photos/{photo.key}/redactions")

    answer = browser.submit(page, "/redactions/end")
    as_it_is(photo)

    assert answer.status_code == 303
    assert client.get(f"/photos/{photo.key}/large").data == whole
    assert history.of(as_it_is(complaint))[-1].kind is EventKind.UNCOVERED


def test_marking_nothing_is_said(shown, signed_in):
    complaint, photo = shown

    _browser, answer = covered(signed_in, complaint, photo)

    assert answer.status_code == 422
    assert "Mark what nobody should see." in text_of(answer)
    assert as_it_is(photo).covered is None


def test_a_photo_of_another_report_is_not_found_under_this_one(shown, signed_in):
    _complaint, photo = shown
    other = a_complaint()

    answer = signed_in(an_official()).get(f"{screen_of(other)}/photos/{photo.key}/redactions")

    assert answer.status_code == 404
