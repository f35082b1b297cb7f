"""What the city gives a phone for reporting without a network, and how it takes it back."""

import json
import re
import zlib
from dataclasses import replace

import pytest

from cps.app import create_app
from cps.kernel.db import db
from cps.kernel.files import STATIC
from tests.citizen.acts import OWN, send
from tests.pageclient import PageClient, soup_of

MOST_BYTES = 1500


@pytest.fixture
def without_worker(city, database_url, settings):
    """The same city, whose operator withdrew the service worker."""
    app = create_app(replace(settings, has_service_worker=False), database_url=database_url)
    app.test_client_class = PageClient
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def _known(script: str) -> dict:
    """What the service worker is told: its version, its page, what it keeps."""
    return json.loads(re.match(r"const CPS=(\{.*?\});\n", script)[1])


def _worker(browser) -> dict:
    return _known(browser.get("/sw.js").get_data(as_text=True))


def test_the_worker_is_small_asked_for_anew_at_every_visit_and_run_by_our_policy(city, ana):
    answer = ana.get("/sw.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    assert len(zlib.compress(answer.data, 9)) <= MOST_BYTES
    assert "worker-src" not in answer.headers["Content-Security-Policy"]  # as scripts: from here alone


def test_all_that_the_worker_keeps_is_there_for_everybody_alike(city, ana):
    kept = _worker(ana)["kept"]

    answers = [ana.get(address) for address in kept]

    assert {answer.status_code for answer in answers} == {200}
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert all("no-store" not in answer.headers["Cache-Control"] for answer in answers)


def test_the_worker_keeps_one_page_and_nothing_that_needs_a_network(city, ana):
    kept = _worker(ana)["kept"]

    pages = [address for address in kept if ana.get(address).mimetype == "text/html"]

    assert pages == [_worker(ana)["page"]]
    assert any("behaviours/sending.js" in address for address in kept)
    assert not any("/map/" in address or "/workers/" in address for address in kept)


def test_the_worker_changes_with_the_language_and_with_the_city(city, ana):
    english = _worker(ana)["version"]

    ana.set_cookie("language", "vi")

    vietnamese = _worker(ana)["version"]
    assert english.endswith("-en")
    assert vietnamese.endswith("-vi")
    page, state, edition, _language = english.split("-")
    assert vietnamese.split("-")[1:3] == [state, edition]
    assert vietnamese.split("-")[0] != page


def test_the_kept_form_has_no_key_and_nothing_of_anybody(city, ana):
    page = _worker(ana)["page"]
    answer = ana.get(page)

    form = soup_of(answer).find("form", action="/complaints")
    typed = {control.get("name"): control.get("value") for control in form.select("input[type=hidden]")}
    assert typed["key"] == ""
    assert form.find("textarea").get_text().strip() == ""
    assert "No internet. Your report is kept on this phone" in answer.get_data(as_text=True)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.data == ana.get(page).data


def test_the_language_is_that_of_the_address_whatever_the_reader_prefers(city, ana):
    version = _worker(ana)["version"].removesuffix("en") + "vi"

    page = soup_of(ana.get(f"/offline?v={version}"))
    words = ana.get(f"/kept.json?v={version}").json
    told = ana.get(f"/manifest.webmanifest?v={version}").get_json(force=True)

    assert page.html["lang"] == "vi"
    assert words["title"] == "Đã lưu trên điện thoại này – chưa gửi"
    assert (told["lang"], told["name"]) == ("vi", "Thành phố Hà Nội")


def test_the_city_can_be_put_among_the_programs_of_a_phone(city, ana):
    link = ana.page("/").find("link", rel="manifest")["href"]
    told = ana.get(link).get_json(force=True)

    assert ana.get(link).mimetype == "application/manifest+json"
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in told["icons"]:
        picture = ana.get(icon["src"])
        assert picture.data.startswith(b"\x89PNG")
        assert len(picture.data) < 20_000


def test_pages_offer_the_worker(city, ana):
    assert ana.page("/reports").find(attrs={"data-behaviour": "kept"})["data-worker"] == "/sw.js"


def test_once_withdrawn_the_worker_takes_itself_away_and_no_page_offers_it(without_worker):
    script = without_worker.get("/sw.js")

    assert "unregister()" in script.get_data(as_text=True)
    assert "respondWith" not in script.get_data(as_text=True)
    assert script.headers["Cache-Control"] == "no-cache"
    element = soup_of(without_worker.get("/reports")).find(attrs={"data-behaviour": "kept"})
    assert not element.has_attr("data-worker")


def test_a_script_is_told_the_number_of_the_report_it_filed(city, ana):
    answer = send(ana, accept="application/json", coordinates="21.0287, 105.8523")

    assert answer.status_code == 201
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", answer.json["reference"])


def test_everything_kept_is_forgotten_on_request_and_only_then(city, ana):
    everything = ana.post("/my/phone/forgotten", headers=OWN)
    reports = ana.post("/my/forgotten", headers=OWN)

    assert everything.headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in reports.headers


def test_nothing_of_the_worker_s_own_source_is_left_out():
    assert {path.name for path in (STATIC / "js" / "workers").iterdir()} == {"offline.js", "withdrawn.js"}
