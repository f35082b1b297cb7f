"""What goes out is looked at first: its length, and whether it gives somebody away."""

import pytest

from cps.complaints.status import Status
from cps.desk import wording
from cps.kernel.db import db
from tests.desk.reports import screen_of
from tests.makers import a_complaint, an_official
from tests.pageclient import soup_of, text_of


@pytest.mark.parametrize(
    "text",
    [
        "Call 0912 345 678.",
        "+84 91-234-56-78",
        "Anh Nam (0912345678) báo.",
        "९८४१२३४५६७",
        "Write to ana@citizen.example",
    ],
)
def test_a_phone_number_or_an_address_is_noticed(city, text):
    assert wording.has_contact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Call 1022.",
        "On 7 January 2030 at 09:30 we changed 12 lamps.",
        "2030-01-07, 07/01/2030",
        "Report 7K3M-9QAZ, decision 123/QĐ-UBND",
        "Lamp 21.02871, 105.85234",
        "Write to us: bao.hong@hanoi.example",
    ],
)
def test_what_is_nobodys_is_not(city, text):
    assert not wording.has_contact(text)


def test_a_reply_with_a_citizens_number_is_sent_only_by_who_says_so_once_more(city, signed_in):
    complaint, browser = a_complaint(), signed_in(an_official())
    page = browser.page(screen_of(complaint))

    warned = browser.submit(page, "/resolutions", result="I called you at 0912 345 678.")
    shown = soup_of(warned)
    before = complaint.status
    sent = browser.submit(shown, "/resolutions", sure="yes")
    db.session.rollback()
    db.session.refresh(complaint)

    assert warned.status_code == 422
    assert "everybody can read it" in text_of(warned)
    assert "0912 345 678" in shown.select_one("#resolutions-result").get_text()
    assert before is Status.RECEIVED
    assert sent.status_code == 303
    assert complaint.status is Status.RESOLVED


def test_a_note_for_colleagues_may_have_a_number(city, signed_in):
    complaint, browser = a_complaint(), signed_in(an_official())

    answer = browser.submit(browser.page(screen_of(complaint)), "/notes", note="Call 0912 345 678.")

    assert answer.status_code == 303


@pytest.mark.parametrize("length", [20_001, 2_000_000])
def test_a_book_is_refused_with_its_length_and_kept(city, signed_in, length):
    complaint, browser = a_complaint(), signed_in(an_official())

    answer = browser.submit(browser.page(screen_of(complaint)), "/notes", note="x" * length)

    assert answer.status_code == 422
    assert f"Your text has {length:,} characters. Shorten it to 20,000." in text_of(answer)
    assert "x" * length in answer.get_data(as_text=True)
