"""The same said again by the same person: shown to who handles it, and closed as a repeat after two answers only."""

from uuid import uuid4

import pytest

from cps.complaints import joining, reopening
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import screen_of
from tests.makers import DRAINAGE, a_complaint, an_official
from tests.pageclient import soup_of, text_of

ANA = Contact(email="ana@citizen.example")
TEXTS = {"reason": "We answered this twice.", "remedy": "Ask the inspector of the city."}


def panel(browser, complaint):
    return browser.page(screen_of(complaint)).select_one("#repeats")


def close(browser, complaint, *repeated, **changes):
    boxes = {f"repeat-{one.reference}": "yes" for one in repeated}
    page = browser.page(screen_of(complaint))
    fields = {
        "csrf_token": page.select_one("input[name=csrf_token]")["value"],
        "version": str(complaint.version),
        **TEXTS,
        **changes,
        **boxes,
    }
    return browser.post(
        f"{screen_of(complaint)}/repeats", data=fields, headers={"Sec-Fetch-Site": "same-origin"}
    )


def status(complaint):
    db.session.rollback()
    return db.session.get(Complaint, complaint.id).status


@pytest.fixture
def thrice(city, signed_in):
    """Bo, with a report whose reporter was answered twice before."""
    before = [a_complaint(Status.RESOLVED), a_complaint(Status.DECLINED)]
    return signed_in(an_official()), a_complaint(), before


def test_what_the_same_reporter_said_before_is_shown_without_who_it_is(thrice):
    bo, third, before = thrice

    shown = panel(bo, third)

    assert [one.reference in text_of(shown) for one in before] == [True, True]
    assert "Said before by the same reporter (2)" in text_of(shown.select_one("summary"))
    assert "ana@" not in str(shown)
    assert panel(bo, before[0]) is None


def test_somebody_else_and_what_may_not_be_read_are_not_shown(city, signed_in):
    a_complaint(Status.RESOLVED, contact=Contact(email="ben@citizen.example"))
    a_complaint(Status.RESOLVED, contact=None)
    a_complaint(Status.RESOLVED, contact=Contact(phone="0912345678"))
    private = a_complaint(category="noise")
    mine = a_complaint(category="drains", contact=ANA)
    chi = signed_in(an_official("Chi", department=DRAINAGE))

    assert private.department_id != mine.department_id
    assert panel(chi, mine) is None


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (Contact(email="Ana@Citizen.example"), ANA),
        (Contact(phone="+84912345678"), Contact(phone="0912345678")),
    ],
)
def test_one_address_or_number_is_one_however_it_is_written(city, signed_in, before, now):
    first = a_complaint(Status.RESOLVED, contact=before)

    assert first.reference in text_of(panel(signed_in(an_official()), a_complaint(contact=now)))


def test_it_is_closed_as_a_repeat_with_reasons_and_the_desk_remembers_of_what(thrice):
    bo, third, before = thrice

    answer = close(bo, third, *before)

    assert answer.status_code == 303
    assert status(third) is Status.DECLINED
    history = text_of(bo.page(screen_of(third)).select_one(".history"))
    assert "Closed as a repeat of: " + ", ".join(sorted(one.reference for one in before)) in history
    assert "We answered this twice." in history


def test_with_one_answer_it_is_not_and_what_was_typed_and_chosen_stays(thrice):
    bo, third, before = thrice

    answer = close(bo, third, before[0])

    assert answer.status_code == 422
    assert status(third) is Status.RECEIVED
    shown = soup_of(answer).select_one("#repeats")
    assert "there are 2 answers at least" in text_of(shown.select_one(".fault"))
    assert shown.select_one(f"#repeat-{before[0].reference}").has_attr("checked")
    assert not shown.select_one(f"#repeat-{before[1].reference}").has_attr("checked")
    assert text_of(shown.select_one("#repeats-reason")) == "We answered this twice."


def test_what_is_not_answered_does_not_count_and_unlocks_nothing(city, signed_in):
    bo = signed_in(an_official())
    waiting, resolved, third = a_complaint(), a_complaint(Status.RESOLVED), a_complaint()

    shown = panel(bo, third)

    assert shown.select_one("form") is None
    assert "after 2 answers. So far: 1." in text_of(shown)
    assert close(bo, third, waiting, resolved).status_code == 422


def test_what_another_person_said_does_not_count(thrice):
    bo, third, before = thrice
    other = a_complaint(Status.RESOLVED, contact=Contact(email="ben@citizen.example"))

    assert close(bo, third, before[0], other).status_code == 422


def test_the_answer_before_it_was_reopened_counts(city, signed_in):
    bo = signed_in(an_official())
    before, again = a_complaint(Status.RESOLVED), a_complaint(Status.RESOLVED)
    reopening.reopen(again, words="It is dark again.")
    db.session.commit()

    assert close(bo, again).status_code == 422
    assert close(bo, again, before).status_code == 303


def test_a_private_one_elsewhere_is_not_told_by_its_number(city, signed_in):
    phone = Contact(phone="0912345678")
    private = a_complaint(category="noise", contact=phone)
    mine = a_complaint(category="drains", contact=phone)

    assert panel(signed_in(an_official("Chi", department=DRAINAGE)), mine) is None
    assert private.reference in text_of(panel(signed_in(an_official("Dee", role=Role.COORDINATOR)), mine))


@pytest.mark.parametrize("missing", ["reason", "remedy"])
def test_reasons_are_given(thrice, missing):
    bo, third, before = thrice

    assert close(bo, third, *before, **{missing: " "}).status_code == 422
    assert status(third) is Status.RECEIVED


def test_a_report_of_five_people_is_not_closed_as_a_repeat(thrice):
    bo, third, before = thrice
    for number in range(4):
        joining.join(third, key=uuid4(), contact=Contact(email=f"p{number}@citizen.example"), language="vi")
    db.session.commit()

    answer = close(bo, third, *before)

    assert answer.status_code == 409
    assert "5 people or more report this" in text_of(soup_of(answer))
    assert status(third) is Status.RECEIVED
