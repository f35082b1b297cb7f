"""What people do in more than one journey: report, sign in, fill in an action of the desk, look into the outbox."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.living import Living, until

_WORKS = "async () => Boolean((await navigator.serviceWorker.ready).active) && Boolean(navigator.serviceWorker.controller)"


def report(phone: Page, picture: Path | None = None) -> str:
    """File a report about a dark lamp as Ana; return its number, on its tracking page."""
    phone.goto("/")
    if picture is not None:
        phone.get_by_label("Take or choose photo").set_input_files(picture)
    phone.get_by_role("button", name="Use my location").click()
    expect(phone.locator("input[name=latitude]")).not_to_have_value("")
    phone.locator("label.tile", has_text="Street light").click()
    phone.get_by_label("Anything to add?").fill("The lamp has been dark for three nights.")
    phone.get_by_label("E-mail or phone number").fill("ana@citizen.example")
    phone.get_by_role("button", name="Send report").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("We received your report")
    return phone.locator(".number").inner_text().strip()


def with_worker(phone: Page, path: str = "/") -> None:
    """Open a page, and wait until the service worker stands behind it."""
    phone.goto(path)
    until(lambda: phone.evaluate(_WORKS), seconds=30, what="the service worker")


def sign_in(office: Page, city: Living, *, department: str | None = None, role: str = "officer") -> None:
    """Sign in as an official of this role, of this department if one is named."""
    account = city.account(role, department)
    office.goto("/desk")
    office.get_by_label("E-mail address").fill(account["email"])
    office.get_by_label("Password").fill(account["password"])
    office.get_by_role("button", name="Sign in").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("Queue")


def sign_out(office: Page) -> None:
    """Leave the desk."""
    office.locator(".mine > summary").click()
    office.get_by_role("button", name="Sign out").click()
    expect(office.get_by_label("Password")).to_be_visible()


def do(office: Page, action: str, fields: dict[str, str], *, button: str | None = None) -> None:
    """Open an action of a report, fill it in and press its button."""
    card = office.locator("details", has=office.locator("summary", has_text=action))
    card.locator("summary").click()
    for label, value in fields.items():
        control = card.get_by_label(label)
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    card.get_by_role("button", name=button or action, exact=True).click()


def letters(page: Page, number: str, *, expected: int, address: str = "/demo/outbox") -> str | None:
    """Return the letters about a report, once there are so many."""
    page.goto(address)
    found = [letter.inner_text() for letter in page.locator("article").all()]
    mine = [letter for letter in found if number in letter]
    return "\n".join(mine) if len(mine) >= expected else None
