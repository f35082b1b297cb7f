"""Who goes out with a phone: the list in walking order, and an outcome that is given without a network and sent once."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.journeys import acts
from tests.journeys.acts import report, sign_in
from tests.living import Living, until
from tests.photographs import a_photograph, as_taken

PATIENCE_MS = 30_000
_KEPT = """async () => {
  const keys = await (await caches.open("field")).keys();
  const { keptList } = await import(document.querySelector("script[type=module]").src.replace("behaviours.js", "field/store.js"));
  return keys.length > 0 && Boolean(await keptList()) && Boolean(navigator.serviceWorker.controller);
}"""
_LEFT = """async () => {
  const { count, keptList } = await import(document.querySelector("script[type=module]").src.replace("behaviours.js", "field/store.js"));
  return [await count(), await keptList(), await caches.has("field")];
}"""


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of about 3 MB, as a phone takes it."""
    path = tmp_path_factory.mktemp("photos") / "IMG_2031.jpg"
    path.write_bytes(as_taken(a_photograph(3), at_least=3_000_000))
    return path


@pytest.fixture
def worker(phone: Page, running_city: Living) -> tuple[Page, str]:
    """The phone of an officer who handles one report, and its number."""
    number = report(phone)
    sign_in(phone, running_city, department="hapulico")
    phone.goto(f"/desk/complaints/{number}")
    acts.do(phone, "Assign", {})
    phone.goto("/desk/field")
    return phone, number


def _stop(phone: Page, number: str):
    return phone.locator(f'.stop[data-reference="{number}"]')


def _done(phone: Page, number: str, picture: Path) -> None:
    _stop(phone, number).get_by_role("link", name="Done").click()
    form = _stop(phone, number).locator("form")
    form.get_by_label("What we did").fill("We changed the lamp.")
    form.get_by_label("Photo of the place now").set_input_files(picture)
    form.get_by_role("button", name="Send: done").click()


def test_what_is_done_without_a_network_is_sent_once_with_its_photo(worker, picture: Path):
    phone, number = worker
    expect(phone.get_by_text("In walking order from where you are.")).to_be_visible()
    expect(_stop(phone, number).locator(".stop-way")).to_have_text("0 m to the north")
    until(lambda: phone.evaluate(_KEPT), seconds=30, what="the list to be kept")
    phone.context.set_offline(True)
    phone.goto("/desk/field")
    expect(phone.get_by_text("No network: this is the list")).to_be_visible()
    expect(_stop(phone, number)).to_be_visible()

    _done(phone, number, picture)

    kept = phone.locator("[data-outcomes]")
    expect(kept.get_by_text("We changed the lamp.")).to_be_visible()
    expect(_stop(phone, number)).to_be_hidden()
    sent: list[Request] = []
    phone.on(
        "request",
        lambda asked: sent.append(asked) if "/desk/field/" in asked.url and asked.method == "POST" else None,
    )
    phone.context.set_offline(False)
    expect(phone.get_by_text("No network")).to_have_count(0, timeout=PATIENCE_MS)
    expect(_stop(phone, number)).to_have_count(0)
    assert len(sent) == 1
    phone.goto(f"/desk/complaints/{number}")
    history = phone.locator(".history")
    expect(history.get_by_text("We changed the lamp.")).to_have_count(1)
    expect(history.get_by_text("Done 0 m from the place.")).to_have_count(1)
    expect(phone.locator(".photo-after")).to_have_count(1)


def test_what_changed_meanwhile_is_shown_and_what_was_written_stays(worker, picture: Path):
    phone, number = worker
    other = phone.context.new_page()
    other.goto(f"/desk/complaints/{number}")
    acts.do(other, "Internal note", {"Note": "The cable is old."}, button="Save note")
    expect(other.locator(".history").get_by_text("The cable is old.")).to_be_visible()
    other.close()

    _done(phone, number, picture)

    kept = phone.locator("[data-outcomes]")
    expect(kept.get_by_text("Somebody changed this report")).to_be_visible(timeout=PATIENCE_MS)
    expect(kept.get_by_text("The cable is old.")).to_be_visible()
    expect(kept.get_by_text("We changed the lamp.")).to_be_visible()
    kept.get_by_role("button", name="Send now").click()
    expect(phone.get_by_text(f"Sent: {number}")).to_be_visible(timeout=PATIENCE_MS)
    expect(kept).to_be_hidden()


def test_who_signs_out_leaves_nothing_on_the_phone(worker, picture: Path):
    phone, number = worker
    until(lambda: phone.evaluate(_KEPT), seconds=30, what="the list to be kept")
    phone.route("**/desk/field/session", lambda route: route.abort())
    _done(phone, number, picture)
    expect(phone.locator("[data-outcomes]").get_by_text("No connection.")).to_be_visible()
    phone.once("dialog", lambda dialog: dialog.accept())

    acts.sign_out(phone)

    assert phone.evaluate(_LEFT) == [0, None, False]


def test_who_signs_in_on_the_same_phone_sees_nothing_of_the_one_before(
    worker, picture: Path, running_city: Living
):
    phone, number = worker
    until(lambda: phone.evaluate(_KEPT), seconds=30, what="the list to be kept")
    phone.route("**/desk/field/session", lambda route: route.abort())
    _done(phone, number, picture)
    expect(phone.locator("[data-outcomes]").get_by_text("No connection.")).to_be_visible()
    phone.unroute("**/desk/field/session")
    phone.context.clear_cookies()  # the session ended by itself
    sign_in(phone, running_city, department="hsdc")
    until(lambda: phone.evaluate(_LEFT)[1] is None, seconds=30, what="the list to be taken away")

    phone.context.set_offline(True)
    phone.goto("/desk/field")

    expect(phone.get_by_text("No network")).to_be_visible()
    expect(phone.get_by_text(number)).to_have_count(0)
    expect(phone.locator("[data-outcomes]")).to_be_hidden()
    phone.context.set_offline(False)


def test_without_scripts_the_list_and_its_outcomes_are_pages(plain_phone: Page, running_city: Living, worker):
    _phone, number = worker
    sign_in(plain_phone, running_city, department="hapulico")
    plain_phone.goto("/desk/field")

    _stop(plain_phone, number).get_by_role("link", name="Not found").click()
    plain_phone.get_by_role("button", name="Send: not found").click()

    expect(plain_phone.get_by_role("status").get_by_text(number)).to_be_visible()
