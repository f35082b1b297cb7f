"""The front desk: what somebody says is filed as every report is, with how it came in and who wrote it down."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cps.complaints import channels, history
from cps.complaints.channels import Channel
from cps.complaints.contacts import Reporter
from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import tasks
from cps.notify.models import Message
from tests.makers import DRAINAGE, MONDAY, a_complaint, an_official
from tests.pageclient import soup_of, text_of

TOLD = {
    "channel": "phone",
    "category": "street-light",
    "landmark": "cạnh tháp bút",
    "area": "",
    "words": "The lamp is dark.",
    "name": "Ana",
    "contact": "ana@citizen.example",
    "language": "en",
}


@pytest.fixture
def front(city, signed_in):
    """Chi at the front desk of another department, with an empty form."""
    browser = signed_in(an_official("Chi", department=DRAINAGE))
    return browser, browser.page("/desk/reports/new")


def filed() -> Complaint:
    db.session.rollback()
    return db.session.scalars(select(Complaint)).one()


def test_it_goes_to_the_right_department_with_how_it_came_and_who_wrote_it_down(front):
    browser, form = front

    answer = browser.submit(form, "/reports", **TOLD)
    complaint = filed()
    first = history.of(complaint)[0]

    assert answer.location == f"/desk/complaints/{complaint.reference}/receipt"
    assert complaint.department.code == "hapulico"
    assert (channels.of(first.details), first.by.name) == (Channel.PHONE, "Chi")
    reporter = db.session.get(Reporter, complaint.id)
    assert (reporter.name, reporter.email, reporter.language) == ("Ana", "ana@citizen.example", "en")


def test_a_report_of_a_citizens_own_hand_came_on_the_web(city):
    assert channels.of(history.of(a_complaint())[0].details) is Channel.WEB


def test_its_reporter_is_written_to_in_the_language_they_speak(front):
    browser, form = front
    browser.submit(form, "/reports", **TOLD)
    complaint = filed()
    event = history.of(complaint)[0]

    tasks.write([event.id])
    (letter,) = db.session.scalars(select(Message).where(Message.event_id == event.id))

    assert (letter.address, letter.language) == ("ana@citizen.example", "en")
    assert complaint.reference in letter.subject


def test_the_receipt_has_what_is_handed_over_for_an_hour_to_who_wrote_it_down(front, signed_in):
    browser, form = front
    browser.submit(form, "/reports", **TOLD)
    complaint = filed()
    address = f"/desk/complaints/{complaint.reference}/receipt"

    own, other = browser.page(address), signed_in(an_official()).page(address)
    picture = browser.get(f"{address}.svg")
    with clock.standing_at(MONDAY + timedelta(hours=1, minutes=1)):
        later = browser.page(address)

    assert complaint.reference in text_of(own.select_one(".receipt-number"))
    assert "/track/" in text_of(own.select_one(".receipt-link"))
    assert picture.mimetype == "image/svg+xml"
    assert other.select_one(".receipt-link") is None
    assert later.select_one(".receipt-link") is None


def test_a_private_one_for_another_department_is_read_by_its_writer_at_the_counter_only(front, signed_in):
    browser, form = front
    known = a_complaint(category="noise")
    point = f"{known.latitude}, {known.longitude}"
    told = {**TOLD, "category": "noise", "words": known.words, "coordinates": point}
    receipt = browser.submit(form, "/reports", **told).location
    reference = receipt.split("/")[-2]

    page = browser.page(receipt)
    colleague = signed_in(an_official("Eve", department=DRAINAGE)).get(receipt)
    with clock.standing_at(MONDAY + timedelta(hours=1, minutes=1)):
        later = browser.get(receipt)

    assert reference in text_of(page.select_one(".receipt-number"))
    assert page.select_one(f'a[href="/desk/complaints/{reference}"]') is None
    assert page.select_one(".alike") is None
    assert browser.get(f"{receipt}.svg").status_code == 200
    assert (colleague.status_code, later.status_code) == (404, 404)


def test_sent_twice_it_is_one_report(front):
    browser, form = front

    first, again = (browser.submit(form, "/reports", **TOLD) for _time in range(2))

    assert first.location == again.location
    assert filed()


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"category": ""}, "category", "Choose what the problem is."),
        ({"landmark": ""}, "landmark", "Say where it is"),
        ({"contact": "ana at home"}, "contact", "Enter an e-mail address"),
        ({"channel": "dream"}, "channel", "Choose how the report came in."),
        ({"coordinates": "here"}, "landmark", ""),
        ({"words": "x" * 5000}, "words", "Your text has 5,000 characters."),
        ({"language": "xx"}, "language", "Choose one from the list."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(front, typed, field, says):
    browser, form = front

    answer = browser.submit(form, "/reports", **{**TOLD, **typed})
    page = soup_of(answer)

    assert answer.status_code == 422
    assert says in text_of(page.select_one(".summary"))
    assert page.select_one("#name")["value"] == "Ana"
    assert db.session.scalars(select(Complaint)).all() == []


def test_a_place_is_found_by_its_name_and_nothing_is_filed_yet(front):
    browser, form = front

    found = soup_of(browser.submit(form, "/reports", **{**TOLD, "landmark": "ho hoan kiem"}, action="place"))
    spot = found.select_one("input[name=spot]")
    answer = browser.submit(found, "/reports", spot=spot["value"])

    assert spot is not None
    assert answer.status_code == 303
    assert filed().point is not None


def test_without_a_contact_it_is_filed_too(front):
    browser, form = front

    browser.submit(form, "/reports", **{**TOLD, "contact": "", "name": ""})

    assert db.session.get(Reporter, filed().id) is None


def test_the_screen_of_the_report_says_how_it_came_in(front):
    browser, form = front
    browser.submit(form, "/reports", **TOLD)

    page = browser.page(f"/desk/complaints/{filed().reference}")

    assert "Report received by phone Chi" in text_of(page.select_one(".history"))


def test_what_was_reported_already_is_shown_with_the_receipt(front):
    browser, form = front
    known = a_complaint()
    point = f"{known.latitude}, {known.longitude}"

    answer = browser.submit(form, "/reports", **{**TOLD, "words": known.words}, coordinates=point)
    page = browser.page(answer.location)

    assert known.reference in text_of(page.select_one(".alike"))
