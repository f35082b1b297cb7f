"""Suspicion: points that anybody can follow, and what is set aside by itself: little, and with its reasons."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event as listening

from cps.city.abuse import Abuse
from cps.city.phrases import Phrases
from cps.city.queries import in_force
from cps.complaints import filing, history, lifecycle, quarantine, suspicion
from cps.complaints.channels import Channel
from cps.complaints.reporters import Contact, Lately
from cps.complaints.suspicion import Why
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.people.models import Role
from tests.makers import MONDAY, a_complaint, a_report, an_official, later
from tests.pageclient import text_of

LONG = "Buy the best loans of the town here, write to us today and become rich before the end of the week."
ABUSE = Abuse(
    insults=Phrases({"en": ("idiot", "son of a gun"), "ko": ("바보",), "ne": ("मूर्ख",), "vi": ("đồ ngu",)}),
    spam=Phrases({"en": ("casino", "quick loan")}),
    threshold=6,
)
PHONE, MAIL = Contact(phone="0912345678"), Contact(email="ana@citizen.example")


def points(words, *before, landmark=""):
    found = suspicion.of(words, landmark, before=before, abuse=ABUSE, at=MONDAY)
    return dict(found.counts), found.points


def sent(words, **ago):
    return Lately(words, MONDAY - timedelta(**ago), None)


@pytest.mark.parametrize(
    ("words", "counts", "total"),
    [
        ("The lamp is dark.", {}, 0),
        ("", {}, 0),
        ("You idiot!", {Why.INSULTS: 1}, 2),
        ("YOU IDIOT", {Why.INSULTS: 1}, 2),
        ("Idiotic idea", {}, 0),
        ("You idiot, you son  of a gun", {Why.INSULTS: 2}, 4),
        ("담당자 바보들아", {Why.INSULTS: 1}, 2),
        ("तिमी मूर्खहरू", {Why.INSULTS: 1}, 2),
        ("Casino and a quick loan", {Why.SPAM: 2}, 4),
        ("See https://city.example/lamp", {Why.LINKS: 1}, 1),
        ("www.one.example www.two.example", {Why.LINKS: 2}, 4),
        ("THE LAMP AT THE CORNER IS DARK", {Why.CAPITALS: 1}, 1),
        ("LAMP IS DARK", {}, 0),
        ("가로등이 어둡습니다. 빨리 고쳐 주세요. 부탁합니다.", {}, 0),
        ("The lamp at Hàng Bài 3.com is dark", {}, 0),
    ],
)
def test_words_make_points(words, counts, total):
    assert points(words) == (counts, total)


def test_what_is_said_of_the_place_is_looked_at_too():
    assert points("Dark.", landmark="at the idiot's house")[0] == {Why.INSULTS: 1}


def test_the_same_long_text_counts_within_the_hours_and_a_short_one_never():
    again = f"  {LONG.upper()}  "

    assert points(LONG, sent(LONG, hours=1), sent(again, hours=24))[0] == {Why.REPEATED: 2}
    assert points(LONG, sent(LONG, hours=25))[0] == {}
    assert points("The lamp is dark.", *[sent("The lamp is dark.", hours=2)] * 3) == ({}, 0)
    assert points(LONG, sent(LONG + " Now!", hours=1))[0] == {}


def test_many_reports_within_an_hour_count_from_the_fifth_other_on():
    others = [sent(f"Lamp {number}", minutes=50) for number in range(5)]

    assert points("Lamp", *others) == ({Why.MANY: 5}, 2)
    assert points("Lamp", *others[:4])[0] == {}
    assert points("Lamp", *others[:4], sent("Lamp", minutes=61))[0] == {}


@pytest.mark.parametrize(
    ("abuse", "counts", "is_too_much"),
    [
        (Abuse(), {Why.REPEATED: 1}, False),
        (Abuse(), {Why.REPEATED: 2}, True),
        (Abuse(repeats=2), {Why.REPEATED: 1}, True),
        (Abuse(repeats=0), {Why.REPEATED: 9}, False),
        (Abuse(), {Why.INSULTS: 9, Why.SPAM: 9, Why.LINKS: 9}, False),
        (Abuse(threshold=8), {Why.INSULTS: 9, Why.SPAM: 9}, True),
        (Abuse(threshold=9), {Why.INSULTS: 9, Why.SPAM: 9}, False),
    ],
)
def test_a_city_says_from_where_on_it_is_too_much(abuse, counts, is_too_much):
    assert suspicion.Suspicion(counts).is_too_much(abuse) is is_too_much


@pytest.fixture
def careful(city, monkeypatch):
    """Let the city set aside from six points on."""
    asks = in_force().profile.asks
    monkeypatch.setattr(type(asks), "abuse", ABUSE, raising=False)
    return asks


def file(**changes):
    complaint = filing.file(a_report(**changes)).complaint
    db.session.commit()
    return complaint


@pytest.mark.parametrize("contact", [PHONE, MAIL])
def test_the_third_time_the_same_long_text_comes_it_is_set_aside_with_its_reasons(city, contact):
    capitals = Contact(email=contact.email.upper()) if contact.email else contact
    first, second, third = (file(words=LONG, contact=one) for one in (contact, contact, capitals))
    receipt = history.of(third)[0]

    assert [one.set_aside for one in (first, second, third)] == [None, None, "score"]
    assert [one.is_public for one in (first, second, third)] == [True, True, False]
    assert receipt.details["suspicion"] == {"points": 4, "counts": {"repeated": 2}}
    assert receipt.details["was_public"] is True
    assert third.due_at == first.due_at


def test_another_contact_none_and_another_day_are_not_the_same(city):
    file(words=LONG, contact=MAIL), file(words=LONG, contact=MAIL)

    assert file(words=LONG, contact=PHONE).set_aside is None
    assert file(words=LONG, contact=None).set_aside is None
    with clock.standing_at(later(hours=25)):
        assert file(words=LONG, contact=MAIL).set_aside is None


def test_points_set_a_report_aside_where_the_city_wants_it(careful):
    abusive = "You idiot, you son of a gun: www.casino.example, quick loan, casino"

    assert file(words=abusive).set_aside == "score"
    assert file(words="You idiot, the lamp is dark!").set_aside is None


def test_without_a_threshold_words_alone_set_nothing_aside(city):
    assert in_force().profile.asks.abuse.threshold == 0
    assert file(words="Idiot asshole bastard casino quick loan www.a.example www.b.example").set_aside is None


def test_what_sounds_dangerous_is_never_set_aside_by_itself(careful):
    danger = in_force().profile.asks.emergency.by_language["vi"][0]
    words = f"{danger}! You idiot, you son of a gun, casino, quick loan"

    assert file(words=words).set_aside is None
    assert file(words=words.replace(danger, "x")).set_aside == "score"


def test_what_an_official_wrote_down_is_not_either(careful):
    words = "You idiot, you son of a gun, casino, quick loan"

    assert file(words=words, channel=Channel.PHONE, entered_by=an_official().id).set_aside is None


def test_it_is_judged_like_any_other_and_the_desk_says_why(careful, signed_in):
    complaint = file(words="You idiot, you son of a gun, casino, quick loan")
    eve = an_official("Eve", role=Role.HEAD)
    browser = signed_in(eve)
    page = browser.page(f"/desk/complaints/{complaint.reference}")
    said = "8 points: 2 insulting words, 2 words of advertising"

    assert f"Set aside by itself ({said})" in text_of(page.select_one(".quarantine"))
    assert f"Set aside by itself ({said})" in text_of(page.select_one(".history"))
    assert browser.submit(page, "/quarantines/end").status_code == 303
    db.session.rollback()
    assert (complaint.set_aside, complaint.is_public) == (None, True)
    quarantine.set_aside(complaint, by=an_official(), cause="abuse", reason="After all.")
    lifecycle.decline(
        complaint, by=an_official("Dee", role=Role.COORDINATOR), reason="No.", remedy="Write again."
    )
    db.session.commit()


def test_a_private_one_stays_private_when_it_is_let_in(careful):
    complaint = file(words="You idiot, you son of a gun, casino, quick loan", category="staff-conduct")
    quarantine.let_in(complaint, by=an_official("Dee", role=Role.COORDINATOR))
    db.session.commit()

    assert (complaint.set_aside, complaint.is_public) == (None, False)


def test_an_official_cannot_choose_the_cause_of_the_score(city):
    with pytest.raises(Invalid) as refused:
        quarantine.set_aside(a_complaint(), by=an_official(), cause="score", reason="Points.")

    assert set(refused.value.faults) == {"cause"}


@pytest.mark.parametrize(("contact", "more"), [(MAIL, 1), (PHONE, 1), (None, 0), (Contact(name="Ana"), 0)])
def test_it_costs_one_question_and_none_without_a_contact(city, monkeypatch, contact, more):
    counted = []
    # But for whether the city is still the same, which is asked about once a second, whoever files.
    note = lambda *args: counted.append(args[2]) if "FROM city" not in args[2] else None  # noqa: E731
    listening.listen(db.engine, "before_cursor_execute", note)
    file(contact=contact)
    with_it = len(counted)
    monkeypatch.setattr(
        type(in_force().profile.asks), "abuse", replace(ABUSE, threshold=0, repeats=0, flags=0), raising=False
    )
    counted.clear()
    file(contact=contact)

    assert with_it - len(counted) == more
