"""A look at the map from the form, without JavaScript: everything typed comes back, and nothing is filed."""

import pytest

from cps.complaints.models import Complaint
from cps.geo.point import Point, metres_between
from cps.kernel.db import db
from tests.makers import HOAN_KIEM, a_photo, a_report_form
from tests.pageclient import soup_of, text_of

NOWHERE = {"latitude": "", "longitude": "", "landmark": ""}


def looked(client, **fields):
    answer = client.post(
        "/complaints", data=a_report_form(**fields), headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 200, answer.status
    return soup_of(answer)


def value(page, name):
    return page.select_one(f"input[name={name}]")["value"]


def place(page):
    return Point(float(value(page, "latitude")), float(value(page, "longitude")))


def view(page):
    return {name: value(page, name) for name in ("map_latitude", "map_longitude", "map_zoom")}


def test_the_form_offers_a_look_only_where_there_is_no_javascript(client):
    page = client.page("/")

    assert page.select_one("noscript button[name=look]")["value"] == "here"
    assert page.select("input[type=image]") == []


def test_a_look_shows_the_place_and_files_nothing(city, client):
    page = looked(client, look="here")

    address = page.select_one("input[type=image]")["src"]
    assert (place(page), value(page, "map_zoom")) == (HOAN_KIEM, "17")
    assert "pin=yes" in address
    assert client.get(address).mimetype == "image/svg+xml"
    assert db.session.query(Complaint).count() == 0


def test_a_look_keeps_everything_that_was_typed_and_sent(city, client):
    photo = (a_photo(), "lamp.jpg")

    page = looked(client, look="north", photos=photo, words="Three nights.")

    assert page.select_one("textarea[name=words]").text.strip() == "Three nights."
    assert value(page, "landmark") == "cạnh tháp bút"
    assert value(page, "contact") == "ana@citizen.example"
    assert page.select_one("input[value=street-light]").has_attr("checked")
    assert "lamp" in text_of(page) or len(page.select(".kept li")) == 1


@pytest.mark.parametrize(
    ("direction", "north", "east"), [("north", 1, 0), ("south", -1, 0), ("east", 0, 1), ("west", 0, -1)]
)
def test_an_arrow_moves_the_pin_by_25_metres(client, direction, north, east):
    found = place(looked(client, look=direction))

    assert metres_between(found, HOAN_KIEM) == pytest.approx(25, abs=0.5)
    assert (found.latitude - HOAN_KIEM.latitude) * north >= 0
    assert (found.longitude - HOAN_KIEM.longitude) * east >= 0


def test_a_tap_sets_the_pin_where_the_picture_was_tapped_and_comes_closer(client):
    first = looked(client, look="here", **NOWHERE)

    page = looked(client, **NOWHERE, **view(first), **{"tap.x": "128", "tap.y": "28"})

    middle = Point(float(view(first)["map_latitude"]), float(view(first)["map_longitude"]))
    assert place(page).latitude > middle.latitude
    assert place(page).longitude == pytest.approx(middle.longitude, abs=1e-5)
    assert int(value(page, "map_zoom")) == int(view(first)["map_zoom"]) + 2


def test_a_look_without_a_place_shows_the_area_and_sets_no_pin(client):
    city = looked(client, look="here", **NOWHERE)
    code = city.select("select[name=area] option")[5]["value"]
    area = looked(client, look="here", area=code, **NOWHERE)

    assert (value(city, "latitude"), value(area, "latitude")) == ("", "")
    assert value(area, "map_zoom") == "14"
    assert "pin=no" in area.select_one("input[type=image]")["src"]


def test_coming_closer_keeps_the_place(client):
    page = looked(client, look="closer", map_latitude="21.0", map_longitude="105.8", map_zoom="14")

    assert place(page) == HOAN_KIEM
    assert value(page, "map_zoom") == "15"


def test_what_the_map_says_goes_before_what_was_typed_by_hand(client):
    page = looked(client, look="north", coordinates="21.0400, 105.8400")

    assert place(page).latitude == pytest.approx(21.0402, abs=5e-5)
    assert value(page, "coordinates") == ""


def test_a_place_that_cannot_be_read_is_said(client):
    page = looked(client, look="here", coordinates="by the lake")

    assert "We could not read this place" in text_of(page)
    assert value(page, "coordinates") == "by the lake"


@pytest.mark.parametrize(
    "fields",
    [
        {"look": "nonsense"},
        {"tap.x": "9999", "tap.y": "-5"},
        {"look": "here", "map_zoom": "99", "map_latitude": "200", "map_longitude": "nan"},
    ],
)
def test_a_look_that_makes_no_sense_is_the_nearest_that_does(client, fields):
    assert looked(client, **fields).select_one("input[type=image]")
