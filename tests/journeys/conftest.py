"""A real browser on a phone-sized screen, before a whole running city."""

import os
import shutil
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from cps.settings import Settings
from tests.everywhere import Place, everywhere
from tests.journeys.links import Link, a_link
from tests.living import Living, a_folder, living

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
_RUNNING = {"running_city", "cities"}


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what needs the running city in one process, and what needs all four in one: each starts them once."""
    for item in items:
        needed = set(getattr(item, "fixturenames", ()))
        if "journeys" in item.path.parts and needed & _RUNNING:
            item.add_marker(pytest.mark.xdist_group("cities" if "cities" in needed else "living"))


@pytest.fixture(autouse=True)
def _monday_morning() -> None:
    """The running city keeps real time."""


@pytest.fixture(scope="session")
def running_city() -> Iterator[Living]:
    """Hanoi with sixty made-up reports."""
    with a_folder() as var, living(var, complaints=60) as city:
        yield city


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Mapping[str, Place]]:
    """The four cities that come along, with a few made-up reports each."""
    with everywhere(tmp_path_factory.mktemp("cities"), settings, complaints=40) as places:
        yield places


def chromium(playwright: Playwright) -> Browser:
    """Start the system's Chromium."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=SWITCHES)


def chromium_path() -> str:
    """Return where the system's Chromium is."""
    path = os.environ.get("CPS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: `make test` installs it where it may"
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright, chromium(playwright) as browser:
        yield browser


@pytest.fixture
def phone(browser: Browser, running_city: Living) -> Iterator[Page]:
    """A cheap phone at the lake of Hoan Kiem, whose owner reads English."""
    with _page(browser, running_city.base_url, viewport=PHONE, is_mobile=True, has_touch=True) as page:
        yield page


@pytest.fixture
def link(running_city: Living) -> Iterator[Link]:
    """A bad link to the city; as good as any until it is told otherwise."""
    with a_link(urlsplit(running_city.base_url).port or 80) as link:
        yield link


@pytest.fixture
def far_phone(browser: Browser, link: Link) -> Iterator[Page]:
    """The same phone behind the bad link."""
    with _page(browser, link.base_url, viewport=PHONE, is_mobile=True, has_touch=True) as page:
        yield page


@pytest.fixture
def plain_phone(browser: Browser, running_city: Living) -> Iterator[Page]:
    """The same phone without JavaScript."""
    with _page(
        browser, running_city.base_url, viewport=PHONE, is_mobile=True, java_script_enabled=False
    ) as page:
        yield page


@pytest.fixture
def office(browser: Browser, running_city: Living) -> Iterator[Page]:
    """A screen in an office."""
    with _page(browser, running_city.base_url, viewport={"width": 1366, "height": 768}) as page:
        yield page


class _page:  # noqa: N801 - reads as the verb it is
    """Open a page in a context of its own; close it, and fail on errors its scripts made."""

    def __init__(self, browser: Browser, base_url: str, **options: object) -> None:
        self.errors: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=base_url,
            locale="en-GB",
            geolocation={"latitude": 21.0287, "longitude": 105.8523, "accuracy": 12},
            permissions=["geolocation"],
            **options,
        )

    def __enter__(self) -> Page:
        self.context.set_default_timeout(15_000)
        self.context.on("page", self._watch)
        return self.context.new_page()

    def __exit__(self, kind: object, *_rest: object) -> None:
        self.context.close()
        if kind is None:
            assert self.errors == []

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._note_foreign)

    def _note_foreign(self, request: object) -> None:
        url = str(request.url)  # type: ignore[attr-defined]
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.errors.append(f"contacted {url}")
