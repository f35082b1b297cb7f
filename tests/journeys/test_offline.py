"""Reports without a network: kept on the phone, sealed, sent once when it returns; and how a bad worker is withdrawn."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from cps.kernel.files import STATIC
from tests.journeys.acts import with_worker
from tests.journeys.conftest import PHONE
from tests.journeys.shipping import shipping
from tests.living import Living, until
from tests.photographs import a_photograph, as_taken

PATIENCE_MS = 30_000
KEPT = "Kept on this phone – not sent yet"

# Answers every page with its own, for ever.
BAD_WORKER = """
const broken = () => new Response("broken", { headers: { "Content-Type": "text/html" } });
addEventListener("install", (event) => { skipWaiting(); event.waitUntil(caches.open("bad")); });
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => event.respondWith(broken()));
"""

_IS_GONE = "async () => !(await navigator.serviceWorker.getRegistration())"
_RAW = """async (store) => new Promise((resolve) => {
  const request = indexedDB.open("sending");
  request.onsuccess = () => {
    const all = request.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = async () => {
      request.result.close();
      const text = async (value) => (value instanceof Blob ? value.text() : JSON.stringify(value));
      resolve((await Promise.all(all.result.flatMap((record) => Object.values(record)).map(text))).join(" "));
    };
  };
})"""


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of about 12 MB."""
    path = tmp_path_factory.mktemp("photos") / "IMG_2030.jpg"
    path.write_bytes(as_taken(a_photograph(2), at_least=11_000_000))
    return path


def _fill_in(phone: Page, words: str, *photos: Path) -> None:
    if photos:
        phone.get_by_label("Take or choose photo").set_input_files(photos)
    phone.get_by_role("button", name="Use my location").click()
    expect(phone.locator("input[name=latitude]")).not_to_have_value("")
    phone.locator("label.tile", has_text="Street light").click()
    phone.get_by_label("Anything to add?").fill(words)


def _press_send(phone: Page) -> None:
    phone.get_by_role("button", name="Send report").click()


def _list(phone: Page):
    return phone.locator("#kept")


def test_a_report_written_without_a_network_is_kept_then_sent_once_by_itself(phone: Page):
    with_worker(phone)
    phone.context.set_offline(True)
    phone.goto("/")
    expect(phone.get_by_text("No internet. Your report is kept on this phone")).to_be_visible()
    _fill_in(phone, "dark since the storm")

    _press_send(phone)

    expect(_list(phone).get_by_role("heading", name=KEPT)).to_be_focused()
    expect(_list(phone).get_by_text("dark since the storm")).to_be_visible()
    expect(_list(phone).get_by_text("Written ")).to_be_visible()
    sent: list[str] = []
    phone.on("response", lambda answer: sent.append(answer.url) if answer.status == 201 else None)
    phone.context.set_offline(False)
    expect(_list(phone).get_by_text("Received: ")).to_be_visible(timeout=PATIENCE_MS)
    assert len(sent) == 1
    _list(phone).get_by_role("link", name="Open my report").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("We received your report")
    phone.goto("/my")
    expect(phone.locator(".kept-reports li")).to_have_count(1)
    phone.goto("/")
    expect(_list(phone)).to_be_hidden()


def test_what_waits_is_sealed_and_shown_on_every_page_until_it_is_deleted(phone: Page):
    with_worker(phone)
    phone.route("**/complaints", lambda route: route.fulfill(status=503, headers={"Retry-After": "600"}))
    _fill_in(phone, "geheim")
    _press_send(phone)
    expect(_list(phone).get_by_text("The city cannot take it just now.")).to_be_visible()

    phone.goto("/reports")

    expect(phone.get_by_role("link", name="Kept on this phone, not sent yet: 1")).to_be_visible()
    assert "geheim" not in phone.evaluate(_RAW, "report")
    phone.get_by_role("link", name="Kept on this phone, not sent yet: 1").click()
    phone.once("dialog", lambda dialog: dialog.accept())
    _list(phone).get_by_role("button", name="Delete").click()
    expect(_list(phone)).to_be_hidden()
    phone.goto("/reports")
    expect(phone.locator("#kept")).to_be_hidden()


def test_a_double_tap_and_a_page_closed_while_sending_send_one_report(phone: Page):
    with_worker(phone)
    held: list[Route] = []
    phone.route("**/complaints", lambda route: held.append(route))  # noqa: PLW0108 - needs a function
    _fill_in(phone, "twice or not")
    phone.get_by_role("button", name="Send report").dblclick(force=True, no_wait_after=True)
    until(lambda: held or phone.wait_for_timeout(10), seconds=10, what="the report to leave")
    number = held[0].fetch().json()["reference"]  # the city has it, the phone never hears
    context = phone.context
    phone.close()

    again = context.new_page()
    again.goto("/statistics")

    expect(again.get_by_role("link", name=f"Received: {number}")).to_be_visible(timeout=PATIENCE_MS)
    assert len(held) == 1


def test_what_the_city_refuses_stays_with_its_reason_and_can_be_put_right(phone: Page):
    with_worker(phone)
    phone.context.set_offline(True)
    phone.get_by_label("Anything to add?").fill("Nowhere and nothing in particular")
    _press_send(phone)
    expect(_list(phone).get_by_text("Nowhere and nothing")).to_be_visible()
    phone.context.set_offline(False)

    expect(_list(phone).get_by_text("Could not send")).to_be_visible(timeout=PATIENCE_MS)
    expect(_list(phone).get_by_text("Choose what the problem is.")).to_be_visible()
    _list(phone).get_by_role("button", name="Edit").click()

    expect(phone.get_by_label("Anything to add?")).to_have_value("Nowhere and nothing in particular")
    expect(phone.locator(".draft").get_by_text("Choose what the problem is.")).to_be_visible()
    expect(_list(phone)).to_be_hidden()
    _fill_in(phone, "Now it is a lamp")
    _press_send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("We received your report")


def test_a_draft_survives_a_killed_tab_with_its_photo_and_its_answers(phone: Page, heavy: Path):
    phone.goto("/")
    phone.get_by_label("Take or choose photo").set_input_files(heavy)
    phone.locator(".more summary", has_text="More").click()
    phone.locator("label.tile", has_text="Public transport").click()
    phone.get_by_label("Anything to add?").fill("The bus never came")
    phone.get_by_label("Street, landmark").fill("alley 12")
    expect(phone.locator(".thumbs img")).to_have_count(1)
    answer = phone.locator("#questions input[type=text]").first
    answer.fill("86")
    until(lambda: phone.evaluate(_RAW, "draft"), seconds=10, what="the draft")
    phone.wait_for_timeout(600)
    assert "The bus" not in phone.evaluate(_RAW, "draft")
    context = phone.context
    phone.close()

    again = context.new_page()
    again.goto("/")

    expect(again.get_by_text("We brought back what you had typed.")).to_be_visible()
    expect(again.get_by_label("Anything to add?")).to_have_value("The bus never came")
    expect(again.get_by_label("Street, landmark")).to_have_value("alley 12")
    expect(again.locator("label.tile", has_text="Public transport").locator("input")).to_be_checked()
    expect(again.locator("#questions input[type=text]").first).to_have_value("86")
    expect(again.locator(".thumbs img")).to_have_count(1)
    other = context.new_page()
    other.goto("/")
    expect(other.get_by_label("Anything to add?")).to_have_value("")
    other.close()
    again.get_by_role("button", name="Start afresh").click()
    expect(again.get_by_label("Anything to add?")).to_have_value("")
    expect(again.locator(".thumbs img")).to_have_count(0)
    expect(again.locator(".draft")).to_have_count(0)


def test_a_heavy_photo_written_offline_follows_its_report(phone: Page, heavy: Path):
    with_worker(phone)
    phone.context.set_offline(True)
    _fill_in(phone, "with a heavy photo", heavy)
    expect(phone.locator(".thumbs img")).to_have_count(1)
    _press_send(phone)
    expect(_list(phone).get_by_role("img", name="Photo")).to_be_visible(timeout=PATIENCE_MS)
    phone.context.set_offline(False)

    expect(_list(phone).get_by_text("Received: ")).to_be_visible(timeout=PATIENCE_MS)
    until(
        lambda: "still being sent" not in _list(phone).inner_text(), seconds=30, what="the photo to be sent"
    )
    _list(phone).get_by_role("link", name="Open my report").click()
    until(
        lambda: phone.reload() and phone.locator("ul.photos img").count() == 1, seconds=30, what="the photo"
    )


def test_a_shared_phone_keeps_nothing(phone: Page):
    with_worker(phone, "/my")
    phone.get_by_label("Others use this phone too").check()
    phone.goto("/")
    _fill_in(phone, "seen by others")
    phone.context.set_offline(True)

    _press_send(phone)

    expect(phone.get_by_text("No connection. Everything you typed is kept here.")).to_be_visible()
    assert phone.evaluate(_RAW, "report") == ""
    assert phone.evaluate(_RAW, "draft") == ""
    phone.context.set_offline(False)
    phone.goto("/my")
    expect(phone.get_by_label("Others use this phone too")).to_be_checked()


def test_everything_on_the_phone_is_forgotten_at_a_touch(phone: Page):
    with_worker(phone)
    phone.get_by_label("Anything to add?").fill("typed and left")
    until(lambda: phone.evaluate(_RAW, "draft"), seconds=10, what="the draft")
    phone.goto("/my")

    phone.get_by_role("button", name="Forget everything on this phone").click()

    expect(phone.get_by_text("Forgotten on this device")).to_be_visible()
    phone.goto("/")
    expect(phone.get_by_label("Anything to add?")).to_have_value("")
    expect(phone.locator(".draft")).to_have_count(0)


def test_after_seven_days_a_report_is_not_sent_by_itself_but_shown(phone: Page):
    with_worker(phone)
    phone.route("**/complaints", lambda route: route.fulfill(status=503))
    _fill_in(phone, "an old matter")
    _press_send(phone)
    expect(_list(phone).get_by_text("an old matter")).to_be_visible()
    phone.unroute("**/complaints")
    phone.add_init_script("{ const now = Date.now; Date.now = () => now() + 8 * 24 * 3600 * 1000; }")

    phone.goto("/")

    expect(_list(phone).get_by_text("It is older than 7 days.")).to_be_visible()
    _list(phone).get_by_role("button", name="Send now").click()
    expect(_list(phone).get_by_text("Received: ")).to_be_visible(timeout=PATIENCE_MS)


def test_an_old_report_that_was_shown_is_gone_a_day_later(phone: Page):
    with_worker(phone)
    phone.route("**/complaints", lambda route: route.fulfill(status=503))
    _fill_in(phone, "a very old matter")
    _press_send(phone)
    expect(_list(phone).get_by_text("a very old matter")).to_be_visible()
    phone.add_init_script(
        "{ const now = Date.now; const days = () => Number(localStorage.days || 0);"
        " Date.now = () => now() + days() * 24 * 3600 * 1000; }"
    )
    phone.evaluate("localStorage.days = 8")
    phone.goto("/")
    expect(_list(phone).get_by_text("It is older than 7 days.")).to_be_visible()

    phone.evaluate("localStorage.days = 10")
    phone.goto("/")

    until(lambda: phone.evaluate(_RAW, "report") == "", seconds=10, what="the old report to go")
    expect(_list(phone)).to_be_hidden()


def test_where_there_is_no_room_the_report_stays_in_its_form(phone: Page):
    phone.add_init_script(
        "const native = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function put(...values) {"
        " const request = native.apply(this, values); this.transaction.abort(); return request; };"
    )
    phone.goto("/")
    _fill_in(phone, "no room left")
    phone.context.set_offline(True)

    _press_send(phone)

    expect(phone.get_by_text("No connection. Everything you typed is kept here.")).to_be_visible()
    expect(phone.get_by_label("Anything to add?")).to_have_value("no room left")
    phone.context.set_offline(False)
    _press_send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("We received your report")


def test_a_bad_worker_is_gone_with_the_visit_after_it_was_withdrawn(browser: Browser, running_city: Living):
    with shipping(running_city.base_url) as city:
        city.worker = BAD_WORKER
        context = browser.new_context(base_url=city.base_url, locale="en-GB", viewport=PHONE)
        page = context.new_page()
        with_worker(page)
        page.goto("/reports")
        expect(page.locator("body")).to_have_text("broken")

        city.worker = (STATIC / "js" / "workers" / "withdrawn.js").read_text()
        page.goto("/reports")  # the last time: the browser asks for the worker anew, whatever it answers
        until(lambda: page.evaluate(_IS_GONE), seconds=30, what="the worker to go")

        page.goto("/reports")
        expect(page.get_by_role("heading", level=1)).to_have_text("Reports")
        assert page.evaluate("caches.keys()") == []
        context.close()
