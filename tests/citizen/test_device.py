"""My reports on this device, the look-up by phone digits, and how both are kept from others."""

import pytest

from cps.complaints.reporters import Contact
from tests.citizen.acts import OWN, open_link
from tests.makers import a_complaint
from tests.pageclient import text_of

PHONE = Contact(phone="+84912345678")


def _look_up(browser, reference, digits):
    page = browser.page("/my")
    return browser.submit(page, "/my/lookups", reference=reference, digits=digits)


def _open(browser, *complaints):
    """Open the private links, and go on to their pages."""
    for complaint in complaints:
        open_link(browser, complaint)
        browser.page(f"/my/{complaint.reference}")


def test_what_was_opened_here_is_listed_here_and_nothing_else(city, ana):
    mine, too, other = a_complaint(), a_complaint(), a_complaint()
    _open(ana, mine, too)

    answer = ana.get("/my")

    assert mine.reference in text_of(answer)
    assert too.reference in text_of(answer)
    assert other.reference not in text_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_report_is_forgotten_and_the_others_stay(city, ana):
    mine, too = a_complaint(), a_complaint()
    _open(ana, mine, too)

    ana.submit(ana.page(f"/my/{mine.reference}"), f"/{mine.reference}/forgotten")

    assert ana.get(f"/my/{mine.reference}").status_code == 404
    assert ana.get(f"/my/{too.reference}").status_code == 200


def test_a_shared_phone_forgets_everything_at_a_touch(city, ana):
    mine, too = a_complaint(), a_complaint()
    _open(ana, mine, too)

    answer = ana.submit(ana.page("/my"), "/my/forgotten")
    page = text_of(ana.get(answer.location))

    assert "Forgotten on this device" in page
    assert mine.reference not in page
    assert ana.get(f"/my/{mine.reference}").status_code == 404
    assert ana.get(f"/my/{too.reference}").status_code == 404


@pytest.mark.parametrize("digits", ["5678", "५६७८"])
def test_number_and_phone_digits_open_the_report_as_its_link_would(city, ana, digits):
    mine = a_complaint(contact=PHONE)

    answer = _look_up(ana, mine.reference.lower(), digits)

    assert (answer.status_code, answer.location) == (303, f"/my/{mine.reference}")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert ana.get(answer.location).status_code == 200


def test_nobody_learns_which_of_the_two_was_wrong(city, ana):
    mine, unreachable = a_complaint(contact=PHONE), a_complaint(contact=None)

    answers = [
        _look_up(ana, reference, digits)
        for reference, digits in (
            (mine.reference, "0000"),
            ("0000-0000", "5678"),
            (unreachable.reference, ""),
            (mine.reference, "8"),
        )
    ]

    faults = {text_of(answer).replace(mine.reference, "") for answer in answers}
    assert {answer.status_code for answer in answers} == {422}
    assert len(faults) == 1
    assert ana.get(f"/my/{mine.reference}").status_code == 404


def test_five_wrong_tries_from_an_address_are_enough(city, ana):
    mine = a_complaint(contact=PHONE)
    for number in range(5):
        _look_up(ana, a_complaint().reference, f"000{number}")

    answer = _look_up(ana, mine.reference, "5678")

    assert answer.status_code == 429
    assert "15 minutes" in text_of(answer)


def test_a_report_is_tried_five_times_whoever_tries(city, ana):
    mine = a_complaint(contact=PHONE)

    tries = [
        ana.post(
            "/my/lookups",
            data={"reference": mine.reference, "digits": f"000{number}"},
            headers=OWN,
            environ_base={"REMOTE_ADDR": f"198.51.100.{number}"},
        ).status_code
        for number in range(6)
    ]

    assert tries == [422] * 5 + [429]
