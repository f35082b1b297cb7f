"""Two officials with the same report open, each in a browser: they see each other, the typing and the change."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.acts import report, sign_in
from tests.journeys.conftest import _page
from tests.living import Living

# How many messages the pages of a tab sent while they ended.
_BEACONS = """
  const send = navigator.sendBeacon;
  navigator.sendBeacon = function (...what) {
    sessionStorage.setItem("beacons", Number(sessionStorage.getItem("beacons")) + 1);
    return send.apply(this, what);
  };
"""


@pytest.fixture
def two(browser: Browser, running_city: Living) -> Iterator[tuple[Page, Page]]:
    """An officer and the head of the department, who open the same new report."""
    with _page(browser, running_city.base_url) as officer, _page(browser, running_city.base_url) as head:
        sign_in(officer, running_city, department="hapulico")
        sign_in(head, running_city, role="head", department="hapulico")
        number = report(officer)
        for page in (officer, head):
            page.goto(f"/desk/complaints/{number}")
        yield officer, head


def test_they_see_each_other_the_typing_and_the_change(two: tuple[Page, Page]):
    officer, head = two
    others = officer.locator(".presence-others")

    expect(others).to_contain_text("has this report open too.")
    head.locator("#notes > summary").click()
    head.locator("#notes-note").fill("We go there today.")
    expect(others).to_contain_text("is typing.")
    head.locator("#notes button[type=submit]").click()
    expect(officer.locator(".presence-news")).to_be_visible()
    expect(head.locator(".presence-news")).to_be_hidden()
    officer.locator(".presence-news a").click()
    expect(officer.locator(".history")).to_contain_text("We go there today.")
    expect(officer.locator(".presence-news")).to_be_hidden()
    head.goto("/desk")
    expect(others).to_be_hidden()


def test_who_leaves_says_so_once(office: Page, running_city: Living):
    office.add_init_script(_BEACONS)
    sign_in(office, running_city, department="hapulico")
    number = report(office)
    office.goto(f"/desk/complaints/{number}")
    office.wait_for_load_state("networkidle")

    office.goto("/desk")

    assert office.evaluate("sessionStorage.getItem('beacons')") == "1"
