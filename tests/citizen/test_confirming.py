"""The page that asks for a code before a report is filed, where the city wants contacts confirmed."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from cps.complaints.contacts import Reporter
from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import channels, codes
from cps.notify.codes import Limit
from cps.notify.models import ContactCode, Message
from cps.people.models import Role
from cps.photos.models import Photo
from tests.citizen.acts import OWN, send, send_again
from tests.makers import MONDAY, a_photo, a_report_form, an_official, later
from tests.notify.test_delivery import sending_by
from tests.pageclient import soup_of, text_of
from tests.publishing import confirmed_contacts


@pytest.fixture(autouse=True)
def _city_that_asks(city):
    with confirmed_contacts():
        yield


def filed() -> list[Complaint]:
    db.session.rollback()
    return list(db.session.scalars(select(Complaint)))


def letters() -> list[Message]:
    """Return the letters with codes, the latest first."""
    db.session.rollback()
    found = select(Message).where(Message.expires_at.is_not(None)).order_by(Message.written_at.desc())
    return list(db.session.scalars(found))


def the_code() -> str:
    return re.search(r"\d{6}", letters()[0].body)[0]


def a_wrong_code() -> str:
    return f"{(int(the_code()) + 1) % 10**6:06}"


def sent(answer: TestResponse, status: int = 200) -> BeautifulSoup:
    """Return the page that asks for the code."""
    page = soup_of(answer)
    assert answer.status_code == status
    assert page.select_one("#code")
    return page


def fault_of(page: BeautifulSoup, field: str = "code") -> str:
    return text_of(page.select_one(f"#{field}-fault"))


def test_a_report_is_filed_once_the_code_is_right(ana):
    page = sent(send(ana))

    assert filed() == []
    assert "a•••@citizen.example" in text_of(page)
    field = page.select_one("#code")
    assert (field["inputmode"], field["autocomplete"]) == ("numeric", "one-time-code")
    assert send_again(ana, page, code=the_code()).status_code == 303
    [complaint] = filed()
    reporter = db.session.get(Reporter, complaint.id)
    assert (reporter.email, reporter.confirmed_at) == ("ana@citizen.example", MONDAY)


def test_everything_that_was_typed_comes_through(ana):
    fields = MultiDict(a_report_form(category="noise", words="two\nlines", contact="0912 345 123"))
    fields.setlist("question-source", ["karaoke", "other"])
    page = sent(ana.post("/complaints", data=fields, headers=OWN))

    send_again(ana, page, code=the_code())

    [complaint] = filed()
    assert complaint.words == "two\nlines"
    assert complaint.answers == {"source": ["karaoke", "other"]}
    assert complaint.landmark == "cạnh tháp bút"
    assert db.session.get(Reporter, complaint.id).phone == "0912345123"
    assert "09•••••123" in text_of(page)


def test_photos_are_kept_and_need_not_be_chosen_again(ana):
    page = sent(send(ana, photos=[(a_photo(), "a.jpg"), (a_photo(), "b.jpg")]))

    again = sent(send_again(ana, page, code=a_wrong_code()), 422)
    send_again(ana, again, code=the_code())

    [complaint] = filed()
    attached = select(func.count()).select_from(Photo).where(Photo.complaint_id == complaint.id)
    assert db.session.scalar(attached) == 2


def test_the_notice_before_sending_is_not_shown_twice(ana):
    held = send(ana, asked="", words="court case")
    notice = soup_of(held)
    assert held.status_code == 422
    assert letters() == []

    page = sent(send_again(ana, notice))

    assert send_again(ana, page, code=the_code()).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Type the 6 digits"), ("12", "Type the 6 digits"), ("abcdef", "Type the 6 digits")],
)
def test_what_is_no_code_is_told_and_is_no_try(ana, typed, words):
    page = sent(send(ana))

    again = sent(send_again(ana, page, code=typed), 422)

    assert words in fault_of(again)
    assert db.session.scalar(select(ContactCode.tries)) == 0
    assert send_again(ana, again, code=the_code()).status_code == 303


def test_a_wrong_code_is_told_and_the_fifth_asks_for_another(ana):
    page = sent(send(ana))
    for _n in range(4):
        page = sent(send_again(ana, page, code=a_wrong_code()), 422)
        assert "not the code" in fault_of(page)

    page = sent(send_again(ana, page, code=a_wrong_code()), 422)
    assert "wrong too often" in fault_of(page)
    page = sent(send_again(ana, page, code=the_code()), 422)
    assert filed() == []
    assert len(letters()) == 1

    with clock.standing_at(later(minutes=1)):
        page = sent(send_again(ana, page, action="another-code"))
        assert send_again(ana, page, code=the_code()).status_code == 303


def test_a_code_that_is_too_old_is_told_and_another_one_works(ana):
    page = sent(send(ana))

    with clock.standing_at(later(minutes=10)):
        page = sent(send_again(ana, page, code=the_code()), 422)
        assert "too old" in fault_of(page)
        page = sent(send_again(ana, page, action="another-code"))
        assert send_again(ana, page, code=the_code()).status_code == 303


def test_another_address_brings_back_the_form_with_everything(ana):
    page = sent(send(ana, words="every night", photos=[(a_photo(), "a.jpg")]))

    form = soup_of(send_again(ana, page, action="another-address"))

    assert form.select_one("#words").text.strip() == "every night"
    assert form.select_one("#contact")["value"] == "ana@citizen.example"
    assert form.select_one("[name=kept]")["value"] == "1"
    assert form.select_one("[data-restore]")
    assert not form.select(".summary")
    page = sent(send_again(ana, form, contact="ana@home.example"))
    assert letters()[0].address in ("ana@home.example", "ana@citizen.example")
    assert {letter.address for letter in letters()} == {"ana@home.example", "ana@citizen.example"}


def test_a_form_without_a_contact_needs_no_code(ana):
    assert send(ana, contact="").status_code == 303
    assert letters() == []


def test_a_contact_that_is_none_is_told_before_a_code_is_sent(ana):
    answer = send(ana, contact="ana at home")

    assert answer.status_code == 422
    assert soup_of(answer).select_one("#contact-fault")
    assert letters() == []


def test_a_report_that_sounds_like_an_emergency_waits_for_no_code(ana):
    assert send(ana, words="Cháy nhà").status_code == 303

    assert letters() == []
    assert db.session.scalars(select(Reporter.confirmed_at)).one() is None


def test_a_form_sent_twice_sends_one_code_and_files_one_report(ana):
    key = str(uuid4())
    sent(send(ana, key=key))
    sent(send(ana, key=key))
    assert len(letters()) == 1

    code = the_code()
    answers = [send(ana, key=key, code=code) for _n in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(filed()) == 1


def test_a_report_that_is_filed_asks_for_no_code_again(ana):
    key = str(uuid4())
    sent(send(ana, key=key))
    send(ana, key=key, code=the_code())

    with clock.standing_at(later(days=3)):
        assert send(ana, key=key).status_code == 303
    assert len(letters()) == 1


def test_the_code_of_another_address_files_nothing(ana):
    key = str(uuid4())
    sent(send(ana, key=key))

    page = sent(send(ana, key=key, contact="chi@citizen.example", code=the_code()))

    assert filed() == []
    assert "c•••@citizen.example" in text_of(page)


def test_a_script_is_told_by_field_and_files_with_the_code(ana):
    fields = a_report_form()
    asked = ana.post("/complaints", data=fields, headers={**OWN, "Accept": "application/json"})

    assert asked.status_code == 422
    assert list(asked.json["faults"]) == ["code"]
    [letter] = letters()
    filed_now = ana.post(
        "/complaints", data={**fields, "code": the_code()}, headers={**OWN, "Accept": "application/json"}
    )
    assert letter.address == "ana@citizen.example"
    assert filed_now.status_code == 201


def test_the_plain_form_after_a_script_sends_no_second_code(ana):
    fields = a_report_form()
    ana.post("/complaints", data=fields, headers={**OWN, "Accept": "application/json"})

    sent(ana.post("/complaints", data=fields, headers=OWN))

    assert len(letters()) == 1


def test_an_address_that_had_its_codes_keeps_the_form(ana):
    for _n in range(3):
        sent(send(ana))

    answer = send(ana, words="every night")

    page = soup_of(answer)
    assert answer.status_code == 422
    assert "15 minutes" in fault_of(page, "contact")
    assert page.select_one("#words").text.strip() == "every night"


def test_a_code_still_counts_when_no_other_can_be_sent(ana, monkeypatch):
    page = sent(send(ana))
    monkeypatch.setattr(codes, "PER_CLIENT", (Limit(1, timedelta(hours=1)),))

    with clock.standing_at(later(minutes=1)):
        page = sent(send_again(ana, page, action="another-code"), 422)
        assert "from here" in fault_of(page)
        assert send_again(ana, page, code=the_code()).status_code == 303


def test_without_an_sms_gateway_a_phone_number_is_asked_for_an_address(ana):
    with sending_by("smtp://127.0.0.1:9"):
        answer = send(ana, contact="0912345123")
        front = text_of(ana.page("/"))

    assert answer.status_code == 422
    assert "by e-mail only" in fault_of(soup_of(answer), "contact")
    assert "We send a code to confirm it, by e-mail only." in front
    assert letters() == []


def test_without_any_way_out_reports_come_in_unconfirmed(ana):
    with sending_by(""):
        assert send(ana).status_code == 303
        assert "We send a code" not in text_of(ana.page("/"))

    assert db.session.scalars(select(Reporter.confirmed_at)).one() is None


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("", "", True),
    ],
)
def test_a_household_with_ipv6_is_one_client(ana, monkeypatch, one, other, are_one):
    monkeypatch.setattr(codes, "PER_CLIENT", (Limit(1, timedelta(hours=1)),))
    first = ana.post("/complaints", data=a_report_form(), headers=OWN, environ_overrides={"REMOTE_ADDR": one})
    second = ana.post(
        "/complaints",
        data=a_report_form(contact="chi@citizen.example"),
        headers=OWN,
        environ_overrides={"REMOTE_ADDR": other},
    )

    assert first.status_code == 200
    assert (second.status_code == 422) is are_one


def test_the_demo_shows_the_code_and_the_sms_to_citizens(ana):
    sent(send(ana))
    mail = ana.page("/demo/outbox").select_one(".letter")
    assert the_code() in text_of(mail)

    with clock.standing_at(later(minutes=1)):
        sent(send(ana, contact="0912345123"))
    sms = ana.page("/demo/outbox").select_one(".letter")

    assert "SMS" in text_of(sms)
    assert the_code() in text_of(sms)
    assert letters()[0].channel == channels.SMS


def test_the_desk_sees_that_a_contact_is_confirmed_before_and_after_looking(ana, signed_in):
    send_again(ana, sent(send(ana)), code=the_code())
    send(ana, contact="chi@citizen.example", words="cháy")
    with_code, without = sorted(filed(), key=lambda complaint: complaint.id)
    browser = signed_in(an_official(role=Role.HEAD, department=with_code.department.code))

    page = browser.page(f"/desk/complaints/{with_code.reference}?language=en")
    other = browser.page(f"/desk/complaints/{without.reference}?language=en")

    assert "It is confirmed." in text_of(page.select_one(".reporter"))
    assert "It is confirmed." not in text_of(other.select_one(".reporter"))
    shown = browser.submit(page, f"/desk/complaints/{with_code.reference}/reveals", reason="To call")
    assert "confirmed on" in text_of(soup_of(shown).select_one(".revealed"))


def test_a_file_that_is_no_photo_is_told_before_a_code_is_sent(ana):
    answer = send(ana, photos=[(BytesIO(b"nothing"), "a.jpg")])

    assert answer.status_code == 422
    assert soup_of(answer).select_one("#photos-fault")
    assert letters() == []
