"""Insults are masked wherever citizens' words are shown; officials can ask to read them as they were written."""

import pytest
from sqlalchemy import select

from cps.city.queries import in_force
from cps.complaints import lifecycle, quarantine
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.notify import officials
from cps.people.models import Role
from tests.citizen.acts import open_link
from tests.makers import a_complaint, an_official
from tests.pageclient import text_of
from tests.recurring import a_report_on, looked, problems

WRITTEN = "Sửa đèn đi, ĐỒ NGU!"
MASKED = "Sửa đèn đi, •••!"
PLACE = "trước nhà thằng ngu"


@pytest.fixture
def insulting(city):
    return a_complaint(words=WRITTEN, landmark=PLACE)


def test_what_was_written_is_kept(insulting):
    kept = db.session.scalars(select(Complaint)).one()

    assert (kept.words, kept.landmark) == (WRITTEN, PLACE)


@pytest.mark.parametrize(
    "path",
    [
        "/complaints/{}",
        "/reports",
        "/reports.atom",
        "/reports?q=sửa",
        "/map/reports.json?west=105&south=21&east=106&north=22&zoom=13",
    ],
)
def test_no_public_page_shows_an_insult(client, insulting, path):
    page = client.get(path.format(insulting.reference))

    assert page.status_code == 200
    assert insulting.reference in page.text
    assert "ĐỒ NGU" not in page.text
    assert "thằng ngu" not in page.text


@pytest.mark.parametrize("path", ["/complaints/{}", "/reports", "/reports.atom"])
def test_public_pages_say_that_something_is_masked(client, insulting, path):
    assert MASKED in client.get(path.format(insulting.reference)).text


def test_who_wrote_it_reads_the_own_words(client, insulting):
    open_link(client, insulting)

    assert WRITTEN in client.get(f"/my/{insulting.reference}").text


def test_an_insult_at_the_end_of_the_first_words_is_masked_whole(client, city):
    complaint = a_complaint(words="a" * 136 + " idiot và nữa")

    page = client.get("/reports").text

    assert complaint.reference in page
    assert "a idi" not in page


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/complaints/{}/preview", "/desk/field?latitude=21&longitude=105"]
)
def test_lists_of_the_desk_are_masked(bo, signed_in, insulting, path):
    lifecycle.assign(insulting, to=bo, by=bo)
    db.session.commit()
    answer = signed_in(bo).get(path.format(insulting.reference))
    shown = answer.json["html"] if answer.is_json else answer.text

    assert MASKED in shown
    assert "ĐỒ NGU" not in shown
    assert "thằng ngu" not in shown


def test_the_screen_masks_and_shows_the_words_to_who_asks(bo, signed_in, insulting):
    page = signed_in(bo).page(f"/desk/complaints/{insulting.reference}")
    asked = page.select("details.as-written")

    assert text_of(page.select_one("p.words")) == MASKED
    assert [text_of(one.p) for one in asked] == [WRITTEN, PLACE]
    assert {text_of(one.summary) for one in asked} == {"Show the words as written"}
    assert not any(one.has_attr("open") for one in asked)


def test_what_a_citizen_wrote_later_is_masked_in_history_and_what_officials_write_is_not(bo, signed_in):
    complaint = a_complaint(Status.WAITING, by=bo)
    lifecycle.answer(complaint, words="Ở cạnh nhà ông ấy, óc chó ạ.")
    lifecycle.note(complaint, by=bo, words="He said idiot on the phone.")
    db.session.commit()
    history = signed_in(bo).page(f"/desk/complaints/{complaint.reference}").select_one(".history")
    answer = history.select_one(".event-answered")

    assert text_of(answer.select_one(".event-words")) == "Ở cạnh nhà ông ấy, ••• ạ."
    assert text_of(answer.select_one(".as-written p")) == "Ở cạnh nhà ông ấy, óc chó ạ."
    assert "He said idiot on the phone." in text_of(history.select_one(".event-noted"))
    assert not history.select(".event-noted .as-written")


def test_a_polite_report_has_nothing_to_show(bo, signed_in):
    complaint = a_complaint()

    assert not signed_in(bo).page(f"/desk/complaints/{complaint.reference}").select(".as-written")


def test_reports_of_the_same_reporter_are_masked_beside_it(bo, signed_in, insulting):
    again = a_complaint(contact=Contact(email="ana@citizen.example"))

    panel = signed_in(bo).page(f"/desk/complaints/{again.reference}").select_one("#repeats")

    assert MASKED in text_of(panel)
    assert "ĐỒ NGU" not in text_of(panel)


def test_two_reports_side_by_side_are_masked(bo, signed_in, insulting):
    other = a_complaint()
    page = signed_in(bo).get(f"/desk/complaints/{other.reference}/mergers/{insulting.reference}")

    assert MASKED in page.text
    assert "ĐỒ NGU" not in page.text
    assert "thằng ngu" not in page.text


def test_mails_to_officials_mask_the_place(insulting):
    assert officials.place_of(insulting, in_force(), "vi").endswith("trước nhà •••")


def test_a_report_set_aside_is_masked_on_its_screen_too(bo, signed_in, insulting):
    quarantine.set_aside(insulting, by=bo, cause="abuse", reason="Insults us.")
    db.session.commit()
    page = signed_in(an_official("Eve", role=Role.HEAD)).page(f"/desk/complaints/{insulting.reference}")

    assert text_of(page.select_one("p.words")) == MASKED


def test_what_is_near_shows_no_insult(insulting, bo, signed_in):
    page = signed_in(bo).page(f"/desk/complaints/{a_complaint().reference}/nearby")

    assert MASKED in text_of(page)
    assert "ĐỒ NGU" not in str(page)
    assert "thằng ngu" not in str(page)


def test_what_comes_back_shows_no_insult(city, bo, signed_in):
    for day in range(3):
        a_report_on(day, words=WRITTEN, landmark=PLACE)
    looked(4)

    page = signed_in(bo).page(f"/desk/recurring/{problems()[0].id}")

    assert MASKED in text_of(page)
    assert "ĐỒ NGU" not in str(page)
    assert "thằng ngu" not in str(page)
