"""What the report form asks beside what and where, for Ana without scripts and for the scripts themselves."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from cps.city.queries import in_force
from cps.complaints.contacts import Reporter
from cps.complaints.models import Complaint, Event
from cps.kernel.db import db
from cps.people.models import Role
from tests.citizen.acts import OWN, open_link, send, send_again
from tests.makers import MONDAY, a_complaint, a_photo, a_report_form, an_official
from tests.pageclient import soup_of, text_of

HERE = {"coordinates": "21.0287, 105.8523"}


def the_complaint() -> Complaint:
    db.session.rollback()
    return db.session.scalars(select(Complaint)).one()


def the_receipt() -> Event:
    return db.session.scalars(select(Event).where(Event.complaint_id == the_complaint().id)).one()


def nothing_is_filed() -> bool:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Complaint)) == 0


def a_photo_of(minutes_ago: float) -> BytesIO:
    exif = Image.Exif()
    taken = MONDAY - timedelta(minutes=minutes_ago)
    exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    return a_photo((80, 60), exif=exif)


def test_without_scripts_the_questions_come_after_the_first_sending_and_all_is_kept(city, ana):
    first = send_again(ana, ana.page("/"), category="public-transport", words="every night", **HERE)

    page = soup_of(first)
    assert first.status_code == 422
    assert nothing_is_filed()
    assert [link["href"] for link in page.select(".summary a")] == ["#questions", "#question-route"]
    assert page.select_one("#words").text.strip() == "every night"
    assert page.select_one("input[name=category][checked]")["value"] == "public-transport"
    assert send_again(ana, page, **{"question-route": "32"}).status_code == 303
    assert the_complaint().answers == {"route": "32"}


def test_many_answers_are_kept_in_the_order_of_the_list(city, ana):
    fields = MultiDict(a_report_form(category="noise"))
    fields.setlist("question-source", ["other", "karaoke"])

    answer = ana.post("/complaints", data=fields, headers=OWN)

    assert answer.status_code == 303
    assert the_complaint().answers == {"source": ["karaoke", "other"]}


def test_answers_that_are_wrong_are_told_and_kept(city, ana):
    answer = send(ana, category="construction", **{"question-storeys": "many"})

    page = soup_of(answer)
    assert answer.status_code == 422
    assert page.select_one("#question-storeys")["value"] == "many"
    assert page.select_one("#question-storeys")["aria-invalid"] == "true"
    assert "in digits" in text_of(page.select_one("#question-storeys-fault"))
    assert nothing_is_filed()


def test_optional_questions_are_shown_once_and_do_not_hold_anybody_up_again(city, ana):
    first = send_again(ana, ana.page("/"), category="drains", **HERE)

    answer = send_again(ana, soup_of(first))

    assert first.status_code == 422
    assert answer.status_code == 303
    assert the_complaint().answers is None


def test_a_program_that_sends_no_mark_of_the_page_is_held_up_by_required_answers_only(city, ana):
    refused = send(ana, category="public-transport")
    taken = send(ana, category="drains")

    assert (refused.status_code, taken.status_code) == (422, 303)


def test_an_address_may_name_the_category_and_then_the_questions_are_there_at_once(ana):
    page = ana.page("/?category=noise")

    assert page.select_one("input[name=asked]")["value"] == "noise"
    assert page.select("input[type=checkbox][name=question-source]")


def test_answers_are_shown_to_the_reporter_and_only_public_ones_to_everybody(city, ana, client):
    complaint = a_complaint(category="construction", answers={"storeys": ["9"]})
    secret = a_complaint(category="food-safety", answers={"ate": ["2030-01-06"]})
    for one in (complaint, secret):
        open_link(ana, one)

    everybody = text_of(ana.page(f"/complaints/{complaint.reference}"))

    assert "How many storeys does it have? 9" in everybody
    assert "6 January 2030" in text_of(ana.page(f"/my/{secret.reference}"))
    assert "Which day" not in text_of(ana.page(f"/complaints/{secret.reference}"))


def test_the_desk_sees_every_answer(city, signed_in):
    complaint = a_complaint(category="food-safety", answers={"ate": ["2030-01-06"]})
    browser = signed_in(an_official(department=complaint.department.code))

    page = browser.page(f"/desk/complaints/{complaint.reference}?language=en")

    assert "Which day did you eat or buy it?" in text_of(page.select_one(".answers"))


def test_scripts_get_the_questions_and_nothing_where_nothing_is_asked(ana):
    there = ana.get("/categories/noise/questions.json?v=1-vi")

    assert "Tiếng ồn từ đâu?" in there.json["html"]
    assert there.cache_control.max_age
    assert ana.get("/categories/pothole/questions.json").status_code == 404
    assert ana.get("/categories/dragons/questions.json").status_code == 404


def test_scripts_get_the_words_to_look_out_for(ana):
    words = ana.get("/categories/words.json?v=1-en").json

    assert " fire " in words["emergency"]["words"]
    assert set(words["find"]) == {
        category["value"] for category in ana.page("/").select("input[name=category]")
    }
    assert any("staff-conduct" in office["categories"] for office in words["elsewhere"])


def test_words_of_danger_show_the_numbers_first_and_sending_stays_possible(city, ana):
    first = send_again(ana, ana.page("/"), category="pothole", words="nhà đang cháy", **HERE)
    page = soup_of(first)

    assert first.status_code == 422
    assert nothing_is_filed()
    assert {link["href"] for link in page.select(".before-sending .call a")} >= {"tel:113", "tel:114"}
    assert text_of(page.select_one(".before-sending button")) == "Send anyway"
    assert send_again(ana, page).status_code == 303
    assert the_complaint().words == "nhà đang cháy"


def test_what_another_office_decides_is_explained_and_can_be_sent_all_the_same(city, ana):
    first = send_again(ana, ana.page("/"), category="pothole", words="There is a lawsuit", **HERE)
    page = soup_of(first)

    assert "Cases before a court" in text_of(page.select_one(".before-sending"))
    assert not page.select(".before-sending .call")
    assert send_again(ana, page).status_code == 303


def test_a_search_without_scripts_shows_what_fits_and_keeps_everything(ana):
    fields = a_report_form(category="", words="kept", find="den duong", action="find", asked="")

    answer = ana.post("/complaints", data=fields, headers=OWN)

    page = soup_of(answer)
    assert answer.status_code == 200
    assert [tile["value"] for tile in page.select("fieldset > .tiles input")] == ["street-light"]
    assert len(page.select("details .tiles input")) == 19
    assert page.select_one("#words").text.strip() == "kept"
    assert not page.select(".summary")


def test_a_search_that_finds_nothing_says_so_and_hides_nothing(ana):
    page = ana.page("/?find=xyzzy")

    assert "Nothing found" in text_of(page.select_one(".find-status"))
    assert len(page.select(".tile input")) == 20


def test_two_photos_a_minute_apart_are_filed_as_meant(city, ana):
    photos = [(a_photo_of(5), "1.jpg"), (a_photo_of(3), "2.jpg")]

    answer = send(ana, category="parking", photos=photos)

    assert answer.status_code == 303
    assert the_complaint().category.code == "parking"


@pytest.mark.parametrize(
    ("minutes", "lack", "told"),
    [
        ([5], "photos", "fewer photos than needed"),
        ([5, 4.5], "interval", "too soon after each other"),
        ([1500, 5], "fresh", "not taken just before sending"),
    ],
)
def test_without_the_evidence_it_is_filed_as_the_city_says_and_the_reporter_is_told_why(
    city, ana, minutes, lack, told
):
    photos = [(a_photo_of(ago), f"{n}.jpg") for n, ago in enumerate(minutes)]

    send(ana, category="parking", photos=photos, **{"question-plate": "30A-123.45"})

    complaint, receipt = the_complaint(), the_receipt()
    open_link(ana, complaint)
    page = text_of(ana.page(f"/my/{complaint.reference}"))
    assert complaint.category.code == "other"
    assert (receipt.details["instead_of"], receipt.details["lacking"]) == ("parking", [lack])
    assert told in page
    assert "30A-123.45" in page


def test_the_consent_that_was_shown_is_kept_with_the_report(city, ana):
    page = ana.page("/")

    send_again(ana, page, category="pothole", **HERE)

    assert "By sending you agree" in text_of(page.select_one("#consent"))
    assert the_receipt().details["consent"] == in_force().profile.asks.consent.mark
    assert "Version 2026-11" in text_of(ana.page("/consent"))


def test_a_form_with_a_text_that_changed_meanwhile_is_shown_again_with_the_new_one(city, ana):
    page = ana.page("/")
    page.select_one("input[name=consent]")["value"] = "2020-01 0123456789ab"

    answer = send_again(ana, page, category="pothole", **HERE)

    again = soup_of(answer)
    assert [link["href"] for link in again.select(".summary a")] == ["#consent"]
    assert nothing_is_filed()
    assert send_again(ana, again).status_code == 303


@pytest.mark.parametrize(
    ("category", "wanted", "is_public"),
    [
        ("construction", "private", False),
        ("construction", "public", True),
        ("construction", "", True),
        ("pothole", "private", True),
        ("staff-conduct", "public", False),
    ],
)
def test_who_may_read_it_is_the_reporters_choice_where_the_city_allows(
    city, ana, category, wanted, is_public
):
    send(ana, category=category, visibility=wanted)

    assert the_complaint().is_public is is_public


def test_a_name_is_kept_apart_shown_to_officials_for_a_reason_and_never_public(city, ana, signed_in):
    send(ana, contact="", name="Nguyễn  Văn An")

    complaint = the_complaint()
    reporter = db.session.scalars(select(Reporter)).one()
    desk = signed_in(an_official(role=Role.HEAD, department=complaint.department.code))
    at = f"/desk/complaints/{complaint.reference}"
    page = desk.page(at)
    shown = desk.submit(page, "/reveals", reason="to ask")
    assert (reporter.name, reporter.email, reporter.phone) == ("Nguyễn Văn An", None, None)
    assert "Nguyễn" not in text_of(page)
    assert "Nguyễn Văn An" in text_of(shown)
    open_link(ana, complaint)
    assert "Nguyễn" not in text_of(ana.page(f"/complaints/{complaint.reference}"))


def test_a_name_that_is_too_long_is_a_fault(city, ana):
    answer = send(ana, name="x" * 101)

    assert [link["href"] for link in soup_of(answer).select(".summary a")] == ["#name"]
