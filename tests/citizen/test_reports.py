"""The report form: Ana files with whatever she has, and nothing she typed is ever lost."""

import html
import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from cps.city.queries import in_force
from cps.complaints.contacts import Reporter
from cps.complaints.models import Complaint, Event
from cps.kernel.db import db
from cps.web import language
from tests.citizen.acts import OWN, send, send_again
from tests.makers import a_key, a_report_form
from tests.pageclient import soup_of, text_of

WEST_LAKE = "00103"  # Phường Tây Hồ


def the_complaint() -> Complaint:
    db.session.rollback()
    return db.session.scalars(select(Complaint)).one()


def nothing_is_filed() -> bool:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Complaint)) == 0


def test_the_landing_page_is_the_form(ana):
    page = ana.page("/")

    assert text_of(page.h1) == "Report a problem"
    assert page.select_one("form[action='/complaints'] input[name=key]")["value"]
    assert page.select_one("input[name=photos]")["accept"] == "image/*"
    assert {link["href"] for link in page.select(".emergency a")} >= {"tel:113", "tel:114", "tel:115"}


def test_the_example_of_coordinates_lies_in_the_city(ana, app):
    with app.app_context():
        centre = in_force().profile.map

    hint = text_of(ana.page("/").select_one("#coordinates-hint"))

    assert hint == f"Latitude first, for example: {centre.latitude:.4f}, {centre.longitude:.4f}"


def test_an_area_is_called_what_the_city_calls_it(ana, monkeypatch, app):
    with app.app_context():
        there = in_force()
    district = replace(there, profile=replace(there.profile, area_kind={"en": "District"}))

    usual = text_of(ana.page("/").select_one("label[for=area]"))
    monkeypatch.setattr(language, "in_force", lambda: district)
    own = text_of(ana.page("/").select_one("label[for=area]"))

    assert (usual, own) == ("Ward", "District")


def test_every_page_has_a_key_of_its_own(ana):
    keys = {ana.page("/").select_one("input[name=key]")["value"] for _ in range(2)}

    assert len(keys) == 2


def test_the_first_pictures_are_the_citys_and_the_rest_is_behind_more(ana):
    page = ana.page("/")

    shown = [tile["value"] for tile in page.select("fieldset > .tiles input")]
    more = [tile["value"] for tile in page.select("details .tiles input")]
    assert shown[:2] == ["pothole", "street-light"]
    assert "noise" in more
    assert len(shown) + len(more) == 20


def test_wards_stand_in_the_order_of_their_bare_letters(ana):
    ana.set_cookie("language", "vi")

    names = [option.text for option in ana.page("/").select("#area option")][1:]

    assert len(names) == 126
    assert names.index("Phường Ba Đình") < names.index("Phường Đống Đa") < names.index("Phường Hà Đông")


def test_filing_leads_to_the_private_link_and_from_there_to_the_page_with_the_number(city, ana):
    answer = send(ana)
    after = ana.get(answer.location)
    page = ana.page(after.location)

    complaint = the_complaint()
    assert (answer.status_code, after.status_code) == (303, 303)
    assert re.fullmatch(r"/track/[\w-]{22}\?new=1", answer.location)
    assert text_of(page.select_one(".confirmation .number")) == complaint.reference
    assert "Hapulico" in text_of(page.select_one(".confirmation"))
    assert "10 January 2030" in text_of(page.select_one(".confirmation"))
    assert text_of(page.select_one(".link")) == f"http://localhost{answer.location.partition('?')[0]}"


def test_the_form_as_a_browser_without_scripts_sends_it_is_filed(city, ana):
    page = ana.page("/")

    answer = send_again(ana, page, category="pothole", coordinates="21.0287, 105.8523")

    assert answer.status_code == 303
    assert the_complaint().area.code is not None


@pytest.mark.parametrize(
    "place",
    [
        {"latitude": "21.0287", "longitude": "105.8523"},
        {"coordinates": "21.0287, 105.8523"},
        {"coordinates": "21°1'43\"N 105°51'8\"E"},
        {"landmark": "ngõ 12 Lý Thái Tổ"},
        {"area": WEST_LAKE},
    ],
    ids=["phone", "numbers", "degrees", "landmark", "ward"],
)
def test_any_one_way_to_say_where_is_enough(city, ana, place):
    nowhere = {"latitude": "", "longitude": "", "landmark": "", "area": ""}

    answer = send(ana, **{**nowhere, **place})

    assert answer.status_code == 303


def test_coordinates_typed_by_hand_go_before_those_of_the_phone(city, ana):
    send(ana, latitude="21.1", longitude="105.8", coordinates="21.0287, 105.8523")

    assert the_complaint().point.latitude == 21.0287


def test_the_same_form_again_leads_to_the_same_complaint_and_nothing_is_done_twice(city, ana):
    key = str(a_key())

    first = send(ana, key=key)
    second = send(ana, key=key, words="changed meanwhile", contact="no contact at all")

    assert second.status_code == 303
    assert second.location == first.location
    assert the_complaint().words == a_report_form()["words"]
    assert db.session.scalar(select(func.count()).select_from(Event)) == 1


def test_a_phone_number_in_the_digits_of_another_script_is_understood(city, ana):
    send(ana, contact="९८४१ २३४ ५६७")

    reporter = db.session.scalars(select(Reporter)).one()
    assert reporter.phone == "9841234567"


def test_the_contact_is_kept_apart_and_the_language_with_it(city, ana):
    send(ana, contact="+84 912 345 678")

    reporter = db.session.scalars(select(Reporter)).one()
    assert (reporter.phone, reporter.email, reporter.language) == ("+84912345678", None, "en")


def test_an_empty_form_is_told_both_things_that_are_missing(city, ana):
    empty = dict.fromkeys(a_report_form(), "")

    answer = send(ana, **empty)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert [link["href"] for link in page.select(".summary a")] == ["#place", "#category"]
    assert all(page.select(link["href"]) for link in page.select(".summary a"))
    assert page.select_one(".summary")["data-behaviour"] == "focus"
    assert nothing_is_filed()


def test_a_fault_loses_nothing_that_was_typed(city, ana):
    fields = a_report_form(category="noise", area=WEST_LAKE, contact="nobody", words="\n dòng một\ndòng hai")

    answer = send(ana, **fields)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert page.select_one("input[name=key]")["value"] == fields["key"]
    assert page.select_one("input[name=category][checked]")["value"] == "noise"
    assert page.select_one("details:has(input[value=noise])").has_attr("open")
    assert page.select_one("#landmark")["value"] == fields["landmark"]
    assert page.select_one("#area option[selected]")["value"] == WEST_LAKE
    assert page.select_one("input[name=latitude]")["value"] == fields["latitude"]
    assert page.select_one("#words").text.strip() == "dòng một\ndòng hai"
    assert page.select_one("#contact")["value"] == "nobody"
    assert page.select_one("#contact")["aria-invalid"] == "true"
    assert nothing_is_filed()


def test_all_faults_are_told_at_once(city, ana):
    answer = send(ana, category="", coordinates="here", words="x" * 2001, contact="nobody")

    assert [link["href"] for link in soup_of(answer).select(".summary a")] == [
        "#place",
        "#category",
        "#words",
        "#contact",
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("10.7769, 106.7009", "This point is outside Hanoi"),
        ("20.0, 107.5", "This point is outside Hanoi"),
        ("105.8523, 21.0287", "look swapped"),
        ("nan, nan", "could not read this place"),
        ("1e999, 105.8", "could not read this place"),
        ("by the lake", "could not read this place"),
        ("91, 181", "does not exist"),
    ],
    ids=["another city", "the sea", "swapped", "not a number", "endless", "words", "nowhere on Earth"],
)
def test_a_point_that_cannot_be_is_refused_with_its_reason_and_kept(city, ana, typed, told):
    answer = send(ana, latitude="", longitude="", coordinates=typed)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert told in text_of(page.select_one("#place-fault"))
    assert page.select_one("#coordinates")["value"] == typed
    assert page.select_one("details:has(#coordinates)").has_attr("open")
    assert nothing_is_filed()


@pytest.mark.parametrize("pair", [("NaN", "105.8"), ("105.85", "21.02"), ("21.02", ""), ("inf", "-inf")])
def test_a_bad_point_from_a_script_is_refused_too(city, ana, pair):
    answer = send(ana, latitude=pair[0], longitude=pair[1])

    assert answer.status_code == 422
    assert soup_of(answer).select_one("#place-fault")
    assert nothing_is_filed()


def test_two_thousand_characters_are_taken_and_one_more_is_not(city, ana):
    longest = "ố" * 2000

    refused = send(ana, words=longest + "x")
    assert nothing_is_filed()
    taken = send(ana, words=longest)

    page = soup_of(refused)
    assert refused.status_code == 422
    assert "2,001 characters" in text_of(page.select_one("#words-fault"))
    assert page.select_one("#words").text.strip() == longest + "x"
    assert taken.status_code == 303
    assert the_complaint().words == longest


@pytest.mark.parametrize(("field", "value"), [("category", "dragons"), ("area", "99999")])
def test_what_the_city_does_not_know_is_refused(city, ana, field, value):
    answer = send(ana, **{"latitude": "", "longitude": "", field: value})

    assert answer.status_code == 422
    assert nothing_is_filed()


def test_nul_and_deceiving_characters_are_left_out(city, ana):
    answer = send(ana, words="đèn\x00 \u202etắt\u2066", landmark="ngõ\x00 12\n\u202e")

    complaint = the_complaint()
    assert answer.status_code == 303
    assert (complaint.words, complaint.landmark) == ("đèn tắt", "ngõ 12")


def test_what_a_citizen_types_is_shown_as_text(city, ana):
    answer = send(ana, words="<script>alert(1)</script>", landmark='"><b>', contact="<i>")

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert html.escape("<script>alert(1)</script>") in answer.text


def test_a_form_that_another_site_sends_is_refused_with_a_page(city, ana):
    answer = ana.post("/complaints", data=a_report_form(), headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "another site" in text_of(answer)
    assert nothing_is_filed()


def test_a_form_without_a_usable_key_is_filed_all_the_same(city, ana):
    answer = send(ana, key="not a key")

    assert answer.status_code == 303


def test_a_request_beyond_the_limit_is_told_so(city, ana, monkeypatch):
    monkeypatch.setitem(ana.application.config, "MAX_CONTENT_LENGTH", 1000)

    answer = ana.post("/complaints", data=a_report_form(words="x" * 2000), headers=OWN)

    assert answer.status_code == 413
    assert "too large" in text_of(answer)


def test_search_engines_are_kept_from_private_pages(ana):
    rules = ana.get("/robots.txt").text

    assert "Disallow: /my/" in rules
    assert "Disallow: /track/" in rules
