"""A report that comes by phone is written down by keyboard alone, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import sign_in
from tests.living import Living

_SECONDS = 0.28  # seconds for a key, as a practised typist needs them


@pytest.fixture
def desk(office: Page, running_city: Living) -> Page:
    """The queue of an officer, with the mouse out of reach."""
    sign_in(office, running_city, department="hapulico")
    office.wait_for_load_state("networkidle")
    return office


def test_a_call_is_written_down_by_keyboard_alone_in_less_than_forty_seconds(desk: Page):
    keys = 0

    def press(*names: str) -> None:
        nonlocal keys
        for name in names:
            desk.keyboard.press(name)
            keys += 1

    def types(text: str) -> None:
        nonlocal keys
        desk.keyboard.type(text)
        keys += len(text)

    press("w")
    expect(desk.locator("input[name=channel]:checked")).to_be_focused()
    press("Tab")
    types("street li")  # the list finds it
    press("Tab")
    types("so 5 hang trong")
    press("Tab", "Tab", "Tab", "Tab")
    types("Street lamp is dark")
    press("Tab")
    types("Ana")
    press("Tab")
    types("0912345678")
    press("Control+Enter")

    expect(desk.locator(".receipt-number")).to_be_visible()
    expect(desk.locator(".receipt-link")).to_contain_text("/track/")
    assert keys * _SECONDS < 40
