"""The pane beside the queue in a real browser: it follows the keys, remembers that it was closed, and fetching is not seeing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.acts import report, sign_in
from tests.journeys.conftest import _page
from tests.living import Living

WIDE = {"width": 1366, "height": 768}


@pytest.fixture
def wide(browser: Browser, running_city: Living) -> Iterator[Page]:
    """A wide screen, with the queue of an officer that has two unseen reports or more."""
    with _page(browser, running_city.base_url, viewport=WIDE) as page:
        sign_in(page, running_city, department="hapulico")
        for _ in range(2):
            report(page)
        page.goto("/desk?view=unseen")
        page.wait_for_load_state("networkidle")
        yield page


def test_the_pane_follows_the_keys_and_what_was_only_fetched_stays_unseen(wide: Page):
    first, second = wide.locator("a.q-link").all_text_contents()[:2]

    wide.keyboard.press("j")
    expect(wide.locator(".pane h2")).to_contain_text(first)
    expect(wide.locator(".previewed.unseen")).to_have_count(0, timeout=8000)
    wide.keyboard.press("j")
    expect(wide.locator(".pane h2")).to_contain_text(second)
    wide.reload()

    shown = wide.locator("a.q-link").all_text_contents()
    assert first not in shown
    assert second in shown


def test_a_key_closes_the_pane_and_it_stays_closed(wide: Page):
    expect(wide.locator(".pane")).to_be_visible()

    wide.keyboard.press("v")
    expect(wide.locator(".pane")).to_be_hidden()
    wide.reload()
    wide.wait_for_load_state("networkidle")

    expect(wide.locator(".pane")).to_be_hidden()


def test_who_only_opens_a_queue_pays_for_no_pictures_ahead_and_who_goes_on_has_them_before(wide: Page):
    asked = []
    wide.route("**/preview", _with_a_picture)
    wide.route("**/pictures/*", lambda route: (asked.append(_number(route)), route.fulfill(body="")))
    wide.goto("/desk?view=closed")
    wide.wait_for_load_state("networkidle")
    numbers = wide.locator("a.q-link").all_text_contents()
    at_first = list(asked)

    wide.keyboard.press("j")
    with wide.expect_request(f"**/pictures/{numbers[2]}"):
        wide.keyboard.press("j")

    assert at_first == numbers[:1]


def _with_a_picture(route: Route) -> None:
    number = route.request.url.split("/")[-2]
    html = f'<h2>{number}</h2><img src="/pictures/{number}" alt="">'
    route.fulfill(json={"html": html, "version": 1})


def _number(route: Route) -> str:
    return route.request.url.split("/")[-1]
