"""The place of an officer at the desk: a keyboard and no mouse, with what everything costs noted.

Keys are counted as they are pressed, of Ctrl+Enter both; letters of what is written in own words are counted apart.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from playwright.sync_api import Browser, Page, expect

from cps.city.queries import in_force
from tests.everywhere import Place
from tests.journeys.conftest import _page
from tests.journeys.inbox import DRAINAGE, Inbox, filled
from tests.makers import PASSWORD

SEND: Final = "Control+Enter"
_SCREEN = {"width": 1366, "height": 768}
# When a page begins to hear keys, by the clock; which keys and touches it got, over all pages of the tab.
_WATCHED = """
  const listen = document.addEventListener;
  document.addEventListener = function (kind, ...rest) {
    if (kind === "keydown") window.hears = performance.timeOrigin + performance.now();
    return listen.call(document, kind, ...rest);
  };
  const count = (name) => sessionStorage.setItem(name, Number(sessionStorage.getItem(name)) + 1);
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => count(kind), true);
"""
_OTHER_PAGE_HEARS = "(before) => window.hears && window.hears !== before"
_IS_LAST = "() => JSON.parse(sessionStorage.getItem('desk-queue')).links.at(-1) === location.pathname"


@dataclass
class Cost:
    """What a report costs: keys, letters of own words, and milliseconds from the key that sends to the next page hearing keys.

    `server_ms`, `requests`, `sent_bytes`: what the server had to do meanwhile.
    """

    kind: str
    keys: int = 0
    letters: int = 0
    wait_ms: float = 0
    server_ms: float = 0
    requests: int = 0
    sent_bytes: int = 0


@dataclass
class Meter:
    """Stands before an application, and notes how long it works at each answer and how many bytes it sends."""

    app: WSGIApplication
    answers: list[tuple[float, int]] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterator[bytes]:
        begun, size = time.perf_counter(), 0
        parts = self.app(environ, start)
        try:
            for part in parts:
                size += len(part)
                yield part
        finally:
            if hasattr(parts, "close"):
                parts.close()
            self.answers.append((time.perf_counter() - begun, size))


@dataclass
class Officer:
    """Somebody at a keyboard, before the queue of new reports. There is no mouse."""

    page: Page
    meter: Meter
    inbox: Inbox
    elsewhere: str
    cost: Cost = field(default_factory=lambda: Cost(""))

    def press(self, *keys: str) -> None:
        """Press keys one after the other; what is held down with one counts too."""
        for key in keys:
            self.cost.keys += len(key.split("+"))
            self.page.keyboard.press(key)

    def write(self, words: str) -> None:
        """Write in own words where the cursor is."""
        expect(self.page.locator("textarea:focus")).to_have_count(1)
        self.cost.letters += len(words)
        self.page.keyboard.type(words)

    def go(self, key: str) -> None:
        """Press a key that leads to another page, and wait until that one hears keys."""
        before, at = self.page.evaluate("window.hears"), time.time()
        self.press(key)
        self.page.wait_for_function(_OTHER_PAGE_HEARS, arg=before)
        self.cost.wait_ms = self.page.evaluate("window.hears") - at * 1000
        expect(self.page.locator(".attempt")).to_have_count(0)

    def reply(self, letter: str, field: str) -> None:
        """Send the first reply that is ready for an action."""
        self.press(letter, "1")
        expect(self.page.locator(field)).not_to_have_value("")
        self.go(SEND)

    def reference(self) -> str:
        """Return the number of the report on the screen."""
        return urlsplit(self.page.url).path.rsplit("/", 1)[-1]

    def is_last(self) -> bool:
        """Whether this is the last report of the queue as it was shown."""
        return bool(self.page.evaluate(_IS_LAST))

    def counted(self, kind: str, act: Callable[["Officer"], None]) -> Cost:
        """Do something, and return what it cost."""
        self.cost = cost = Cost(kind)
        before = len(self.meter.answers)
        act(self)
        answers = self.meter.answers[before:]
        cost.server_ms = sum(seconds for seconds, _size in answers) * 1000
        cost.requests, cost.sent_bytes = len(answers), sum(size for _seconds, size in answers)
        return cost

    def left_in_the_queue(self) -> list[str]:
        """Return the reports of the inbox that the queue on the screen still shows."""
        return [one for one in self.page.locator("a.q-link").all_text_contents() if one in self.inbox.kinds]

    def touched(self) -> tuple[int, int]:
        """Return how many keys and how many touches of a mouse the pages of this tab got."""
        read = "() => ['keydown', 'pointerdown'].map((kind) => Number(sessionStorage.getItem(kind)))"
        keys, touches = self.page.evaluate(read)
        return keys, touches


@contextmanager
def at_the_desk(browser: Browser, place: Place, counts: Mapping[str, int]) -> Iterator[Officer]:
    """Have an officer of Hanoi sit before so many reports of each kind, signed in."""
    with place.app.app_context():
        inbox = filled(counts)
        elsewhere = in_force().named(_names_of(DRAINAGE), "en")
    meter = Meter(place.app.wsgi_app)
    place.app.wsgi_app = meter  # type: ignore[method-assign]
    try:
        with _page(browser, place.base_url, viewport=_SCREEN) as page:
            page.goto("/desk")
            page.fill("input[name=email]", inbox.officer)
            page.fill("input[name=password]", PASSWORD)
            page.context.add_init_script(_WATCHED)
            page.press("input[name=password]", "Enter")
            page.wait_for_function(_OTHER_PAGE_HEARS, arg=None)
            yield Officer(page, meter, inbox, elsewhere)
    finally:
        place.app.wsgi_app = meter.app  # type: ignore[method-assign]


def _names_of(code: str) -> Mapping[str, str]:
    city = in_force()
    return city.department_names[next(one for one, own in city.department_codes.items() if own == code)]
