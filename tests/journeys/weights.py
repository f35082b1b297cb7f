"""What pages weigh and how many requests they take: `python -m tests.journeys.weights` prints it for every city.

A page is *written* as its HTML and its style sheets, each by brotli at its best; it is *sent* as a browser received
it, heads and all, until it is usable: until its scripts have started. 1 kB is 1000 bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import brotli
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from tests.everywhere import SPOKEN, Place
from tests.journeys import desk_visits
from tests.journeys.alone import seen_by_a_browser
from tests.journeys.conftest import PHONE

WRITTEN = 8_000  # the report form
REPORT, TRACKING, LISTING, MAP_CODE = 24_000, 20_000, 30_000, 50_000  # sent
DESK, DESK_STYLES = 90_000, 16_000  # sent from signing in to the queue; styles by brotli at its best
REQUESTS = 4
_CODE = ("Script", "Stylesheet")
_FIRST_TOUCH = ("/asked.", "/kept.", "/sending/", "/numbers.")
_TAB_ICON, _PHOTOS = "/static/favicon.svg", "/photos/"
_STARTED = "[data-use-location]:not([hidden])"


@dataclass
class Sent:
    """What a browser received, by the address of each answer."""

    origin: str
    kinds: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)

    @property
    def requests(self) -> int:
        """How many answers the page waited for; a browser fetches the icon of its tab apart, once for all pages."""
        return sum(not address.endswith(_TAB_ICON) for address in self.sizes)

    @property
    def bytes(self) -> int:
        """Bytes on the wire, as compressed, with the heads of the answers; photos come when they are seen."""
        return sum(size for address, size in self.sizes.items() if _PHOTOS not in address)

    def code(self) -> int:
        """Bytes of scripts and styles, but for what any first touch of the form loads, with a map or without."""
        return sum(
            size
            for address, size in self.sizes.items()
            if self.kinds.get(address) in _CODE and not any(part in address for part in _FIRST_TOUCH)
        )


def written(place: Place, path: str, language: str) -> int:
    """Weigh HTML and style sheets of a page, each by brotli at its best."""
    client = place.app.test_client()

    def read(address: str) -> bytes:
        return client.get(address, buffered=True).data

    html = read(f"{path}?language={language}")
    sheets = BeautifulSoup(html, "html.parser").find_all("link", rel="stylesheet")
    parts = [html, *(read(str(sheet["href"])) for sheet in sheets)]
    return sum(len(brotli.compress(part, quality=11)) for part in parts)


def opened(browser: Browser, place: Place, path: str, language: str) -> Sent:
    """Open a page in a fresh browser; return what was sent until it was usable."""
    with _fresh(browser, place, language) as (page, sent):
        page.goto(path, wait_until="load")
        if path == "/":
            page.wait_for_selector(_STARTED)
        return _copy(sent)


def desk_shown(browser: Browser, place: Place, language: str) -> Sent:
    """Sign in at the desk; return what was sent until the queue stood there."""
    with _fresh(browser, place, language) as (page, sent):
        page.set_viewport_size({"width": 1366, "height": 768})
        desk_visits.sign_in(page, desk_visits.Visit(place, language))
        page.wait_for_load_state("networkidle")
        return _copy(sent)


def field_shown(browser: Browser, place: Place, language: str) -> Sent:
    """Open the list of who goes out on a phone; return what was sent from signing in until it was kept there."""
    with _fresh(browser, place, language) as (page, sent):
        desk_visits.on_site(page, desk_visits.Visit(place, language))
        page.wait_for_load_state("networkidle")
        return _copy(sent)


def map_shown(browser: Browser, place: Place, language: str) -> Sent:
    """Open the map of the report form; return what was sent for it."""
    with _fresh(browser, place, language) as (page, sent):
        page.goto("/", wait_until="networkidle")
        before = set(sent.sizes)
        page.click("[data-show]")
        page.wait_for_selector(".leaflet-container")
        page.wait_for_load_state("networkidle")
        late = _copy(sent)
        late.sizes = {address: size for address, size in late.sizes.items() if address not in before}
        return late


def _copy(sent: Sent) -> Sent:
    return Sent(sent.origin, dict(sent.kinds), dict(sent.sizes), set(sent.foreign))


class _fresh:  # noqa: N801 - reads as what it is
    """A page of a browser that was never here, and what it receives."""

    def __init__(self, browser: Browser, place: Place, language: str) -> None:
        self._context = browser.new_context(
            base_url=place.base_url, locale=language, viewport=PHONE, is_mobile=True, has_touch=True
        )
        self._sent = Sent(place.base_url)

    def __enter__(self) -> tuple[Page, Sent]:
        page = self._context.new_page()
        protocol = self._context.new_cdp_session(page)
        asked: dict[str, str] = {}

        def note(event: dict[str, Any]) -> None:
            address = event["request"]["url"]
            if address.startswith(("data:", "blob:")):
                return
            asked[event["requestId"]] = address
            self._sent.kinds[address] = event.get("type", "")
            if f"{urlsplit(address).scheme}://{urlsplit(address).netloc}" != self._sent.origin:
                self._sent.foreign.add(address)

        def weigh(event: dict[str, Any]) -> None:
            if event["requestId"] in asked:
                address = asked[
                    event["requestId"]
                ]  # the second time it may come from the browser's own cache
                self._sent.sizes[address] = max(
                    self._sent.sizes.get(address, 0), int(event["encodedDataLength"])
                )

        protocol.on("Network.requestWillBeSent", note)
        protocol.on("Network.loadingFinished", weigh)
        protocol.send("Network.enable")
        return page, self._sent

    def __exit__(self, *_rest: object) -> None:
        self._context.close()


def _rows(browser: Browser, places: dict[str, Place]) -> Iterator[list[object]]:
    for name, language in SPOKEN:
        place = places[name]
        report = opened(browser, place, "/", language)
        tracking = opened(browser, place, place.tracking, language)
        listing = opened(browser, place, "/reports", language)
        yield [
            name,
            language,
            written(place, "/", language),
            report.bytes,
            report.requests,
            tracking.bytes,
            listing.bytes,
            map_shown(browser, place, language).code(),
            desk_shown(browser, place, language).bytes,
            len(report.foreign | tracking.foreign | listing.foreign),
        ]


def main() -> None:
    """Print the weights of all cities in all languages, in bytes."""
    heads = [
        "city",
        "language",
        "written",
        "sent",
        "requests",
        "tracking",
        "list",
        "map code",
        "desk",
        "elsewhere",
    ]
    most = ["at most", "", WRITTEN, REPORT, REQUESTS, TRACKING, LISTING, MAP_CODE, DESK, 0]
    with seen_by_a_browser() as (browser, places):
        for row in [heads, most, *_rows(browser, dict(places))]:
            print("".join(f"{cell!s:>13}" for cell in row), flush=True)


if __name__ == "__main__":
    main()
