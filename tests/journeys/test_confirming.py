"""In Seoul who reports dumping confirms the address by a code; the photo waits on the phone meanwhile."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PHONE, _page
from tests.living import Living, a_folder, living
from tests.makers import a_photo


@pytest.fixture(scope="module")
def seoul() -> Iterator[Living]:
    """Seoul, where nobody has reported anything yet."""
    with a_folder() as var, living(var, complaints=0, city="seoul") as city:
        yield city


@pytest.fixture
def phone(browser: Browser, seoul: Living) -> Iterator[Page]:
    """A phone in Seoul whose owner reads English."""
    with _page(browser, seoul.base_url, viewport=PHONE, is_mobile=True, has_touch=True) as page:
        yield page


def test_a_code_from_the_letter_files_the_report_and_the_photo_follows(phone: Page, tmp_path: Path):
    picture = tmp_path / "bags.jpg"
    picture.write_bytes(a_photo().getvalue())
    phone.goto("/?category=dumping")
    phone.get_by_label("Take or choose photo").set_input_files(picture)
    phone.get_by_label("Street, landmark").fill("behind the bus stop")
    phone.get_by_label("E-mail or phone number").fill("ana@citizen.example")
    phone.get_by_label("Only me and the city").check()
    phone.get_by_role("button", name="Send report").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Type the code")
    _type(phone, "12")
    expect(phone.locator("#code-fault")).to_be_visible()
    phone.get_by_role("button", name="Change e-mail or phone number").click()
    expect(phone.locator(".thumbs li")).to_have_count(1)
    expect(phone.locator("#landmark")).to_have_value("behind the bus stop")
    phone.get_by_role("button", name="Send report").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Type the code")
    _type(phone, _code(phone))

    expect(phone.get_by_role("heading", level=1)).to_have_text("We received your report")
    expect(phone.locator(".following [role=status]")).to_have_text("All photos have arrived.")


def _type(phone: Page, code: str) -> None:
    phone.get_by_label("Code with 6 digits").fill(code)
    phone.get_by_role("button", name="Send report").click()


def _code(phone: Page) -> str:
    """Read the code in the demo's letters, in a window of its own; sent once, whatever was tapped."""
    outbox = phone.context.new_page()
    outbox.goto("/demo/outbox")
    [letter] = outbox.locator("article h2").all_inner_texts()
    outbox.close()
    return re.findall(r"[0-9]{6}", letter)[0]
