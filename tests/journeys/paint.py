"""When the report form is seen on a slow line: `python -m tests.journeys.paint` prints it for every language.

A cheap phone (a sixth of this processor) that was never here opens the form over a line, `TIMES` times (9); medians
are printed, in ms since it was asked for. *Seen* is the first paint of any content, *all seen* that of the largest;
*usable* is when page and scripts are there and a touch does something. The *floor* is what the line alone takes.
Other work on this machine makes every figure worse: none of them is asserted anywhere.
"""

import os
import statistics
from collections.abc import Iterator
from itertools import chain, groupby
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.everywhere import SPOKEN
from tests.journeys.conftest import chromium
from tests.journeys.shaping import Line, a_line, shaped
from tests.living import a_folder, living

# Each line with the milliseconds in which the form is to be seen: 4 round trips, 8 kB and half a second.
GOALS: Final = {
    a_line("slow 3G", milliseconds=400, down=400, up=400): 2300,
    a_line("2G", milliseconds=800, down=280, up=256): 4000,
    a_line("GPRS", milliseconds=1000, down=50, up=20): 5800,
}
_SLOWER = 6  # times slower than this processor
_SCREEN = {"width": 360, "height": 640}
_PATIENCE_MS = 60_000
_WATCH = """() => {
  window.painted = {};
  const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
    .observe({ type, buffered: true });
  watch("paint", (entry) => { window.painted[entry.name] = entry.startTime; });
  watch("largest-contentful-paint", (entry) => { window.painted.largest = entry.startTime; });
}"""
_USABLE = """() => performance.getEntriesByType("navigation")[0].loadEventEnd
  && document.querySelector("[data-use-location]:not([hidden])") && performance.now()"""

Times = tuple[float, float, float]


def opened(browser: Browser, address: str, language: str) -> Times:
    """Open the form in a fresh browser; return when it was seen, all seen, and usable, in ms."""
    context = browser.new_context(locale=language, viewport=_SCREEN, is_mobile=True, has_touch=True)
    try:
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.add_init_script(f"({_WATCH})()")
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        page.goto(address)
        usable = float(page.wait_for_function(_USABLE).json_value())
        painted = page.evaluate("window.painted")
        return painted["first-contentful-paint"], painted["largest"], usable
    finally:
        context.close()


def medians(browser: Browser, port: int, line: Line, language: str, times: int) -> Times:
    """Open the form of the city on this port so many times, each as for the first time; return the medians."""
    seen = []
    for _time in range(times):
        with shaped(line, port) as address:
            seen.append(opened(browser, address, language))
    first, largest, usable = (statistics.median(each) for each in zip(*seen, strict=True))
    return first, largest, usable


def _rows(browser: Browser, times: int) -> Iterator[list[object]]:
    """Run each city as operators run it, one after the other, so that its server keeps connections open."""
    for city, spoken in groupby(SPOKEN, key=lambda each: each[0]):
        with a_folder() as var, living(var, complaints=60, city=city) as place:
            port = urlsplit(place.base_url).port or 80
            for _city, language in spoken:
                opened(browser, place.base_url, language)  # what a server only makes once is made
                for line, goal in GOALS.items():
                    yield _row(line, language, goal, medians(browser, port, line, language, times))


def _row(line: Line, language: str, goal: int, times: Times) -> list[object]:
    told = "reached" if max(times[:2]) <= goal else "missed"
    return [language, line.name, *map(round, times), round(line.floor * 1000), goal, told]


def main() -> None:
    """Print when the form is seen, in all languages on all lines."""
    times = int(os.environ.get("TIMES", "9"))
    heads = ["language", "line", "seen", "all seen", "usable", "floor", "goal", ""]
    with sync_playwright() as playwright, chromium(playwright) as browser:
        for row in chain([heads], _rows(browser, times)):
            print("".join(f"{cell!s:>10}" for cell in row), flush=True)
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(
        f"Medians of {times}, in ms. Load of {os.cpu_count()} processors in the last 1, 5 and 15 minutes: {load}."
    )


if __name__ == "__main__":
    main()
