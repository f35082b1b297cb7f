"""What axe finds on the pages for citizens and officials: `python -m tests.journeys.accessibility` looks at all of them in every way.

Every way is: each language, light and dark, each of the widths. A page is reached once in a language, as a person
reaches it, then looked at in all schemes and widths. What axe cannot judge by itself was looked at and is in
`LOOKED_AT` with what was seen; anything else of that sort is a finding like any other.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from time import perf_counter
from typing import Final, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.everywhere import SPOKEN, Place
from tests.journeys.alone import seen_by_a_browser
from tests.journeys.desk_visits import DESK_PAGES
from tests.journeys.visits import PAGES, Visit, is_spoken

EVERY: Final = {**PAGES, **DESK_PAGES}
Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
WIDTHS: Final = (320, 360, 768, 1280)  # pixels of CSS; 1280 at 400 % is 320
_HEIGHT = 740

_OPTIONS = {
    "resultTypes": ["violations", "incomplete"],
    "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2, off unless asked for
    "elementRef": True,
}
_JUDGE = """async ([options, essential, lookedAt]) => {
  const { violations, incomplete } = await axe.run(document, options);
  const told = (id, node) => [id, node.target.flat().join(" "),
    [...node.any, ...node.all, ...node.none].map((one) => one.message).join(" ")];
  const found = (results, known) => results.flatMap(({ id, nodes }) => nodes
    .filter(({ element }) => !known.some(([rule, selector]) => rule === id && element.matches(selector)))
    .map((node) => told(id, node)));
  return [found(violations, essential), found(incomplete, lookedAt)];
}"""
_BEYOND = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll("*")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => `${e.tagName}.${e.getAttribute("class")}`)"""
# Every word grows as by a translation: a tail behind the last one would merely be broken off.
_STRETCH = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const longer = (word) => word + "~".repeat(Math.ceil(0.6 * word.length));
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.parentElement.closest("script, style")) text.data = text.data.replace(/[^\\s]+/g, longer);
  }
}"""


@dataclass(frozen=True)
class LookedAt:
    """Something axe cannot judge: its rule, the elements by selector, and what a person saw there."""

    rule: str
    elements: str
    seen: str


LOOKED_AT: Final = (
    LookedAt("color-contrast", ".report-mark", "A number of a digit or two: --accent-ink on --accent."),
    LookedAt("color-contrast", ".leaflet-control-zoom span", "A plus and a minus: --accent on --card."),
    LookedAt(
        "color-contrast",
        ".leaflet-tooltip span",
        "Names on the drawing of the map: 4.5 to 1 on every colour of it, and a halo besides.",
    ),
    LookedAt("color-contrast", ".map-links a", "Arrows, a plus and a minus: --accent on --card."),
    LookedAt(
        "color-contrast", ".map-list a", "--accent on --card; its number stands beside it, not behind it."
    ),
    LookedAt(
        "color-contrast",
        ".report-when .badge, .report-when time",
        "On the report's card: the words above are cut off after two lines, the rest is not painted.",
    ),
    LookedAt(
        "color-contrast",
        "#map-title, [data-approximate]",
        "On the card above and below the map: its drawing is larger, but is cut off where the map ends.",
    ),
    LookedAt(
        "color-contrast",
        ".views a",
        "Views of the desk that are scrolled out of sight: --accent on --paper, as those in sight.",
    ),
    LookedAt("target-size", ".brush-fields input", "Fields of a photo, painted over: see ESSENTIAL."),
)
# WCAG 2.5.8 excepts pins on a map, whose place is what they say; the list below has the same reports.
# And the fields of a photo that is covered: they are as large as what they show, and are painted or reached by keys.
ESSENTIAL: Final = (
    LookedAt("target-size", ".report-spot", "Marks of places that are close to each other."),
    LookedAt("target-size", ".brush-fields input", "Fields of a photo."),
)


@contextmanager
def reached(browser: Browser, place: Place, language: str, name: str) -> Iterator[Page]:
    """Reach a page by its name in a fresh browser."""
    context = browser.new_context(
        base_url=place.base_url, locale=language, viewport={"width": WIDTHS[0], "height": _HEIGHT}
    )
    try:
        page = context.new_page()
        page.set_default_timeout(15_000)
        EVERY[name](page, Visit(place, language))
        assert page.locator("html").get_attribute("lang") == language
        page.evaluate(AXE_SCRIPT)
        yield page
    finally:
        context.close()


def look(page: Page, scheme: Scheme, width: int) -> list[str]:
    """Return what is wrong with a page in this scheme and at this width."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": _HEIGHT})
    known = [[(each.rule, each.elements) for each in some] for some in (ESSENTIAL, LOOKED_AT)]
    violations, undecided = page.evaluate(_JUDGE, [_OPTIONS, *known])
    wrong = [f"{rule} at {element}: {told}" for rule, element, told in violations]
    wrong += [f"undecided: {rule} at {element}: {told}" for rule, element, told in undecided]
    return wrong + beyond(page)


def beyond(page: Page) -> list[str]:
    """Return what makes a page wider than its window, so that one has to scroll sideways."""
    return [f"wider than the window: {element}" for element in page.evaluate(_BEYOND)]


def stretch(page: Page) -> None:
    """Make every word of a page 60 % longer, at the narrowest width."""
    page.set_viewport_size({"width": WIDTHS[0], "height": _HEIGHT})
    page.evaluate(_STRETCH)


def _in_every_way(
    browser: Browser, places: Mapping[str, Place], names: list[str]
) -> Iterator[tuple[str, list[str]]]:
    """Yield each page in each language, with everything that is wrong with it in any way."""
    for (city, language), name in product(SPOKEN, names):
        if not is_spoken(name, language):
            continue
        with reached(browser, places[city], language, name) as page:
            wrong = [
                f"{scheme}, {width}: {finding}"
                for scheme, width in product(SCHEMES, WIDTHS)
                for finding in look(page, scheme, width)
            ]
            stretch(page)
            yield f"{name}, {language}", wrong + [f"stretched: {finding}" for finding in beyond(page)]


def main(names: list[str]) -> None:
    """Print each page with what is wrong with it, and how much was looked at; exit with 1 if anything is wrong."""
    begun, pages, wrong = perf_counter(), 0, 0
    with seen_by_a_browser() as (browser, places):
        for page, found in _in_every_way(browser, places, names or list(EVERY)):
            pages, wrong = pages + 1, wrong + len(found)
            print("\n  ".join([f"{page}: {len(found)} findings", *found]), flush=True)
    seconds = perf_counter() - begun
    ways = len(SCHEMES) * len(WIDTHS)
    print(f"{pages} pages, each in {ways} ways and stretched: {wrong} findings in {seconds:.0f} s")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
