"""Maps: outlines and tiles that any cache may keep, and pages that load none of it by themselves."""

import gzip
import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from cps.app import create_app
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from tests.geo.archives import STREET, a_tile, an_archive
from tests.pageclient import PageClient

HERE = (16, 52033, 28851)
ADDRESS = "/map/tiles/16/52033/28851.json"


@pytest.fixture
def with_settings(app, settings, database_url):
    """Start the application on the same city with other settings, and open a browser on it."""
    made = []

    def start(**changes):
        other = create_app(replace(settings, **changes), database_url=database_url)
        other.test_client_class = PageClient
        made.append(other)
        return other.test_client()

    yield start
    for other in made:
        with other.app_context():
            db.engine.dispose()


@pytest.fixture
def with_archive(with_settings, tmp_path):
    tiles = {HERE: a_tile(STREET), (4, 0, 0): b"no tile"}
    path = an_archive(tmp_path / "map.mbtiles", tiles, attribution='<a href="https://osm.example">OSM</a>')
    return with_settings(basemap=path)


def the_map(page):
    return page.select_one("[data-behaviour=map]")


def opening(client, path="/"):
    """Return what the map of the form is opened with, asked for as its script does."""
    answer = client.get(the_map(client.page(path))["data-from"])
    return BeautifulSoup(answer.json["html"], "html.parser").div


def outlines(client, language):
    address = opening(client, f"/?language={language}")["data-areas"]
    return client.get(address)


def names(answer):
    return {feature["properties"]["name"] for feature in answer.json["features"]}


def test_all_areas_are_outlined_with_names_in_the_language_of_the_page(client):
    english, vietnamese = outlines(client, "en"), outlines(client, "vi")

    assert len(english.json["features"]) == 126
    assert "Hoan Kiem Ward" in names(english)
    assert "Phường Hoàn Kiếm" in names(vietnamese)
    assert all(feature["properties"]["approximate"] is True for feature in english.json["features"])


def test_the_outlines_depend_on_their_address_alone(client):
    address = opening(client, "/?language=en")["data-areas"]
    client.get("/?language=vi")

    answer = client.get(address, headers={"Accept-Language": "vi"})

    assert "Hoan Kiem Ward" in names(answer)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", ["/map/areas.json", "/map/areas.json?v=", "/map/areas.json?v=1-xx"])
def test_outlines_asked_for_in_no_language_come_in_the_citys_first(client, address):
    assert "Phường Hoàn Kiếm" in names(client.get(address))


def test_outlines_are_kept_a_day_and_not_sent_twice(client):
    first = outlines(client, "en")
    again = client.get(first.request.full_path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.cache_control.public
    assert first.cache_control.max_age == 86_400
    assert (again.status_code, again.data) == (304, b"")


def test_outlines_are_packed_for_a_browser_that_can_unpack(client):
    plain = client.get("/map/areas.json")
    packed = client.get("/map/areas.json", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 60_000


def test_a_page_loads_nothing_of_the_map_by_itself(client):
    page = client.page("/")

    assert the_map(page).select_one("button[data-show]").has_attr("hidden")
    assert "leaflet" not in " ".join(str(tag) for tag in page.select("link, script, img"))
    opened = opening(client)
    assert client.get(opened["data-script"]).status_code == 200
    assert client.get(opened["data-style"]).status_code == 200
    assert client.get(opened["data-images"] + "marker-icon.png").status_code == 200


def test_without_a_base_map_there_are_outlines_only(client):
    found = opening(client)

    assert (found["data-tiles"], found["data-vector"], found["data-attribution"]) == ("", "", "")
    assert client.get(ADDRESS).status_code == 404


def test_a_tile_server_is_named_with_its_credit(with_settings):
    tiles = "https://tiles.example.org/{z}/{x}/{y}.png"
    client = with_settings(tile_url=tiles, tile_attribution="© City <b>survey</b>")

    found = opening(client)

    assert (found["data-tiles"], found["data-vector"]) == (tiles, "")
    assert found["data-attribution"] == "© City survey"


def test_an_archives_tiles_are_answered_at_the_address_on_the_page(with_archive):
    found = opening(with_archive)
    zoom, x, y = HERE
    address = found["data-vector"].replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y))

    answer = with_archive.get(address)

    assert answer.json == [["main", "", [[0, 0, 1024, 0, 1024, 1024]]]]
    assert answer.cache_control.public
    assert answer.cache_control.max_age == 86_400
    assert (found["data-lowest-zoom"], found["data-highest-zoom"]) == ("4", "16")
    assert found["data-bounds"] == "105.8,21.0,105.9,21.1"
    assert found["data-attribution"] == "OSM"


def test_tiles_are_packed_for_a_browser_that_can_unpack(with_archive):
    answer = with_archive.get(ADDRESS, headers={"Accept-Encoding": "gzip"})

    assert json.loads(gzip.decompress(answer.data))[0][0] == "main"


@pytest.mark.parametrize("place", ["16/0/0", "4/0/0"], ids=["not there", "damaged"])
def test_a_missing_or_damaged_tile_is_an_empty_answer(with_archive, place):
    answer = with_archive.get(f"/map/tiles/{place}.json")

    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.cache_control.max_age == 86_400


@pytest.mark.parametrize("place", ["2/4/0", "2/0/4", "23/0/0", "-1/0/0", "a/0/0", "1.5/0/0", "9999999/1/1"])
def test_a_tile_that_cannot_be_is_not_found(with_archive, place):
    assert with_archive.get(f"/map/tiles/{place}.json").status_code == 404


def test_a_damaged_archive_stops_the_start_with_a_sentence(with_settings, tmp_path):
    path = tmp_path / "map.pmtiles"
    path.write_bytes(b"This is no archive.")

    with pytest.raises(Unusable, match=r"map\.pmtiles cannot be read"):
        with_settings(basemap=path)
