"""Mails about a place: asked for, confirmed by the mail's link, ended with one click, and nothing told to strangers."""

import re

import pytest
from sqlalchemy import func, select

from cps.kernel import clock
from cps.kernel.db import db
from cps.notify.models import Alert, Message, Subscriber
from tests.citizen.acts import link_of
from tests.makers import a_complaint, later
from tests.pageclient import soup_of, text_of

_EVE = "eve@citizen.example"


def _ask(browser, email=_EVE, path="/alerts?area=00004", **fields):
    return browser.submit(browser.page(path), "/alerts", email=email, **fields)


def _letters():
    return db.session.scalars(select(Message).order_by(Message.written_at, Message.id)).all()


def _link(letter):
    return re.search(r"http://localhost(/alerts/\S+)", letter.body)[1]


def _count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_nothing_is_sent_before_the_link_in_the_mail_was_followed(city, ana):
    answer = _ask(ana, category="street-light")

    (letter,) = _letters()
    page = ana.page(_link(letter))
    alert = db.session.scalars(select(Alert)).one()
    assert (answer.status_code, answer.location) == (303, "/alerts?asked=yes")
    assert "Please look into your mail" in text_of(ana.page(answer.location))
    assert (letter.address, letter.language) == (_EVE, "en")
    assert "Ba Dinh Ward · Street light" in letter.body
    assert alert.confirmed_at is None

    ana.submit(page, "/confirmations")

    db.session.expire_all()
    assert alert.confirmed_at == clock.now()
    assert "End these mails" in text_of(ana.page(_link(letter)))


def test_opening_the_link_alone_confirms_and_ends_nothing(city, ana):
    _ask(ana)
    link = _link(_letters()[0])

    ana.page(link)
    ana.page(f"{link}/endings")

    assert db.session.scalars(select(Alert.confirmed_at)).all() == [None]


def test_one_click_in_the_mail_program_ends_all_and_keeps_nothing(city, ana, client):
    _ask(ana)
    _ask(ana, path="/alerts?area=00008")
    letter = _letters()[0]

    # As mail programs do (RFC 8058): no cookie, no origin, a body of their own.
    answer = client.post(
        letter.unsubscribe.removeprefix("http://localhost"), data={"List-Unsubscribe": "One-Click"}
    )

    assert answer.status_code == 200
    assert "The mails have ended" in text_of(soup_of(answer))
    assert (_count(Alert), _count(Subscriber)) == (0, 0)
    assert ana.get(_link(letter)).status_code == 404


def test_one_of_several_wishes_can_be_ended(city, ana):
    _ask(ana)
    _ask(ana, path="/alerts?area=00008")
    first = db.session.scalars(select(Alert.id).order_by(Alert.id)).first()

    ana.post(f"{_link(_letters()[0])}/endings", data={"alert": first})

    assert (_count(Alert), _count(Subscriber)) == (1, 1)


def test_another_ones_wish_is_out_of_reach(city, ana):
    _ask(ana)
    _ask(ana, email="mallory@citizen.example")
    (eves, _mallorys), links = (
        db.session.scalars(select(Alert.id).order_by(Alert.id)),
        [_link(m) for m in _letters()],
    )
    mallory = next(link for link, m in zip(links, _letters(), strict=True) if m.address.startswith("mallory"))

    answers = [
        ana.post(f"{mallory}/{what}", data={"alert": eves}).status_code
        for what in ("confirmations", "endings")
    ]

    assert answers == [404, 404]
    assert _count(Alert) == 2


@pytest.mark.parametrize(
    "forge", [lambda s: s[:-1] + "x", lambda s: "9" + s, lambda _s: "1-", lambda s: "é-" + s]
)
def test_a_forged_link_opens_nothing(city, ana, forge):
    _ask(ana)
    secret = _link(_letters()[0]).removeprefix("/alerts/")

    assert ana.get(f"/alerts/{forge(secret)}").status_code == 404


def test_an_address_is_written_to_three_times_a_day_whoever_asks(city, ana):
    for area in ("00004", "00008", "00025", "00004"):
        answer = _ask(ana, path=f"/alerts?area={area}")
        assert answer.location == "/alerts?asked=yes"  # the same answer: it tells nothing of the address

    assert len(_letters()) == 3
    with clock.standing_at(later(days=1)):
        _ask(ana)
    assert len(_letters()) == 4


def test_one_browser_may_ask_ten_times_an_hour(city, ana):
    answers = [_ask(ana, email=f"{number}@citizen.example").status_code for number in range(11)]

    assert answers == [303] * 10 + [429]


def test_asking_twice_for_the_same_is_one_wish(city, ana):
    _ask(ana)
    _ask(ana)

    assert (_count(Alert), len(_letters())) == (1, 2)


@pytest.mark.parametrize(
    "email", ["", "eve", "eve@", "0912345678", "a\nb@c.example", "x" * 300 + "@a.example"]
)
def test_what_is_no_address_is_told_and_kept(city, ana, email):
    answer = _ask(ana, email=email)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert "name@example.com" in text_of(page.select_one("#email-fault"))
    assert page.select_one("#area option[selected]")["value"] == "00004"


def test_a_place_must_be_chosen(city, ana):
    answer = _ask(ana, path="/alerts", area="")

    assert answer.status_code == 422
    assert "Choose an area." in text_of(soup_of(answer).select_one("#area-fault"))


def test_from_a_report_one_gets_to_mails_about_its_surroundings(city, ana):
    complaint = a_complaint()
    link = ana.page(f"/complaints/{complaint.reference}").select_one("a[href^='/alerts']")["href"]

    _ask(ana, path=link, radius="250")

    alert = db.session.scalars(select(Alert)).one()
    assert (alert.area_id, alert.radius_m) == (None, 250)
    assert (alert.latitude, alert.longitude) == (complaint.latitude, complaint.longitude)
    assert "250 m around the place you chose" in _letters()[0].body


def test_around_a_private_report_there_are_no_mails(city, ana):
    private = a_complaint(category="noise")

    assert ana.get(f"/alerts?near={private.reference}").status_code == 404
    assert ana.post("/alerts", data={"near": private.reference, "email": _EVE}).status_code == 404
    assert link_of(private)


def test_these_pages_are_kept_by_nobody(city, ana):
    _ask(ana)

    headers = ana.get(_link(_letters()[0])).headers

    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_demos_outbox_shows_them_among_the_letters_to_citizens(city, ana):
    _ask(ana)

    assert "Please confirm" in text_of(ana.page("/demo/outbox"))
    assert "Please confirm" not in text_of(ana.page("/demo/outbox?to=officials"))
