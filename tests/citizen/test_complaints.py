"""The public page: what everybody may see of a report, and the way to it by its number."""

import pytest

from cps.complaints import lifecycle
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.photos.models import Purpose
from tests.citizen.acts import a_shown_photo
from tests.makers import a_complaint, an_official
from tests.pageclient import soup_of, text_of


def test_everybody_sees_what_was_reported_and_what_the_city_did(city, ana):
    complaint = a_complaint(Status.RESOLVED)
    a_shown_photo(complaint)
    a_shown_photo(complaint, Purpose.AFTER)

    page = ana.page(f"/complaints/{complaint.reference}")

    words = text_of(page)
    assert complaint.words in words
    assert "Hoan Kiem Ward · cạnh tháp bút" in words
    assert "We changed the lamp." in words
    assert [text_of(when) for when in page.select(".photo-when")] == ["Before", "After"]
    assert ana.get(page.select_one(".photos img")["src"]).status_code == 200


def test_nobody_sees_who_reported_it_or_what_officials_note(city, ana):
    bo = an_official("Bobinsky")
    complaint = a_complaint(Status.WAITING, by=bo)
    lifecycle.note(complaint, by=bo, words="He calls every day.")
    lifecycle.answer(complaint, words="I live at number 5, call 0912345678.")
    db.session.commit()

    answer = ana.get(f"/complaints/{complaint.reference}")
    page = answer.text

    assert len(soup_of(answer).select(".timeline li")) == 5  # received, assigned, started, asked, answered
    for private in (
        "ana@citizen.example",
        "Bobinsky",
        "He calls every day.",
        "0912345678",
        "Which lamp",
        "/track/",
    ):
        assert private not in page
    assert "The reporter answered." in page


def test_a_question_is_not_put_to_everybody(city, ana):
    complaint = a_complaint(Status.WAITING)

    standing = text_of(ana.page(f"/complaints/{complaint.reference}").select_one(".standing"))

    assert "Waiting for the reporter" in standing
    assert "Please answer" not in standing


def test_a_private_report_is_as_unknown_as_none_at_all(city, ana):
    private = a_complaint(category="noise")

    there = ana.get(f"/complaints/{private.reference}")
    not_there = ana.get("/complaints/0000-0000")

    assert there.status_code == not_there.status_code == 404
    assert there.text.replace(private.reference, "0000-0000") == not_there.text


def test_a_number_is_found_however_it_is_typed(city, ana):
    complaint: Complaint = a_complaint()
    typed = f" {complaint.reference.lower().replace('-', ' ')} "

    answer = ana.get("/complaints", query_string={"reference": typed})

    assert (answer.status_code, answer.location) == (303, f"/complaints/{complaint.reference}")


@pytest.mark.parametrize("typed", ["zzz", "7K3M-9QAA", "<b>", "7K3M\x009QAZ1234"])
def test_what_is_no_number_is_told_and_kept(ana, typed):
    answer = ana.get("/complaints", query_string={"reference": typed})

    page = soup_of(answer)
    assert answer.status_code == 422
    assert "not a receipt number" in text_of(page.select_one("#reference-fault"))
    assert page.select_one("#reference")["value"] == typed.replace("\x00", "")


def test_without_a_number_there_is_the_list(ana):
    answer = ana.get("/complaints")

    assert (answer.status_code, answer.location) == (303, "/reports")


def test_guessing_numbers_ends_after_sixty(city, ana):
    guessed = [ana.get("/complaints/0000-0000").status_code for _ in range(61)]

    assert guessed == [404] * 60 + [429]
