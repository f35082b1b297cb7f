"""What a reporter does on the own page: keep the link, add, rate, ask for a second opinion."""

from io import BytesIO

from cps.complaints import history, lifecycle, ratings
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.photos import album
from tests.citizen.acts import open_link, reply
from tests.makers import a_complaint, a_photo, an_official
from tests.pageclient import soup_of, text_of


def _add(browser, complaint, words="", photos=()):
    return browser.post(
        f"/my/{complaint.reference}/additions",
        data={"words": words, "photos": list(photos)},
        content_type="multipart/form-data",
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def test_the_link_can_be_kept_as_text_message_and_picture(city, ana):
    complaint = a_complaint()
    open_link(ana, complaint)

    page = ana.page(f"/my/{complaint.reference}?new=1")
    picture = ana.get(page.select_one("img.qr")["src"])

    assert page.select_one("a[href^='sms:']")["href"].count("/track/") == 1
    assert complaint.reference in page.select_one("a[href^='sms:']")["href"]
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert picture.data.startswith(b"<svg")


def test_the_page_weighs_less_than_20_kb_with_everything_on_it(city, ana):
    for _ in range(4):
        a_complaint()
    complaint = a_complaint()
    open_link(ana, complaint)

    answer = ana.get(f"/my/{complaint.reference}?new=1")

    assert soup_of(answer).select(".near li")
    assert len(answer.data) < 20_000


def test_words_and_photos_are_added_until_it_is_closed(city, ana):
    complaint = a_complaint()
    open_link(ana, complaint)

    answer = _add(ana, complaint, "It is the third lamp.", [(a_photo(), "lamp.jpg")])

    last = history.of(complaint)[-1]
    assert answer.status_code == 303
    assert (last.kind, last.note, last.details) == (EventKind.ADDED, "It is the third lamp.", {"photos": 1})
    assert len(album.of(complaint.id)) == 1
    assert "It is the third lamp." in text_of(ana.page(f"/my/{complaint.reference}"))
    assert "It is the third lamp." not in text_of(ana.page(f"/complaints/{complaint.reference}"))


def test_an_addition_sent_twice_is_one(city, ana):
    complaint = a_complaint()
    open_link(ana, complaint)
    photo = a_photo().getvalue()

    for _ in range(2):
        _add(ana, complaint, "", [(BytesIO(photo), "lamp.jpg")])
        _add(ana, complaint, "Third lamp.")
        _add(ana, complaint, "Third lamp.")

    kinds = [event.kind for event in history.of(complaint)]
    assert len(album.of(complaint.id)) == 1
    assert kinds.count(EventKind.ADDED) == 2


def test_an_empty_addition_or_no_photo_is_refused_and_the_words_are_kept(city, ana):
    complaint = a_complaint()
    open_link(ana, complaint)

    empty = _add(ana, complaint)
    no_photo = _add(ana, complaint, "Third lamp.", [(BytesIO(b"not a photo"), "lamp.jpg")])

    assert empty.status_code == 422
    assert no_photo.status_code == 409
    assert "Third lamp." in soup_of(no_photo).find("textarea", id="additions").get_text()
    assert len(history.of(complaint)) == 1


def test_nothing_is_added_to_what_is_closed(city, ana):
    complaint = a_complaint(Status.RESOLVED)
    open_link(ana, complaint)

    answer = _add(ana, complaint, "Still dark.")

    assert answer.status_code == 409
    assert "Still dark." in text_of(answer)


def test_one_tap_rates_and_the_reason_comes_after(city, ana):
    complaint = a_complaint(Status.RESOLVED)
    open_link(ana, complaint)
    page = ana.page(f"/my/{complaint.reference}")

    ana.post(
        f"/my/{complaint.reference}/ratings", data={"score": "5"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    rated = ana.page(f"/my/{complaint.reference}")
    ana.post(
        f"/my/{complaint.reference}/ratings",
        data={"score": "5", "words": "Quick."},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    found = ratings.latest(history.of(complaint))
    assert [button["value"] for button in page.select(".face")] == ["5", "3", "1"]
    assert page.find("textarea", id="ratings") is None
    assert rated.find("textarea", id="ratings") is not None
    assert "Confirmed 7 January 2030" in text_of(rated.select(".step")[-1])
    assert (found.score, found.words) == (5, "Quick.")
    assert "Quick." not in text_of(ana.page(f"/complaints/{complaint.reference}"))


def test_a_bad_rating_opens_the_way_to_reopen_and_confirms_nothing(city, ana):
    complaint = a_complaint(Status.RESOLVED)
    open_link(ana, complaint)

    ana.post(
        f"/my/{complaint.reference}/ratings", data={"score": "1"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    page = ana.page(f"/my/{complaint.reference}")

    opened = page.select("details[open] > summary")
    assert "Not fixed? Reopen" in [text_of(summary) for summary in opened]
    assert text_of(page.select(".step")[-1]) == "Confirmed"


def test_the_citizen_reads_that_somebody_else_looks_the_second_time(city, ana):
    bo = an_official()
    complaint = a_complaint(Status.RESOLVED, by=bo)
    open_link(ana, complaint)
    reply(ana, complaint, "reopenings", "Still dark.")
    db.session.expire_all()
    lifecycle.resolve(complaint, by=bo, result="Done.")
    db.session.commit()

    reply(ana, complaint, "reopenings", "Still dark!")

    assert "somebody else looks at it" in text_of(ana.page(f"/my/{complaint.reference}"))
