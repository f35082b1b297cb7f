"""The map of reports: what it counts and lists, for whom, and what it does with addresses that make no sense."""

import gzip

import pytest

from cps.complaints import atlas
from cps.complaints.status import Status
from cps.geo import picture
from cps.geo.point import Point
from tests.makers import HOAN_KIEM, a_complaint
from tests.pageclient import text_of

HERE = "west=105.80&south=21.00&east=105.90&north=21.06"
WORLD = "west=-180&south=-90&east=180&north=90"
AT_THE_LAKE = "latitude=21.0287&longitude=105.8523&zoom=16"


@pytest.fixture(autouse=True)
def _always_asked_anew(app, monkeypatch):
    monkeypatch.setattr(atlas, "_SECONDS_TRUSTED", 0)
    atlas.forget()
    yield
    atlas.forget()


def counted(client, query=f"zoom=13&{HERE}"):
    answer = client.get(f"/map/clusters.json?{query}")
    assert answer.status_code == 200, answer.text
    return sum(count for _x, _y, count, *_place in answer.json["clusters"])


def references(client, query):
    return {report["reference"] for report in client.get(f"/map/reports.json?{query}").json["reports"]}


def test_reports_of_one_cell_are_one_cluster_where_they_are(city, client):
    a_complaint(), a_complaint(), a_complaint(point=Point(21.0450, 105.8400))

    answer = client.get(f"/map/clusters.json?zoom=13&{HERE}").json

    near, lake = sorted(answer["clusters"], key=lambda cluster: cluster[2])
    assert answer["level"] == 15
    assert (near[2], lake[2]) == (1, 2)
    assert lake[3:] == pytest.approx([HOAN_KIEM.latitude, HOAN_KIEM.longitude], abs=2e-5)


def test_a_private_report_is_in_no_answer_of_the_map(city, client):
    a_complaint(category="staff-conduct")

    assert counted(client) == 0
    assert client.get(f"/map/reports.json?zoom=13&{HERE}").json == {"total": 0, "reports": []}
    assert "No reports here." in text_of(client.page(f"/map?{AT_THE_LAKE}"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=street-light", 2),
        ("category=pothole", 0),
        ("status=open", 1),
        ("status=answered", 1),
        ("period=week", 2),
        ("since=2030-01-07", 2),
        ("since=2030-01-08", 0),
        ("category=street-light&status=answered", 1),
    ],
)
def test_each_filter_is_that_of_the_address(city, client, query, found):
    a_complaint(), a_complaint(Status.RESOLVED)

    assert counted(client, f"zoom=13&{HERE}&{query}") == found
    assert len(references(client, f"zoom=13&{HERE}&{query}")) == found


def test_the_area_is_a_filter_too(city, client):
    complaint = a_complaint()

    assert counted(client, f"zoom=13&{HERE}&area={complaint.area.code}") == 1
    other = next(area.code for area in city_areas() if area.code != complaint.area.code)
    assert counted(client, f"zoom=13&{HERE}&area={other}") == 0


def city_areas():
    return atlas.in_force().profile.areas


@pytest.mark.parametrize(
    "query", ["category=no-such", "area=%00", "status=late", "period=x", "since=2030-02-31"]
)
def test_a_filter_that_means_nothing_is_left_out(city, client, query):
    a_complaint()

    assert counted(client, f"zoom=13&{HERE}&{query}") == 1
    assert client.get(f"/map?{query}").status_code == 200


def test_the_whole_world_at_the_closest_zoom_is_one_small_answer(city, client):
    a_complaint(), a_complaint(point=Point(21.0450, 105.8400))

    answer = client.get(f"/map/clusters.json?zoom=19&{WORLD}")

    assert len(answer.json["clusters"]) == 1
    assert counted(client, f"zoom=19&{WORLD}") == 2


@pytest.mark.parametrize(
    "query",
    [
        "",
        "zoom=12",
        f"zoom=x&{HERE}",
        f"zoom=nan&{HERE}",
        "zoom=12&west=1&south=inf&east=2&north=2",
        "zoom=12&west=2&south=1&east=1&north=2",
        "zoom=12&west=1&south=2&east=2&north=1",
        "cell=12/1",
        "cell=99/1/1",
        "cell=3/8/0",
        "cell=-1/0/0",
        "cell=a/b/c",
    ],
)
@pytest.mark.parametrize("path", ["clusters", "reports"])
def test_a_window_that_is_none_is_refused_in_words(client, path, query):
    answer = client.get(f"/map/{path}.json?{query}")

    assert answer.status_code == 422
    assert answer.json == {"faults": ["We could not read which part of the map is meant."]}


def test_one_cell_tells_its_newest_reports_in_the_language_of_the_page(city, client):
    complaint = a_complaint(Status.WAITING)
    (cluster,) = client.get(f"/map/clusters.json?zoom=19&{HERE}").json["clusters"]
    level = client.get(f"/map/clusters.json?zoom=19&{HERE}").json["level"]

    answer = client.get(f"/map/reports.json?cell={level}/{cluster[0]}/{cluster[1]}&language=vi").json

    (report,) = answer["reports"]
    assert report["reference"] == complaint.reference
    assert report["url"] == f"/complaints/{complaint.reference}"
    assert report["area"].startswith("Phường")


def test_the_page_lists_what_the_still_map_shows(city, client):
    inside, outside = a_complaint(Status.WAITING), a_complaint(point=Point(21.10, 105.80))

    page = client.page(f"/map?{AT_THE_LAKE}")
    image = client.get(page.select_one("img.map-still")["src"])

    links = [link["href"] for link in page.select("[data-list] a")]
    assert links == [f"/complaints/{inside.reference}"]
    assert "Waiting for the reporter" in text_of(page)
    assert outside.reference not in page.get_text()
    assert image.mimetype == "image/svg+xml"
    assert b">1</text>" in image.data
    assert b">2</text>" not in image.data


def test_the_map_goes_on_in_every_direction_and_closer_with_the_same_filters(client):
    page = client.page(f"/map?{AT_THE_LAKE}&status=open&category=pothole")

    links = {link["aria-label"]: link["href"] for link in page.select(".map-links a")}
    assert set(links) == {"Move west", "Move north", "Move south", "Move east", "Zoom in", "Zoom out"}
    assert "zoom=17" in links["Zoom in"]
    assert all("status=open" in link and "category=pothole" in link for link in links.values())
    assert float(links["Move north"].partition("latitude=")[2].partition("&")[0]) > 21.0287


def test_the_closest_map_has_no_link_closer(client):
    page = client.page("/map?zoom=19")

    assert "Zoom in" not in [link["aria-label"] for link in page.select(".map-links a")]


@pytest.mark.parametrize(
    "query", ["zoom=99", "zoom=-5", "zoom=x", "latitude=x&longitude=y", "latitude=999&longitude=-999"]
)
def test_a_view_that_cannot_be_is_the_nearest_that_can(client, query):
    assert client.get(f"/map?{query}").status_code == 200
    assert client.get(f"/map/picture.svg?{query}").status_code == 200


def test_the_filters_keep_the_view(client):
    page = client.page(f"/map?{AT_THE_LAKE}&status=answered")

    form = page.select_one("form.map-filters")
    assert form.select_one("[name=zoom]")["value"] == "16"
    assert form.select_one("[name=latitude]")["value"] == "21.0287"
    assert form.select_one("select[name=status] option[selected]")["value"] == "answered"


@pytest.mark.parametrize("zoom", range(8, 20))
def test_a_still_map_is_small_at_every_zoom(city, client, zoom):
    for number in range(15):
        a_complaint(point=Point(21.02 + number / 1000, 105.85))

    answer = client.get(f"/map/picture.svg?zoom={zoom}&latitude=21.0287&longitude=105.8523")

    assert len(answer.data) <= picture.MOST_BYTES


def test_a_still_map_is_dark_where_the_page_is(client):
    light, dark = client.get("/map/picture.svg"), client.get("/map/picture.svg?dark")

    assert light.data != dark.data
    assert b"<style" not in light.data


def test_answers_are_packed_and_kept_for_a_moment(city, client):
    a_complaint()

    answer = client.get(f"/map/clusters.json?zoom=13&{HERE}", headers={"Accept-Encoding": "gzip"})

    assert b"clusters" in gzip.decompress(answer.data)
    assert answer.cache_control.max_age == 15


def test_nothing_of_the_interactive_map_is_loaded_with_the_page(client):
    page = client.page("/map")

    assert "leaflet" not in " ".join(str(tag) for tag in page.select("link, script"))
    assert page.select_one("[data-show]").has_attr("hidden")


def test_a_report_made_private_tells_nothing_by_its_number_on_the_map(city, client):
    complaint = a_complaint()
    atlas.spots()
    complaint.is_public = False
    atlas.db.session.commit()

    assert references(client, f"zoom=13&{HERE}") == set()
