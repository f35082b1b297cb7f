"""What comes of a visit: the verbs of the desk, an internal note, photos, and each form once."""

from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from cps.city.asking import CategoryAsks
from cps.city.queries import in_force
from cps.complaints import history, lifecycle
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.photos import album, drafts
from cps.photos.models import Photo, Purpose
from tests.desk.reports import as_it_is
from tests.makers import (
    DRAINAGE,
    HOAN_KIEM,
    a_complaint,
    a_department,
    a_key,
    a_photo,
    an_official,
)
from tests.pageclient import soup_of, text_of
from tests.rounds import at

FORMS = {
    "done": {"result": "We changed the lamp."},
    "absent": {"note": "Only a pole."},
    "elsewhere": {"department": DRAINAGE, "reason": "It is a drain."},
}
ASKS_JSON = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def report(bo):
    return a_complaint(Status.ASSIGNED, by=bo)


@pytest.fixture
def proving(city, monkeypatch):
    """The city wants to see how a street lamp looks afterwards."""
    asks = in_force().profile.asks
    seen = {**asks.categories, "street-light": replace(asks.of("street-light"), shows_result=True)}
    monkeypatch.setattr(type(asks), "of", lambda _self, code: seen.get(code, CategoryAsks()))


def address(complaint, outcome):
    return f"/desk/field/{complaint.reference}/{outcome}"


def give(browser, complaint, outcome, **changes):
    """Open the form of an outcome, fill it in and send it."""
    page = browser.page(address(complaint, outcome))
    return browser.submit(page, f"/{outcome}", **{**FORMS[outcome], **changes})


def sent(browser, complaint, outcome, **changes):
    """Send an outcome as a script does."""
    token = browser.get("/desk/field/session").get_json()["token"]
    fields = {"csrf_token": token, "version": complaint.version, **FORMS[outcome], **changes}
    return browser.post(address(complaint, outcome), data=fields, headers=ASKS_JSON)


def kinds(complaint):
    return [event.kind for event in history.of(as_it_is(complaint))][2:]


@pytest.mark.parametrize(
    ("outcome", "status", "expected"),
    [
        ("done", Status.RESOLVED, [EventKind.NOTED, EventKind.RESOLVED]),
        ("absent", Status.ASSIGNED, [EventKind.NOTED]),
        ("elsewhere", Status.RECEIVED, [EventKind.NOTED, EventKind.TRANSFERRED]),
    ],
)
def test_each_outcome_does_its_verb_and_leaves_an_internal_note(
    bo, report, signed_in, outcome, status, expected
):
    answer = give(signed_in(bo), report, outcome)

    assert (answer.status_code, answer.location) == (303, f"/desk/field?done={report.reference}")
    assert kinds(report) == expected
    assert report.status is status
    note = history.of(report)[2]
    assert note.is_internal
    assert note.department_id == a_department().id
    if outcome == "elsewhere":
        assert report.department_id == a_department(DRAINAGE).id


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("done", "Done 33 m from the place."),
        ("absent", "Not found; looked for 33 m from the place.\nOnly a pole."),
        ("elsewhere", "Another department's, as seen 33 m from the place."),
    ],
)
def test_the_note_says_how_far_from_the_place_and_not_where(bo, report, signed_in, outcome, words):
    stood = f"{HOAN_KIEM.latitude + 0.0003}, {HOAN_KIEM.longitude}"

    give(signed_in(bo), report, outcome, stood=stood)

    note = history.of(as_it_is(report))[2]
    assert note.note == words
    assert note.details["metres"] == 33
    assert "21.02" not in str(note.details) + note.note


@pytest.mark.parametrize(
    ("waited", "line"),
    [
        ("7260", "\nWritten on the phone on 7 January 2030 at 9:59 am, sent when there was a network."),
        ("600", "\nWritten on the phone on 7 January 2030 at 11:50 am, sent when there was a network."),
        ("599", ""),
        (
            "999999999",
            "\nWritten on the phone on 31 December 2029 at 12:00 pm, sent when there was a network.",
        ),
        ("-7260", ""),
        ("long", ""),
    ],
)
def test_the_note_says_when_an_outcome_was_written_that_a_phone_kept(bo, report, signed_in, waited, line):
    desk = signed_in(bo)

    with clock.standing_at(at(7, 12)):
        sent(desk, report, "done", waited=waited)

    note = history.of(as_it_is(report))[2]
    assert note.note == "Done on site; how far from the place is not known." + line
    assert ("given_at" in note.details) is bool(line)
    assert note.at == at(7, 12)  # history says when the city heard of it


@pytest.mark.parametrize("stood", ["", "here", "999, 999"])
def test_who_does_not_say_where_they_are_is_not_refused(bo, report, signed_in, stood):
    answer = give(signed_in(bo), report, "done", stood=stood)

    assert answer.status_code == 303
    assert history.of(as_it_is(report))[2].note == "Done on site; how far from the place is not known."


def test_far_away_is_written_down_and_no_reason_to_refuse(bo, report, signed_in):
    answer = give(signed_in(bo), report, "done", stood=f"{HOAN_KIEM.latitude + 0.01}, {HOAN_KIEM.longitude}")

    assert answer.status_code == 303
    assert history.of(as_it_is(report))[2].note == "Done 1,107 m from the place."


@pytest.mark.parametrize("outcome", FORMS)
def test_the_same_form_sent_twice_is_done_once(bo, report, signed_in, outcome):
    browser, key = signed_in(bo), str(a_key())

    first, second = (sent(browser, report, outcome, key=key) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json()["reference"] == second.get_json()["reference"] == report.reference
    assert kinds(report).count(EventKind.NOTED) == 1
    assert len(kinds(report)) <= 2


def test_a_second_sending_with_its_photo_leaves_no_other_photo(bo, report, signed_in):
    browser, key, picture = signed_in(bo), str(a_key()), a_photo().getvalue()

    for _ in range(2):
        sent(browser, report, "done", key=key, photo=(BytesIO(picture), "lamp.jpg"))

    assert len(db.session.scalars(select(Photo)).all()) == 1


def test_a_key_of_somebody_else_takes_nobodys_place(bo, report, signed_in):
    key = str(a_key())
    sent(signed_in(an_official("Eve")), report, "absent", key=key)

    answer = sent(signed_in(bo), as_it_is(report), "absent", key=key)

    assert answer.status_code == 201
    assert kinds(report) == [EventKind.NOTED, EventKind.NOTED]


def test_a_photo_comes_along_as_how_the_place_looks_now(bo, report, signed_in):
    give(signed_in(bo), report, "done", photo=(a_photo(), "lamp.jpg"))

    [photo] = album.of(as_it_is(report).id)
    assert photo.purpose is Purpose.AFTER
    assert album.is_out(photo)


def test_a_photo_of_what_was_not_found_is_for_officials_alone(bo, report, signed_in, client):
    give(signed_in(bo), report, "absent", photo=(a_photo(), "pole.jpg"))

    [photo] = album.of(as_it_is(report).id)
    photo.small = photo.large = "0" * 64
    db.session.commit()
    assert photo.purpose is Purpose.ABSENT
    assert album.of(report.id, for_everybody=True) == []
    assert album.of_reporter(report.id) == []
    assert album.first_of([report.id]) == {}
    assert client.get(f"/photos/{photo.key}/small").status_code == 404
    page = signed_in(bo).page(f"/desk/complaints/{report.reference}")
    assert text_of(page.select_one(".photo-absent")) == "Not found"


def test_where_the_city_wants_to_see_the_result_nothing_is_done_without_a_photo(
    bo, report, signed_in, proving
):
    browser = signed_in(bo)

    answer = give(browser, report, "done")

    page = soup_of(answer)
    assert answer.status_code == 422
    assert "needs a photo of the place" in text_of(page.select_one("#resolutions-photo-fault"))
    assert page.select_one("#resolutions-result").get_text() == "We changed the lamp."
    assert kinds(report) == []

    assert browser.submit(page, "/done", photo=(a_photo(), "lamp.jpg")).status_code == 303
    assert as_it_is(report).status is Status.RESOLVED


def test_at_the_desk_the_same_photo_is_wanted(bo, report, signed_in, proving):
    browser = signed_in(bo)
    screen = f"/desk/complaints/{report.reference}"

    without = browser.submit(browser.page(screen), "/resolutions", result="Changed.")
    with_it = browser.submit(soup_of(without), "/resolutions", photo=(a_photo(), "lamp.jpg"))

    assert (without.status_code, with_it.status_code) == (422, 303)


def test_a_photo_that_came_with_a_refused_form_is_not_taken_again(bo, report, signed_in, proving):
    browser = signed_in(bo)

    refused = give(browser, report, "done", result=" ", photo=(a_photo(), "lamp.jpg"))

    page = soup_of(refused)
    assert refused.status_code == 422
    assert "The photo is kept." in text_of(page)
    assert browser.submit(page, "/done", result="We changed it.").status_code == 303
    assert [photo.purpose for photo in album.of(as_it_is(report).id)] == [Purpose.AFTER]


def test_what_is_no_photo_is_said_and_the_words_are_kept(bo, report, signed_in):
    answer = give(signed_in(bo), report, "done", photo=(BytesIO(b"no picture"), "lamp.jpg"))

    page = soup_of(answer)
    assert answer.status_code == 422
    assert page.select_one("#resolutions-photo-fault")
    assert page.select_one("#resolutions-result").get_text() == "We changed the lamp."
    assert kinds(report) == []


@pytest.mark.parametrize(
    ("outcome", "typed", "field"),
    [
        ("done", {"result": ""}, "resolutions-result"),
        ("done", {"result": "Call 0912 345 678."}, "resolutions-result"),
        ("elsewhere", {"reason": ""}, "transfers-reason"),
        ("elsewhere", {"department": "moon"}, "transfers-department"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(bo, report, signed_in, outcome, typed, field):
    answer = give(signed_in(bo), report, outcome, **typed)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert page.select_one(f"#{field}")["aria-invalid"] == "true"
    assert kinds(report) == []


def test_a_phone_number_goes_out_for_who_says_so_once_more(bo, report, signed_in):
    browser = signed_in(bo)

    page = soup_of(give(browser, report, "done", result="Call 0912 345 678."))

    assert browser.submit(page, "/done", sure="yes").status_code == 303


@pytest.mark.parametrize("outcome", FORMS)
def test_whoever_comes_second_sees_what_changed_and_what_they_wrote_stays(bo, report, signed_in, outcome):
    browser = signed_in(bo)
    page = browser.page(address(report, outcome))
    lifecycle.note(report, by=an_official("Eve"), words="I am on my way.")
    db.session.commit()

    stale = browser.submit(page, f"/{outcome}", **FORMS[outcome])

    shown = soup_of(stale)
    assert stale.status_code == 409
    assert "I am on my way." in text_of(shown.select_one(".attempt"))
    assert browser.submit(shown, f"/{outcome}").status_code == 303
    words = [value for name, value in FORMS[outcome].items() if name != "department"]
    assert words[0] in history.of(as_it_is(report))[-1].note


def test_a_script_is_told_what_changed_and_at_which_version_to_try_again(bo, report, signed_in):
    browser, old, key = signed_in(bo), report.version, str(a_key())
    lifecycle.note(report, by=an_official("Eve"), words="I am on my way.")
    db.session.commit()

    stale = sent(browser, report, "done", key=key, version=old)

    told = stale.get_json()
    assert stale.status_code == 409
    assert "I am on my way." in told["html"]
    assert "Somebody changed this report" in told["sentence"]
    again = sent(browser, report, "done", key=key, version=told["version"])
    assert again.status_code == 201
    assert kinds(report) == [EventKind.NOTED, EventKind.NOTED, EventKind.RESOLVED]


def test_a_script_is_told_the_faults_by_field(bo, report, signed_in):
    answer = sent(signed_in(bo), report, "done", result="")

    assert answer.status_code == 422
    assert set(answer.get_json()["faults"]) == {"result"}


def test_a_photo_that_came_in_pieces_before_is_the_outcomes(bo, report, signed_in):
    browser, key, upload = signed_in(bo), str(a_key()), str(a_key())
    picture = a_photo((200, 150)).getvalue()
    query = {"offset": 0, "size": len(picture), "name": "lamp.jpg", "among": upload}
    taken = browser.patch(f"/reports/{key}/photos/{upload}", data=picture, query_string=query)
    assert taken.get_json()["complete"]

    answer = sent(browser, report, "done", key=key, uploads=upload, waited="60")

    assert answer.status_code == 201
    assert [photo.purpose for photo in album.of(as_it_is(report).id)] == [Purpose.AFTER]
    assert drafts.kept(key) == []


@pytest.mark.parametrize("outcome", FORMS)
def test_another_department_gives_no_outcome(bo, report, signed_in, outcome):
    chi = signed_in(an_official("Chi", department=DRAINAGE))

    assert chi.get(address(report, outcome)).status_code == 404
    assert sent(chi, report, outcome).status_code == 409
    assert kinds(report) == []


def test_what_is_closed_meanwhile_is_said_with_what_was_written(bo, report, signed_in):
    browser = signed_in(bo)
    page = browser.page(address(report, "done"))
    lifecycle.resolve(report, by=an_official("Eve"), result="I was faster.")
    db.session.commit()

    answer = browser.submit(page, "/done", **FORMS["done"])

    assert answer.status_code == 409
    assert "I was faster." in text_of(answer)
    assert "We changed the lamp." in text_of(answer)


def test_the_way_back_leads_to_the_list_as_it_was(bo, report, signed_in):
    browser = signed_in(bo)
    page = browser.page(address(report, "absent"), query_string={"from": "21.03, 105.85"})

    answer = browser.submit(page, "/absent")

    assert answer.location == f"/desk/field?from=21.03,+105.85&done={report.reference}"
    told = browser.page(answer.location).select_one("[role=status]")
    assert report.reference in text_of(told)


def test_an_outcome_that_does_not_exist_is_no_page(bo, report, signed_in):
    assert signed_in(bo).get(address(report, "lunch")).status_code == 404


@pytest.mark.parametrize(("north", "told"), [(0.001, "this is sent along"), (0.002, "the right one")])
def test_from_150_metres_on_it_is_asked_whether_this_is_the_right_report(bo, report, signed_in, north, told):
    stood = f"{HOAN_KIEM.latitude + north}, {HOAN_KIEM.longitude}"

    page = signed_in(bo).page(address(report, "done"), query_string={"from": stood})

    assert told in text_of(page.select_one("form.card"))
    assert page.select_one("[name=stood]")["value"] == stood
