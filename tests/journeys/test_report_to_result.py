"""The whole way: a citizen files on a phone, an officer transfers, another resolves, the citizen is told."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.acts import do, letters, report, sign_in, sign_out
from tests.living import Living, until
from tests.makers import a_photo


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo as a phone takes it: turned by EXIF, with the place it was taken at."""
    path = tmp_path_factory.mktemp("photo") / "IMG_2030.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 43.3), 3: "E", 4: (105.0, 51.0, 8.3)})
    path.write_bytes(a_photo((1600, 1200), exif=exif).getvalue())
    return path


def test_from_a_phone_to_the_result(phone: Page, office: Page, running_city: Living, picture: Path):
    number = report(phone, picture)
    tracking = phone.url

    sign_in(office, running_city, department="hapulico")
    office.goto(f"/desk/complaints/{number}")
    do(office, "Transfer", {"Department": "so-xay-dung", "Reason": "The pole belongs to the road."})
    sign_out(office)

    sign_in(office, running_city, department="so-xay-dung")
    office.goto(f"/desk/complaints/{number}")
    office.get_by_role("button", name="Start work").click()
    expect(office.get_by_text("In progress").first).to_be_visible()
    office.locator("summary", has_text="Resolve").click()
    office.get_by_label("What we did").fill("We changed the lamp.")
    office.get_by_label("Photo of the place now").set_input_files(picture)
    office.get_by_role("button", name="Resolve").click()
    expect(office.get_by_role("status")).to_contain_text(f"{number} is done. This is the next one.")
    office.goto(f"/desk/complaints/{number}")
    expect(office.get_by_text("Resolved").first).to_be_visible()

    told = until(lambda: letters(phone, number, expected=4), seconds=30, what="four letters")
    assert "We changed the lamp." in told
    assert "The pole belongs to the road." in told

    phone.goto(tracking)
    expect(phone.get_by_text("We changed the lamp.").first).to_be_visible()
    until(lambda: _photos(phone) == 2, seconds=30, what="both photos")
    phone.goto(f"/complaints/{number}")
    expect(phone.get_by_text("We changed the lamp.").first).to_be_visible()
    assert "ana@citizen.example" not in phone.content()


def test_the_same_way_without_javascript(plain_phone: Page, running_city: Living, picture: Path):
    plain_phone.goto("/")
    plain_phone.get_by_label("Take or choose photo").set_input_files(picture)
    plain_phone.get_by_label("Street, landmark").fill("next to the pen tower")
    plain_phone.get_by_label("Ward").select_option(index=5)
    plain_phone.locator("input[name=category][value=street-light]").check(force=True)
    plain_phone.get_by_role("button", name="Send report").click()

    expect(plain_phone.get_by_role("heading", level=1)).to_have_text("We received your report")
    expect(plain_phone.get_by_text("next to the pen tower").first).to_be_visible()


def test_the_photo_offers_its_place_and_gps_says_how_well_it_knows(phone: Page, picture: Path):
    phone.goto("/")
    phone.get_by_label("Take or choose photo").set_input_files(picture)
    phone.get_by_role("button", name="Use the photo’s place?").click()

    assert float(phone.locator("input[name=latitude]").input_value()) == pytest.approx(21.0287, abs=1e-3)
    assert float(phone.locator("input[name=longitude]").input_value()) == pytest.approx(105.8523, abs=1e-3)

    phone.get_by_role("button", name="Use my location").click()
    expect(phone.get_by_text(re.compile(r"± 12 m"))).to_be_visible()


def test_a_point_is_set_on_the_map_by_hand(phone: Page):
    phone.goto("/")
    assert phone.evaluate("typeof L") == "undefined"
    phone.get_by_role("button", name="Show map").click()
    phone.locator(".leaflet-container").tap(position={"x": 150, "y": 150})

    expect(phone.locator("input[name=latitude]")).not_to_have_value("")


def test_a_refused_form_keeps_what_was_typed_and_the_photo(phone: Page, picture: Path):
    phone.goto("/")
    phone.get_by_label("Take or choose photo").set_input_files(picture)
    phone.get_by_label("Anything to add?").fill("It is dark here.")
    phone.get_by_role("button", name="Send report").click()
    phone.wait_for_url("**/complaints")  # not the form that is being left

    expect(phone.get_by_text("Choose what the problem is.").first).to_be_visible()
    expect(phone.get_by_label("Anything to add?")).to_have_value("It is dark here.")
    expect(phone.get_by_alt_text("IMG_2030.jpg")).to_be_visible()
    phone.get_by_label("Street, landmark").fill("next to the pen tower")
    phone.locator("label.tile", has_text="Street light").click()
    phone.get_by_role("button", name="Send report").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("We received your report")
    expect(phone.get_by_text("All photos have arrived.")).to_be_visible()


def test_nothing_is_wider_than_a_small_phone(phone: Page, running_city: Living):
    phone.set_viewport_size({"width": 320, "height": 600})
    for language in ("vi", "en"):
        for path in (
            "/",
            running_city.facts["citizen"]["tracking"],
            "/complaints?reference=x",
            "/demo/outbox",
            "/desk",
        ):
            phone.goto(f"{path}{'&' if '?' in path else '?'}language={language}")
            assert phone.evaluate("document.documentElement.scrollWidth") <= 320, (path, language)


def _photos(phone: Page) -> int:
    phone.reload()
    return phone.locator("ul.photos img").count()
