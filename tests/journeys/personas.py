"""Twelve people who report a problem, each on a phone-sized screen: `python -m tests.journeys.personas` prints their cost.

Each is here for what is hard for them, and for what a page for everybody forgets. A function does what the person
does, from the form to the number and beyond; it fails where the person would.
"""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import expect

from tests.journeys.acts import with_worker
from tests.journeys.alone import seen_by_a_browser
from tests.journeys.hands import Hands
from tests.journeys.scenes import PATIENCE_MS, Persona, Scene, at_the_phone, middle_of
from tests.living import until

MOST_TAPS: Final = 7
SECONDS: Final = 30
_LAMP = "label.tile:has(input[value=street-light])"
_USE_LOCATION, _SEND = "[data-use-location]", "button.send"
_NUMBER = ".confirmation .number"
_2G_BYTES = 256_000 // 8  # a second, on the way up
_MORE_THAN_THE_TEXT = 30_000
_STORED = """async (store) => new Promise((resolve) => {
  const request = indexedDB.open("sending");
  request.onsuccess = () => {
    const all = request.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => { request.result.close(); resolve(all.result.length); };
  };
})"""
# Where the focus is, and whether it is seen: on the screen, with an outline of its own or of its picture.
_FOCUS = """(selector) => {
  const at = document.activeElement;
  const shown = [at, at.nextElementSibling, at.closest("label"), at.closest(".camera")].filter(Boolean);
  const isOutlined = ({ outlineStyle, opacity }) => outlineStyle === "solid" && opacity !== "0";
  const outlined = shown.find((one) => isOutlined(getComputedStyle(one)));
  const box = (outlined || at).getBoundingClientRect();
  const isOnScreen = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  return { is_there: at.matches(selector), is_seen: Boolean(outlined) && isOnScreen, what: at.outerHTML.slice(0, 80) };
}"""
_NAMELESS = re.compile(
    r"- (?:button|textbox|searchbox|combobox|radio|checkbox|link|spinbutton)(?: \[[^\]]*\])*:?$"
)


def _has_number(hands: Hands) -> str:
    expect(hands.page.locator(_NUMBER)).to_be_visible(timeout=PATIENCE_MS)
    return hands.page.locator(_NUMBER).inner_text().strip()


def _locate(hands: Hands) -> None:
    hands.tap(_USE_LOCATION)
    expect(hands.page.locator("input[name=latitude]")).not_to_have_value("")


def _with_a_photo(hands: Hands, scene: Scene) -> None:
    """See a dark lamp, take a picture, tap three times."""
    hands.page.goto("/")
    hands.choose_photo(scene.photo())
    _locate(hands)
    hands.tap(_LAMP)
    hands.tap(_SEND)
    _has_number(hands)
    expect(hands.page.get_by_text("Đã nhận đủ ảnh.")).to_be_visible(timeout=PATIENCE_MS)


def _without_anything(hands: Hands, _scene: Scene) -> None:
    """No place from the phone, no scripts: a landmark looked up by the city, a kind found by its Latin spelling."""
    page = hands.page
    page.goto("/")
    hands.type("#landmark", "Patan Dhoka")
    hands.tap("button[value=place]")
    hands.tap(page.locator("label.option:has(input[name=spot])").first)
    hands.type("#find", "batti")
    hands.tap("button[value=find]")
    hands.tap(_LAMP)
    hands.tap(_SEND)
    _has_number(hands)
    expect(page.get_by_text("Patan Dhoka").first).to_be_visible()
    assert re.search(r"[०-९]+ गते|२०८\d", page.inner_text("body")), "a date of Bikram Sambat"


def _without_gps(hands: Hands, _scene: Scene) -> None:
    """The phone may not say where it is: the page says so, and the barangay is enough."""
    hands.page.goto("/")
    hands.tap(_USE_LOCATION)
    expect(hands.page.locator(".place-status")).to_contain_text("lokasyon")
    hands.choose("#area", index=3)
    hands.tap(_LAMP)
    hands.tap(_SEND)
    _has_number(hands)


def _by_first_letters(hands: Hands, _scene: Scene) -> None:
    """Find the kind by the first consonants of its name, at night."""
    hands.page.goto("/")
    _locate(hands)
    hands.type("#find", "ㄱㄹㄷ")
    expect(hands.page.locator(".tile:visible")).to_have_count(1)
    hands.tap(_LAMP)
    hands.tap(_SEND)
    _has_number(hands)


def _by_keyboard(hands: Hands, _scene: Scene) -> None:
    """Never touch the screen: what has the focus is seen, and everything comes in its order."""
    page = hands.page
    page.goto("/")
    page.wait_for_selector("[data-use-location]:not([hidden])")
    _tab_to(hands, "#landmark")
    page.keyboard.type("Alley 12, next to the school gate")
    hands.keys += 33
    _tab_to(hands, "input[name=category]")
    hands.press("ArrowDown")
    _tab_to(hands, _SEND)
    hands.press("Enter")
    _has_number(hands)


def _tab_to(hands: Hands, selector: str, *, most: int = 80) -> None:
    for _time in range(most):
        hands.press("Tab")
        at = hands.page.evaluate(_FOCUS, selector)
        assert at["is_seen"], f"the focus is not seen: {at['what']}"
        if at["is_there"]:
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def _by_ear(hands: Hands, _scene: Scene) -> None:
    """Hear the page: each control has a name, what happens is announced, a fault leads to its field."""
    page = hands.page
    page.goto("/")
    page.wait_for_selector("[data-use-location]:not([hidden])")
    heard = page.locator("body").aria_snapshot()
    nameless = [line for line in heard.splitlines() if _NAMELESS.search(line)]
    assert nameless == []
    hands.activate(page.get_by_role("button", name="Gửi phản ánh"))
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    hands.activate(summary.get_by_role("link", name="Hãy chọn vấn đề là gì."))
    expect(page.locator("input[name=category]").first).to_be_focused()
    hands.activate(page.get_by_role("radio", name="Đèn đường hỏng"))
    hands.activate(page.get_by_role("button", name="Dùng vị trí của tôi"))
    expect(page.locator(".place-status")).to_have_text(re.compile("12 m"))
    hands.activate(page.get_by_role("button", name="Gửi phản ánh"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã tiếp nhận phản ánh của ông/bà")
    assert [
        line for line in page.locator("body").aria_snapshot().splitlines() if _NAMELESS.search(line)
    ] == []


def _offline_and_killed(hands: Hands, _scene: Scene) -> None:
    """No network, and the browser is killed before Send: all is there again, is kept, and goes when it can."""
    with_worker(hands.page)
    context = hands.page.context
    context.set_offline(True)
    _locate(hands)
    hands.tap(_LAMP)
    hands.type("#words", "dark")
    until(lambda: hands.page.evaluate(_STORED, "draft"), seconds=10, what="the draft")
    hands.page.wait_for_timeout(600)  # a draft follows its keys by half a second
    hands.page.close()

    hands.page = context.new_page()
    hands.page.goto("/")
    expect(hands.page.locator("#words")).to_have_value("dark")
    hands.tap(_SEND)
    expect(hands.page.locator("#kept")).to_contain_text("dark")
    context.set_offline(False)
    hands.tap(hands.page.locator("#kept a.button"))
    _has_number(hands)


def _on_a_shared_phone(hands: Hands, _scene: Scene) -> None:
    """Ask the phone to keep nothing, report, leave: whoever comes next finds nothing."""
    page = hands.page
    with_worker(page, "/my")
    hands.tap("[data-behaviour=sharing] label")
    page.goto("/")
    _locate(hands)
    hands.tap(_LAMP)
    hands.type("#words", "dark")
    hands.tap(_SEND)
    number = _has_number(hands)
    hands.tap(page.locator("form[action$='/forgotten'] button"))
    expect(page.locator(".note-good")).to_be_visible()
    assert (page.evaluate(_STORED, "draft"), page.evaluate(_STORED, "report")) == (0, 0)
    expect(page.locator("body")).not_to_contain_text(number)


def _over_2g(hands: Hands, scene: Scene) -> None:
    """Send a photo of 12 MB over 2G: the number comes before it, and it comes as well."""
    page, link = hands.page, scene.link
    assert link is not None
    page.goto("/")
    hands.choose_photo(scene.photo(heavy=True))
    _locate(hands)
    hands.tap(_LAMP)
    expect(page.locator(".thumbs img")).to_have_count(1)
    before, link.up = link.sent, _2G_BYTES
    page.on("response", lambda answer: at_number.append(link.sent) if "/my/" in answer.url else None)
    at_number: list[int] = []
    hands.tap(_SEND)
    _has_number(hands)
    assert at_number[0] - before < _MORE_THAN_THE_TEXT
    expect(page.get_by_text("Dumating na ang lahat ng litrato.")).to_be_visible(timeout=2 * PATIENCE_MS)


def _in_danger(hands: Hands, _scene: Scene) -> None:
    """Type that it burns: whom to call stands there before sending, and sending is one tap all the same."""
    page = hands.page
    page.goto("/")
    _locate(hands)
    hands.tap(_LAMP)
    hands.type("#words", "lamp on fire")
    expect(page.locator(".before-sending a[href='tel:114']")).to_be_visible()
    hands.tap(_SEND)
    _has_number(hands)


def _as_a_neighbour(hands: Hands, scene: Scene) -> None:
    """Report what somebody else has: one tap joins, the number stays one's own."""
    page = hands.page
    where = middle_of("seoul")
    first = {
        "key": str(uuid4()),
        "category": "street-light",
        "coordinates": f"{where['latitude']}, {where['longitude']}",
    }
    assert scene.place.app.test_client().post("/complaints", data=first).status_code == 303
    page.goto("/")
    _locate(hands)
    hands.tap(_LAMP)
    hands.tap(_SEND)
    number = _has_number(hands)
    hands.tap(page.locator(".near button").first)
    expect(page.locator(".note-joined")).to_be_visible()
    assert number in page.inner_text("h1")


def _unhappy(hands: Hands, scene: Scene) -> None:
    """Be told it is fixed when it is not: one tap says so, a sentence opens it again."""
    page = hands.page
    page.goto(urlsplit(scene.place.tracking).path)
    hands.tap(page.locator(".face").last)
    hands.type("#reopenings", "अझै बिग्रेको छ")
    hands.tap(page.locator("form:has(#reopenings) button"))
    expect(page.locator("#reopenings")).to_have_count(0)
    expect(page.get_by_text("अझै बिग्रेको छ").first).to_be_visible()


PERSONAS: Final[Mapping[str, Persona]] = {
    "in a hurry": Persona(
        "GPS and a photo, in a hurry", "hanoi", "vi", _with_a_photo, seconds=SECONDS, types_nothing=True
    ),
    "without anything": Persona(
        "no GPS, no scripts, Nepali",
        "lalitpur",
        "ne",
        _without_anything,
        has_gps=False,
        options={"java_script_enabled": False},
    ),
    "without gps": Persona(
        "GPS denied", "san-fernando", "fil", _without_gps, seconds=SECONDS, types_nothing=True, has_gps=False
    ),
    "by first letters": Persona(
        "types first consonants, dark scheme",
        "seoul",
        "ko",
        _by_first_letters,
        seconds=SECONDS,
        options={"color_scheme": "dark"},
    ),
    "by keyboard": Persona("a keyboard alone", "hanoi", "en", _by_keyboard),
    "by ear": Persona("a screen reader", "hanoi", "vi", _by_ear),
    "offline, then killed": Persona("no network, then a killed tab", "hanoi", "en", _offline_and_killed),
    "on a shared phone": Persona("a phone others use", "lalitpur", "ne", _on_a_shared_phone),
    "over 2G": Persona(
        "2G and a photo of 12 MB", "san-fernando", "fil", _over_2g, types_nothing=True, is_far=True
    ),
    "in danger": Persona(
        "an emergency, page at 200 %",
        "hanoi",
        "en",
        _in_danger,
        options={"viewport": {"width": 180, "height": 370}},
    ),
    "a neighbour": Persona("joins the report of another", "seoul", "ko", _as_a_neighbour, types_nothing=True),
    "unhappy": Persona("not fixed: rates and reopens", "lalitpur", "ne", _unhappy),
}


def main() -> None:
    """Print what a report costs each of them."""
    print(f"{'who':<36} {'language':<9} {'taps':>4} {'keys':>5} {'seconds':>8}  goal")
    with tempfile.TemporaryDirectory() as folder, seen_by_a_browser() as (browser, places):
        for persona in PERSONAS.values():
            with at_the_phone(persona, browser, places, Path(folder)) as (hands, scene):
                persona.act(hands, scene)
                print(
                    f"{persona.who:<36} {persona.language:<9} {hands.taps:>4} {hands.keys:>5} {hands.seconds:>8.1f}"
                    f"  {persona.seconds}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
