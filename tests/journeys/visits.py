"""Every page for citizens, and how a person with scripts reaches it: what accessibility is judged on."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from cps.city.queries import in_force
from tests.everywhere import Place

_ADDRESS = "ana@citizen.example"
_CODES_ARE_SENT_IN = "ko"  # Seoul alone wants contacts confirmed, for dumping


@dataclass(frozen=True)
class Visit:
    """A running city, read in one of its languages."""

    place: Place
    language: str


Way = Callable[[Page, Visit], None]


def _at(path: str) -> Way:
    return lambda page, _visit: _open(page, path)


def _open(page: Page, path: str) -> None:
    answer = page.goto(path, wait_until="load")
    assert answer is not None
    assert answer.status < 500, path


def _offline(page: Page, _visit: Visit) -> None:
    """Open the form as the worker keeps it."""
    _open(page, "/")
    language = page.locator("html").get_attribute("lang")
    _open(page, f"/offline?v=0-{language}")


def _refused(page: Page, _visit: Visit) -> None:
    _open(page, "/?category=parking")
    page.click("button.send")
    page.wait_for_selector(".summary")


def _danger_typed(page: Page, visit: Visit) -> None:
    _open(page, "/?category=parking")
    page.fill("#words", _word_of_danger(visit))
    page.wait_for_selector(".before-sending")


def _danger_told(page: Page, visit: Visit) -> None:
    """Send as a browser does that runs no scripts."""
    _open(page, "/?category=animals")
    page.eval_on_selector("#landmark", "(field) => { field.value = '1'; }")
    page.eval_on_selector("#words", "(field, word) => { field.value = word; }", _word_of_danger(visit))
    with page.expect_navigation():
        page.eval_on_selector("button.send", "(button) => button.form.submit()")
    page.wait_for_selector("section.before-sending")


def _word_of_danger(visit: Visit) -> str:
    with visit.place.app.app_context():
        return in_force().profile.asks.emergency.by_language[visit.language][0]


def _received(page: Page, visit: Visit) -> None:
    _open(page, f"{visit.place.tracking}?new=1")


def _tracking(page: Page, visit: Visit) -> None:
    _open(page, visit.place.tracking)


def _device(page: Page, visit: Visit) -> None:
    _open(page, visit.place.tracking)
    _open(page, "/my")


def _complaint(page: Page, _visit: Visit) -> None:
    _open(page, "/reports")
    page.locator("a.report").first.click()
    page.wait_for_url("**/complaints/*")


def _map_opened(page: Page, _visit: Visit) -> None:
    _open(page, "/map")
    page.click("[data-show]")
    page.wait_for_selector(".report-spot")


def _alert_asked(page: Page, _visit: Visit) -> None:
    _open(page, "/alerts")
    page.select_option("select[name=area]", index=1)
    page.fill("input[name=email]", _ADDRESS)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/alerts?asked=yes")


def _alerts(page: Page, visit: Visit) -> None:
    _alert_asked(page, visit)
    _open(page, "/demo/outbox")
    letters = page.locator("article").all_inner_texts()
    [link, *_] = [found for letter in letters for found in re.findall(r"/alerts/[\w-]+", letter)]
    _open(page, link)


def _code(page: Page, _visit: Visit) -> None:
    _open(page, "/?category=dumping")
    page.fill("#landmark", "1")
    page.fill("#contact", _ADDRESS)
    page.click("button.send")
    page.wait_for_selector("#code")


PAGES: Final[Mapping[str, Way]] = {
    "report": _at("/"),
    "report, every kind found": _at("/?find=a"),
    "report refused": _refused,
    "report, danger typed": _danger_typed,
    "report, danger told": _danger_told,
    "report without a network": _offline,
    "code": _code,
    "received": _received,
    "tracking": _tracking,
    "complaint": _complaint,
    "list": _at("/reports"),
    "list, nothing found": _at("/reports?q=zzzzzz"),
    "map": _at("/map"),
    "map opened": _map_opened,
    "statistics": _at("/statistics"),
    "find": _at("/complaints"),
    "find, not found": _at("/complaints?reference=0000-0000"),
    "my reports": _device,
    "my reports, none": _at("/my"),
    "consent": _at("/consent"),
    "alert": _at("/alerts"),
    "alert asked": _alert_asked,
    "alerts": _alerts,
    "letters": _at("/demo/outbox"),
    "not there": _at("/complaints/7777-7777"),
}


def is_spoken(name: str, language: str) -> bool:
    """Whether the page is ever shown in that language by the cities that come along."""
    return name != "code" or language == _CODES_ARE_SENT_IN
