"""Confirming a contact: codes are sent, limited, judged, remembered and forgotten, with a real mail server."""

import logging
import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from cps.complaints.reporters import Contact
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import channels, codes, confirming, tasks
from cps.notify.codes import Limit, Verdict
from cps.notify.confirming import TooManyCodes
from cps.notify.models import ContactCode, Message, MessageState
from tests.makers import a_complaint, a_key, later
from tests.notify.test_delivery import inbox, sending_by  # noqa: F401 - a fixture

ANA = Contact(email="ana@citizen.example")
CHI = Contact(email="chi@citizen.example")
PHONE = Contact(phone="0912345123")


def send(key: UUID, contact: Contact = ANA, *, client: str = "192.0.2.1", **changes) -> None:
    confirming.send(key, contact, client=client, language="en", **changes)
    db.session.commit()


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.written_at, Message.id)))


def the_code() -> str:
    """Return the code of the letter written last."""
    letter = db.session.scalars(select(Message).order_by(Message.expires_at.desc()).limit(1)).one()
    return re.search(r"\d{6}", f"{letter.subject} {letter.body}")[0]


def a_wrong_code(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06}"


def sent_codes() -> int:
    return db.session.scalar(select(func.count()).select_from(ContactCode))


def test_the_code_arrives_by_mail_and_confirms_its_address(city, inbox):  # noqa: F811
    key = a_key()
    send(key)

    tasks.deliver(str(messages()[0].id))

    [mail] = inbox.mails
    code = re.search(r"^\d{6}", mail["Subject"])[0]
    assert mail["To"] == "ana@citizen.example"
    assert code in mail.get_content()
    assert "10 minutes" in mail.get_content()
    assert confirming.confirm(key, ANA, code) is Verdict.RIGHT
    assert confirming.confirmed_at(key, ANA) == clock.now()


def test_a_letter_whose_code_is_too_old_is_not_sent_any_more(city, inbox):  # noqa: F811
    send(a_key())
    [message] = messages()

    with clock.standing_at(later(minutes=10)):
        tasks.deliver(str(message.id))

    assert inbox.mails == []
    assert (message.state, message.attempts) == (MessageState.FAILED, 0)


def test_neither_code_nor_address_nor_client_stands_in_the_table(city):
    send(a_key())

    (row,) = db.session.execute(text("SELECT contact_code::text FROM contact_code")).scalars()
    for secret in (the_code(), "ana@citizen.example", "192.0.2.1"):
        assert secret not in row
        assert secret.encode().hex() not in row


def test_a_wrong_code_counts_and_the_fifth_ends_it(city):
    key = a_key()
    send(key)
    right, wrong = the_code(), a_wrong_code(the_code())

    verdicts = [confirming.confirm(key, ANA, wrong) for _n in range(5)]

    assert verdicts == [*[Verdict.WRONG] * 4, Verdict.USED_UP]
    assert confirming.confirm(key, ANA, right) is Verdict.USED_UP
    assert confirming.confirmed_at(key, ANA) is None
    assert not confirming.has_usable(key, ANA)


def test_a_code_is_too_old_after_ten_minutes(city):
    key = a_key()
    send(key)

    with clock.standing_at(later(minutes=10)):
        assert confirming.confirm(key, ANA, the_code()) is Verdict.EXPIRED
        assert not confirming.has_usable(key, ANA)


def test_a_code_confirms_one_address_on_one_form(city):
    key = a_key()
    send(key)

    assert confirming.confirm(a_key(), ANA, the_code()) is Verdict.UNSENT
    assert confirming.confirm(key, CHI, the_code()) is Verdict.UNSENT
    confirming.confirm(key, ANA, the_code())
    assert confirming.confirmed_at(key, CHI) is None
    assert confirming.confirmed_at(a_key(), ANA) is None


def test_the_code_of_one_form_is_wrong_on_another_even_for_the_same_address(city):
    mine, other = a_key(), a_key()
    send(mine)
    code = the_code()
    with clock.standing_at(later(seconds=1)):
        send(other)

    assert (confirming.confirm(other, ANA, code) is Verdict.RIGHT) is (code == the_code())


def test_a_contact_that_was_confirmed_stays_so_on_its_form(city):
    key = a_key()
    send(key)
    confirming.confirm(key, ANA, the_code())

    with clock.standing_at(later(hours=1)):
        confirming.confirm(key, ANA, the_code())
        assert confirming.confirmed_at(key, ANA) == later()


def test_sending_the_form_again_sends_no_second_code(city):
    key = a_key()

    send(key)
    send(key)

    assert (sent_codes(), len(messages())) == (1, 1)


def test_another_code_ends_the_one_before(city):
    key = a_key()
    send(key)
    first = the_code()
    with clock.standing_at(later(minutes=1)):
        send(key, again=True)
        second = the_code()

        assert sent_codes() == 2
        assert confirming.confirm(key, ANA, second) is Verdict.RIGHT
        assert (confirming.confirm(key, ANA, first) is Verdict.RIGHT) is (first == second)


def test_two_taps_on_another_code_send_one(city):
    key = a_key()
    send(key)

    with clock.standing_at(later(minutes=1)):
        send(key, again=True)
        send(key, again=True)

    assert sent_codes() == 2


@pytest.mark.parametrize("end", ["expired", "used up"])
def test_a_code_that_can_no_longer_be_typed_is_replaced_at_once(city, end):
    key = a_key()
    send(key)
    if end == "used up":
        for _n in range(5):
            confirming.confirm(key, ANA, a_wrong_code(the_code()))

    with clock.standing_at(later(minutes=10 if end == "expired" else 0)):
        send(key)

    assert sent_codes() == 2


def test_an_address_gets_three_codes_in_a_quarter_of_an_hour_whoever_asks(city):
    for number in range(3):
        send(a_key(), client=f"192.0.2.{number}")

    with pytest.raises(TooManyCodes, match="15 minutes"):
        send(a_key(), Contact(email="ANA@citizen.example"), client="192.0.2.9")
    send(a_key(), CHI)
    with clock.standing_at(later(minutes=15)):
        send(a_key())
    assert sent_codes() == 5


def test_an_address_gets_ten_codes_a_day(city):
    for number in range(10):
        with clock.standing_at(later(hours=number)):
            send(a_key())

    with clock.standing_at(later(hours=10)), pytest.raises(TooManyCodes, match="tomorrow"):
        send(a_key())
    with clock.standing_at(later(hours=24)):
        send(a_key())


def test_one_client_asks_for_twenty_codes_an_hour(city):
    for number in range(20):
        send(a_key(), Contact(email=f"a{number}@citizen.example"))

    with pytest.raises(TooManyCodes, match="from here"):
        send(a_key())
    send(a_key(), client="192.0.2.2")


def test_a_thousand_numbers_get_no_more_sms_than_the_city_pays_for(city, monkeypatch, caplog):
    monkeypatch.setitem(codes.PER_CITY, channels.SMS, (Limit(7, timedelta(hours=1)),))
    stopped = 0
    with sending_by("outbox:"), caplog.at_level(logging.ERROR):
        for number in range(1000):
            try:
                send(a_key(), Contact(phone=f"09{number:08}"), client=f"198.51.100.{number}")
            except TooManyCodes:
                stopped += 1

        send(a_key(), ANA)

    assert (stopped, sent_codes()) == (993, 8)
    assert "the city's limit is reached" in caplog.text


def test_an_address_the_city_knows_is_treated_like_any_other(city):
    a_complaint()

    known, unknown = a_key(), a_key()
    send(known, ANA)
    send(unknown, CHI)

    shapes = {re.sub(r"\d{6}", "", f"{message.subject} {message.body}") for message in messages()}
    assert len(shapes) == 1
    assert confirming.confirm(known, ANA, "000000") in (Verdict.WRONG, Verdict.RIGHT)


def test_an_sms_is_one_line_with_the_code(city):
    with sending_by("outbox:"):
        send(a_key(), PHONE)

    [message] = messages()
    assert (message.channel, message.address, message.state) == ("sms", "0912345123", MessageState.KEPT)
    assert re.fullmatch(r"\d{6}: your code for Hanoi\n", message.body)
    assert len(message.body) <= 70


@pytest.mark.parametrize(
    ("url", "ways"),
    [("outbox:", {"email", "sms"}), ("smtp://127.0.0.1:9", {"email"}), ("", set())],
)
def test_codes_go_where_there_is_a_way_out(url, ways):
    with sending_by(url):
        assert channels.ways() == ways


def test_codes_and_their_letters_are_forgotten_once_no_limit_looks_back_to_them(city):
    send(a_key())
    a_complaint()

    with clock.standing_at(later(days=1)):
        confirming.forget_old()
        assert sent_codes() == 1
    with clock.standing_at(later(days=3)):
        confirming.forget_old()

    assert (sent_codes(), messages()) == (0, [])
