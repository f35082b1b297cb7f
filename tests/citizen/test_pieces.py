"""A phone sends its photos after the text: only its own report's, from wherever it was cut off, told clearly why not."""

import hashlib
from io import BytesIO
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from cps.complaints import lifecycle
from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.photos import album
from cps.photos.models import Photo
from tests.citizen.acts import OWN, open_link
from tests.makers import a_complaint, a_key, a_photo, a_report_form
from tests.pageclient import text_of

DATA = a_photo((60, 40)).read()
JSON = {**OWN, "Accept": "application/json"}


class _Connection:
    """What the server hands on of a connection, as far as it is used."""

    def __init__(self) -> None:
        self.patience: float | None = None

    def settimeout(self, seconds: float) -> None:
        self.patience = seconds


@pytest.fixture
def complaint(city, ana) -> Complaint:
    complaint = a_complaint()
    open_link(ana, complaint)
    return complaint


def address(complaint: Complaint, key: object) -> str:
    return f"/my/{complaint.reference}/photos/uploads/{key}"


def send(browser, complaint, key, piece, *, at=0, headers=OWN, **changes):
    said = {
        "offset": at,
        "size": len(DATA),
        "name": "a.jpg",
        "sha256": hashlib.sha256(DATA).hexdigest(),
        **changes,
    }
    return browser.patch(f"{address(complaint, key)}?{urlencode(said)}", data=piece, headers=headers)


def photos() -> list[Photo]:
    db.session.rollback()
    return list(db.session.scalars(select(Photo)))


def test_piece_after_piece_until_the_photo_is_there(ana, complaint):
    key = a_key()

    before = ana.get(address(complaint, key))
    first = send(ana, complaint, key, DATA[:500])
    asked = ana.get(address(complaint, key))
    last = send(ana, complaint, key, DATA[500:], at=500)

    assert before.json == {"offset": 0, "complete": False}
    assert first.json == asked.json == {"offset": 500, "complete": False}
    assert last.json == {"offset": len(DATA), "complete": True}
    assert [(photo.complaint_id, photo.original_size) for photo in photos()] == [(complaint.id, len(DATA))]
    assert "Photo still being read" in text_of(ana.page(f"/my/{complaint.reference}").select_one(".photos"))


def test_a_piece_that_was_cut_short_counts_as_far_as_it_came(ana, complaint):
    key = a_key()

    class Cut(BytesIO):
        def read(self, size=-1):
            if piece := super().read(size):
                return piece
            raise ConnectionResetError

    path = f"{address(complaint, key)}?{urlencode({'offset': 0, 'size': len(DATA)})}"
    ana.patch(path, input_stream=Cut(DATA[:700]), headers={**OWN, "Content-Length": str(len(DATA))})

    assert ana.get(address(complaint, key)).json == {"offset": 700, "complete": False}


def test_what_was_sent_again_is_told(ana, complaint):
    key = a_key()
    send(ana, complaint, key, DATA[:500])

    answer = send(ana, complaint, key, DATA[400:700], at=400)

    assert answer.json == {"offset": 700, "complete": False, "again": True}


def test_a_phone_that_went_out_of_reach_is_not_waited_for(ana, complaint):
    path = f"{address(complaint, a_key())}?{urlencode({'offset': 0, 'size': len(DATA)})}"
    ana.patch(
        path, data=DATA, headers=OWN, environ_overrides={"gunicorn.socket": (connection := _Connection())}
    )

    assert connection.patience == 30


@pytest.mark.parametrize("method", ["get", "patch"])
def test_nobody_else_may_ask_or_add(app, ana, complaint, method):
    stranger, other = app.test_client(), a_complaint()
    key = a_key()
    open_link(stranger, other)

    path = f"{address(complaint, key)}?offset=0&size={len(DATA)}"
    answer = getattr(stranger, method)(path, **({"data": DATA, "headers": OWN} if method == "patch" else {}))

    assert answer.status_code == 404
    assert photos() == []


def test_a_piece_that_another_site_sends_is_refused(ana, complaint):
    answer = send(ana, complaint, a_key(), DATA, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert photos() == []


def test_what_is_no_photo_is_told_in_a_sentence(ana, complaint):
    answer = send(ana, complaint, a_key(), b"<svg/>" * 100)

    assert answer.status_code == 409
    assert "could not open this photo" in answer.json["sentence"]


def test_a_refused_photo_does_not_stand_in_the_way_of_others(ana, complaint):
    bad = b"<svg/>" * 100
    for _ in range(3):
        key = a_key()
        send(ana, complaint, key, bad[:10], size=len(bad), sha256="")
        send(ana, complaint, key, bad[10:], at=10, size=len(bad), sha256="")

    assert send(ana, complaint, a_key(), DATA).json["complete"]


def test_a_report_that_was_closed_meanwhile_says_so_and_keeps_what_had_come(ana, complaint):
    key = a_key()
    send(ana, complaint, key, DATA[:500])
    lifecycle.withdraw(db.session.get(Complaint, complaint.id))
    db.session.commit()

    answer = send(ana, complaint, key, DATA[500:], at=500)

    assert answer.status_code == 409
    assert answer.json["sentence"] == "This report is closed and takes no more photos."
    assert ana.get(address(complaint, key)).json["offset"] == 500


def test_a_full_storage_is_told_as_something_that_passes_and_loses_nothing(ana, complaint, monkeypatch):
    key = a_key()
    send(ana, complaint, key, DATA[:500])

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.write", full)
        answer = send(ana, complaint, key, DATA[500:], at=500)
    later = send(ana, complaint, key, DATA[500:], at=500)

    assert answer.status_code == 507
    assert "stays on this phone" in answer.json["sentence"]
    assert later.json["complete"]


def test_sentences_speak_the_language_of_the_page(ana, complaint):
    ana.set_cookie("language", "vi")

    answer = send(ana, complaint, a_key(), b"<svg/>" * 100)

    assert "ảnh" in answer.json["sentence"]


def test_a_photo_that_is_too_large_is_named(ana, complaint):
    answer = send(ana, complaint, a_key(), DATA[:500], size=12_000_001, name="IMG_1.jpg")

    assert answer.status_code == 409
    assert "IMG_1.jpg" in answer.json["sentence"]


@pytest.mark.parametrize(
    "wrong",
    [{"offset": "-1"}, {"offset": "x"}, {"size": ""}, {"size": "1e3"}, {"offset": "9" * 30}, {"size": "²"}],
)
def test_figures_that_are_none_are_refused(ana, complaint, wrong):
    assert send(ana, complaint, a_key(), DATA, **wrong).status_code == 400


def test_a_piece_is_never_larger_than_a_piece(ana, complaint):
    assert send(ana, complaint, a_key(), b"x" * (256 * 1024 + 1)).status_code == 413


def test_a_hash_that_is_none_is_passed_over(ana, complaint):
    assert send(ana, complaint, a_key(), DATA, sha256="'; DROP TABLE photo --").json["complete"]


def test_a_name_that_is_no_uuid_is_unknown(ana, complaint):
    assert ana.get(address(complaint, "../../etc/passwd")).status_code == 404


def test_a_photo_of_no_bytes_is_no_photo(ana, complaint):
    answer = send(ana, complaint, a_key(), b"", size=0, sha256="")

    assert answer.json == {"offset": 0, "complete": False}
    assert photos() == []


def test_the_tracking_page_knows_where_photos_go(ana, complaint):
    page = ana.page(f"/my/{complaint.reference}")

    following = page.select_one("[data-behaviour=following]")
    assert following["data-form"] == str(complaint.submission_key)
    assert following["data-address"] == f"/my/{complaint.reference}/photos/uploads/"
    assert following.has_attr("hidden")


def test_nobody_else_reads_the_key_of_the_form(client, complaint):
    assert str(complaint.submission_key) not in client.get(f"/complaints/{complaint.reference}").text


def test_a_script_is_told_the_address_of_the_report(city, ana):
    form = a_report_form()

    first = ana.post("/complaints", data=form, headers=JSON)
    again = ana.post("/complaints", data=form, headers=JSON)

    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert ana.get(first.json["address"]).location.endswith("?new=1")


def test_a_script_is_told_what_is_wrong_by_field(city, ana):
    answer = ana.post("/complaints", data=a_report_form(category="", landmark="x" * 201), headers=JSON)

    assert answer.status_code == 422
    assert set(answer.json["faults"]) == {"category", "landmark"}
    assert answer.json["faults"]["category"] == "Choose what the problem is."


def test_a_browser_that_takes_anything_is_shown_the_page(city, ana):
    answer = ana.post("/complaints", data=a_report_form(), headers={**OWN, "Accept": "text/html,*/*;q=0.8"})

    assert answer.status_code == 303


def test_bytes_are_in_the_storage_when_their_arrival_is_told(ana, complaint):
    send(ana, complaint, a_key(), DATA)

    (photo,) = photos()
    with album.storage().open(photo.original) as kept:
        assert kept.read() == DATA
