"""The four cities and a browser, for what is printed by hand and not run by pytest."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from cps.settings import from_environment
from tests.everywhere import Place, everywhere
from tests.journeys.conftest import chromium
from tests.living import a_folder


@contextmanager
def seen_by_a_browser(complaints: int = 60) -> Iterator[tuple[Browser, Mapping[str, Place]]]:
    """Run the four cities with so many made-up reports each, and a browser to look at them, until the block ends."""
    with (
        a_folder() as folder,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
    ):
        settings = from_environment(
            {
                "CPS_VAR": str(folder),
                "CPS_DEMO": "yes",
                "CPS_BASE_URL": "http://localhost",
                "CPS_UNDO_SECONDS": "0",
            }
        )
        with everywhere(folder, settings, complaints=complaints) as places:
            yield browser, places
