"""Ana looks a place up by its name: nothing is set that she did not choose, and nothing she typed is lost."""

import pytest
from sqlalchemy import select

from cps.complaints.models import Complaint
from cps.geo import geocoding
from cps.kernel.db import db
from tests.citizen.acts import OWN, send, send_again
from tests.geo.test_geocoding import a_geocoder
from tests.makers import a_photo, a_report_form
from tests.pageclient import soup_of, text_of

NOWHERE = {"latitude": "", "longitude": "", "landmark": "", "area": ""}
HONG_HA = "00097"
OPERA = {"lat": "21.0243", "lon": "105.8577", "display_name": "Nhà hát múa rối Zem, Hoàn Kiếm, Hà Nội"}
DA_NANG = {"lat": "16.06", "lon": "108.22", "display_name": "Zem ở Đà Nẵng"}


@pytest.fixture
def geocoder():
    with a_geocoder() as fake:
        geocoding.use(f"nominatim:{fake.url}", user_agent="cps")
        yield fake
    geocoding.use("", user_agent="")


def looked_up(browser, landmark, **fields):
    answer = browser.post(
        "/complaints",
        data=a_report_form(**{**NOWHERE, **fields}, action="place") | {"landmark": landmark},
        headers=OWN,
    )
    assert answer.status_code == 200, answer.status
    return soup_of(answer)


def offered(page):
    return {text_of(choice.parent): choice["value"] for choice in page.select("input[name=spot]")}


def pieces(browser, query, **more):
    answer = browser.get("/places.json", query_string={"q": query, "v": "1-en", **more})
    assert answer.status_code == 200
    return answer


def the_complaint():
    db.session.rollback()
    return db.session.scalars(select(Complaint)).one()


def nothing_is_filed():
    db.session.rollback()
    return db.session.scalars(select(Complaint)).all() == []


def test_a_place_is_offered_with_what_tells_it_apart_and_nothing_is_filed(city, ana):
    page = looked_up(ana, "lang ha")

    places = offered(page)
    assert places["Phố Láng Hạ Lang Ward"] == "21.016700,105.813000"
    assert any(name.startswith("Phường Láng Hạ, Quận Đống Đa until 30 June 2025 · ") for name in places)
    assert page.select("input[name=spot][checked]") == []
    assert page.select_one("input[name=latitude]")["value"] == ""
    assert nothing_is_filed()


def test_at_most_five_are_offered(ana):
    assert len(offered(looked_up(ana, "xa"))) == 5


def test_looking_up_keeps_everything_that_was_typed_and_sent(city, ana):
    page = looked_up(
        ana, "ngõ 12 Láng Hạ", words="Three nights.", photos=(a_photo(), "lamp.jpg"), area=HONG_HA
    )

    assert page.select_one("#landmark")["value"] == "ngõ 12 Láng Hạ"
    assert page.select_one("textarea[name=words]").text.strip() == "Three nights."
    assert page.select_one(f"#area option[value='{HONG_HA}']").has_attr("selected")
    assert page.select_one("input[value=street-light]").has_attr("checked")
    assert len(page.select(".kept li")) == 1
    assert page.select(".summary") == []


def test_who_chooses_none_sends_the_report_as_it_is(city, ana):
    page = looked_up(ana, "hồ hoàn kiếm")

    assert send_again(ana, page).status_code == 303

    assert the_complaint().point is None
    assert the_complaint().landmark == "hồ hoàn kiếm"


def test_a_place_that_was_chosen_is_where_the_report_is(city, ana):
    page = looked_up(ana, "ngõ 12 Láng Hạ")

    assert send_again(ana, page, spot=offered(page)["Phố Láng Hạ Lang Ward"]).status_code == 303

    complaint = the_complaint()
    assert (complaint.point.latitude, complaint.point.longitude) == (21.0167, 105.813)
    assert complaint.landmark == "ngõ 12 Láng Hạ"


def test_an_old_ward_that_was_chosen_sets_the_ward_of_today_and_no_point(city, ana):
    page = looked_up(ana, "phường phúc xá", latitude="21.0287", longitude="105.8523")
    (value,) = [value for name, value in offered(page).items() if name.startswith("Phường Phúc Xá,")]

    assert send_again(ana, page, spot=value).status_code == 303

    assert value == f"area:{HONG_HA}"
    assert (the_complaint().point, the_complaint().area.code) == (None, HONG_HA)


def test_a_choice_is_kept_when_the_form_comes_back_for_something_else(city, ana):
    page = looked_up(ana, "hồ hoàn kiếm")

    back = soup_of(send_again(ana, page, spot="21.028700,105.852300", category=""))

    assert back.select_one("input[name=latitude]")["value"] == "21.028700"
    assert text_of(back.select_one(".place-status")) == "The place is set."


def test_a_choice_goes_before_coordinates_typed_earlier(city, ana):
    send(ana, coordinates="21.04, 105.84", spot="21.028700,105.852300")

    assert the_complaint().point.latitude == 21.0287


@pytest.mark.parametrize("forged", ["area:nowhere", "nan,nan", "x" * 5000, "area:", "\x00", "91,181"])
def test_a_choice_nobody_was_offered_changes_nothing(city, ana, forged):
    assert send(ana, spot=forged).status_code == 303

    assert the_complaint().point.latitude == 21.0287


def test_a_name_that_nobody_knows_is_said_to_be_unknown(ana):
    page = looked_up(ana, "xyzzy")

    assert "No place of this name is known." in text_of(page.select_one("#place"))


def test_who_typed_nothing_is_told_to_type_first(ana):
    assert "Type a street or a landmark first." in text_of(looked_up(ana, "  ").select_one("#place"))


def test_a_script_gets_the_same_list_small_and_for_itself_alone(ana):
    answer = pieces(ana, "xa")

    assert answer.get_json()["html"].count('type="radio"') == 5
    assert len(answer.data) <= 4096
    assert answer.cache_control.private
    assert answer.cache_control.max_age == 3600


def test_the_list_speaks_the_language_its_address_ends_in(client):
    said = client.get("/places.json?q=phuc+xa&v=1-vi").get_json()["html"]

    assert "30/06/2025" in said
    assert "Phường Hồng Hà" in said


def test_of_namesakes_the_nearest_to_the_chosen_area_goes_first(ana):
    def wards(area):
        piece = pieces(ana, "xa tan dan", area=area).get_json()["html"]
        return [name for name in ("Huyện Sóc Sơn", "Huyện Phú Xuyên") if name in piece], piece

    (names, north), (_names, south) = wards("00376"), wards("10273")

    assert names == ["Huyện Sóc Sơn", "Huyện Phú Xuyên"]
    assert (north.index("Sóc Sơn") < north.index("Phú Xuyên")) != (
        south.index("Sóc Sơn") < south.index("Phú Xuyên")
    )


def test_looking_up_too_often_is_refused(ana):
    answers = [ana.get("/places.json?q=a&v=1-en").status_code for _turn in range(61)]

    assert answers == [200] * 60 + [429]


def test_a_geocoder_fills_up_the_list_from_within_the_city_alone(ana, geocoder):
    geocoder.answers([DA_NANG, OPERA, OPERA])

    page = looked_up(ana, "zem")

    assert offered(page) == {"Nhà hát múa rối Zem Cua Nam Ward": "21.024300,105.857700"}


def test_the_geocoder_is_not_asked_where_the_gazetteer_fills_the_list(ana, geocoder):
    looked_up(ana, "xa")

    assert geocoder.asked == []


def test_a_geocoder_that_fails_leaves_the_gazetteer_alone_to_answer(ana, geocoder):
    geocoder.status = 500

    assert "Hồ Hoàn Kiếm Hoan Kiem Ward" in offered(looked_up(ana, "hồ hoàn kiếm"))


def test_one_address_cannot_ask_the_geocoder_without_end(ana, geocoder):
    for _turn in range(25):
        looked_up(ana, "zem")

    assert len(geocoder.asked) == 20


@pytest.mark.parametrize("typed", ["7PH72VH2+FW", "2VH2+FW", "2vh2+fw Hà Nội"])
def test_a_plus_code_is_a_place_too(city, ana, typed):
    assert send(ana, **NOWHERE, coordinates=typed).status_code == 303

    point = the_complaint().point
    assert (round(point.latitude, 3), round(point.longitude, 3)) == (21.029, 105.852)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2VH2+F", "could not read this plus code. A whole one looks like 7PH72VH3+"),
        ("ABCD+EF", "could not read this plus code"),
        ("8FVC2222+22", "This point is outside Hanoi"),
    ],
)
def test_a_wrong_plus_code_is_told_and_kept(city, ana, typed, told):
    page = soup_of(send(ana, **NOWHERE, coordinates=typed))

    assert told in text_of(page.select_one("#place-fault"))
    assert page.select_one("#coordinates")["value"] == typed
    assert nothing_is_filed()
