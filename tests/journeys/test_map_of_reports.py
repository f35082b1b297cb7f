"""The map of reports on a phone: from the still picture to the interactive one, by finger, by keyboard, by link."""

import re

from playwright.sync_api import Page, expect


def opened(page: Page, address: str = "/map") -> None:
    page.goto(address)
    page.get_by_role("button", name="Interactive map").click()
    expect(page.locator(".report-mark").first).to_be_visible()


def test_a_cluster_comes_closer_and_the_address_keeps_the_view(phone: Page):
    opened(phone)
    before = phone.locator("[data-total]").text_content()
    many = phone.get_by_role("button", name=re.compile(r"^\d+ reports$"))

    many.first.press("Enter")

    expect(phone).not_to_have_url(re.compile("zoom=11"))
    expect(phone.locator("[data-total]")).not_to_have_text(before or "")
    view = phone.url
    opened(phone, view)
    assert phone.url == view


def test_a_single_report_opens_a_card_that_leads_to_it(phone: Page):
    opened(phone)
    single = phone.get_by_role("button", name="1 report", exact=True)

    single.first.press("Enter")
    link = phone.locator(".report-card a")
    expect(link).to_be_focused()
    link.press("Enter")

    expect(phone).to_have_url(re.compile(r"/complaints/[0-9A-Z]{4}-[0-9A-Z]{4}"))


def test_the_still_map_and_its_list_do_without_javascript(plain_phone: Page):
    plain_phone.goto("/map")
    image = plain_phone.locator("img.map-still")
    assert image.evaluate("image => image.complete && image.naturalWidth") == 640

    plain_phone.get_by_role("link", name="Zoom in").click()
    plain_phone.get_by_label("Status").select_option("Still open")
    plain_phone.get_by_role("button", name="Show").click()

    assert "zoom=12" in plain_phone.url
    assert "status=open" in plain_phone.url
    expect(plain_phone.locator("[data-list] a").first).to_be_visible()


def test_a_place_is_set_by_a_tap_on_a_picture_without_javascript(plain_phone: Page):
    plain_phone.goto("/")
    plain_phone.get_by_label("Anything to add?").fill("Three nights.")
    plain_phone.get_by_role("button", name="Check on map").click()
    plain_phone.locator("input[type=image]").click(position={"x": 120, "y": 100})
    before = plain_phone.locator("input[name=latitude]").get_attribute("value")
    plain_phone.get_by_role("button", name="Move north").click()

    assert plain_phone.locator("input[name=latitude]").get_attribute("value") > (before or "")
    expect(plain_phone.get_by_label("Anything to add?")).to_have_value("Three nights.")
