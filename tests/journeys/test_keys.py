"""A report handled by keys alone, in a real browser: from the queue to the note and back, and no letter while typing."""

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.journeys.acts import report, sign_in
from tests.journeys.conftest import _page
from tests.living import Living

LIGHTING = "hapulico"


@pytest.fixture
def desk(office: Page, running_city: Living) -> Page:
    """The queue of an officer, with the mouse out of reach."""
    sign_in(office, running_city, department=LIGHTING)
    while len(references(office)) < 2:
        report(office)
        office.goto("/desk")
    listening(office)
    return office


def listening(page: Page) -> None:
    """Wait until the page hears keys: what does so comes after the page itself."""
    page.wait_for_load_state("networkidle")


def open_first(page: Page) -> None:
    """Open the first report of the queue by keys."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".complaint")).to_be_visible()
    listening(page)


def _is_sent(response: Response) -> bool:
    return response.request.method == "POST"


def references(page: Page) -> list[str]:
    return page.locator("a.q-link").all_text_contents()


def test_reports_are_walked_through_by_keys(desk: Page):
    first, second = references(desk)[:2]

    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    expect(desk.locator("a.q-link", has_text=first)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text(first)
    listening(desk)
    desk.keyboard.press("j")
    expect(desk.locator("h1")).to_contain_text(second)
    listening(desk)
    desk.keyboard.press("Escape")

    expect(desk.locator(".queue-head")).to_be_visible()
    assert references(desk)[:2] == [first, second]


def test_a_report_is_set_aside_by_keys_and_stands_in_its_own_view(desk: Page):
    open_first(desk)
    reference = (desk.locator("h1").text_content() or "").split()[0]

    desk.keyboard.press("q")
    expect(desk.locator("#quarantines-cause")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Tab")
    desk.keyboard.type("q? Only letters.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".quarantine")).to_be_visible()
    desk.goto("/desk?view=aside")

    assert reference in references(desk)


def test_a_note_is_written_and_sent_without_a_mouse(desk: Page):
    open_first(desk)

    desk.keyboard.press("n")
    expect(desk.locator("#notes-note")).to_be_focused()
    desk.keyboard.type("jkn? The ladder is away.")  # letters are letters here
    desk.keyboard.press("Control+Enter")

    expect(desk.locator(".history").get_by_text("jkn? The ladder is away.")).to_be_visible()


def test_a_key_does_not_leave_what_is_written_and_not_sent(desk: Page):
    open_first(desk)
    address = desk.url
    desk.keyboard.press("n")
    expect(desk.locator("#notes-note")).to_be_focused()
    desk.keyboard.type("The ladder")

    for key in ("Escape", "Escape", "j", "?"):
        desk.keyboard.press(key)

    expect(desk.locator("#notes-note")).to_have_value("The ladderj?")
    expect(desk.locator("#notes-note")).to_be_focused()
    assert desk.url == address


def test_what_is_typed_survives_a_closed_tab(desk: Page):
    open_first(desk)
    address = desk.url
    with desk.expect_response(lambda answer: answer.url.endswith("/drafts")):
        desk.keyboard.press("n")
        expect(desk.locator("#notes-note")).to_be_focused()
        desk.keyboard.press("Control+A")  # whatever was typed here before
        desk.keyboard.type("A closed tab.")
    other = desk.context.new_page()
    desk.close()

    other.goto(address)

    expect(other.locator("#notes-note")).to_have_value("A closed tab.")
    listening(other)
    other.locator("#notes-note").focus()
    other.keyboard.press("Control+Enter")
    expect(other.locator(".history").get_by_text("A closed tab.")).to_be_visible()
    expect(other.locator("#notes-note")).to_have_value("")


def test_a_routine_report_takes_four_keys_and_the_next_one_comes(
    desk: Page, browser: Browser, running_city: Living
):
    _write_a_template(browser, running_city)
    first, second = references(desk)[:2]
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text(first)
    listening(desk)

    desk.keyboard.press("e")
    desk.keyboard.press("1")
    expect(desk.locator("#resolutions-result")).to_have_value(f"The lamp is new. Report {first}.")
    desk.keyboard.press("Control+Enter")

    expect(desk.locator("h1")).to_contain_text(second)
    expect(desk.get_by_role("status")).to_contain_text(f"{first} is done")


def _write_a_template(browser: Browser, city: Living) -> None:
    with _page(browser, city.base_url) as page:
        account = city.account("coordinator")
        page.goto("/desk/templates/new?use=resolutions")
        page.get_by_label("E-mail address").fill(account["email"])
        page.get_by_label("Password").fill(account["password"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Title").fill("Lamp")
        for field in page.get_by_label("What we did").all():
            field.fill("The lamp is new. Report {number}.")
        page.get_by_role("button", name="Save template").click()
        expect(page.get_by_role("link", name="Lamp")).to_be_visible()


def test_several_are_selected_and_noted_by_keys(desk: Page):
    some = references(desk)[:2]

    desk.keyboard.press("j")
    desk.keyboard.press("x")
    desk.keyboard.press("j")
    desk.keyboard.press("X")
    expect(desk.locator(".picked-count")).to_have_text("2 selected")
    desk.keyboard.press("n")
    expect(desk.locator("#notes-note")).to_be_focused()
    listening(desk)
    desk.keyboard.type("Seen together.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("h1")).to_have_text("2 reports would change")
    desk.keyboard.press("Enter")

    expect(desk.locator("h1")).to_have_text("2 reports are changed")
    assert desk.locator(".batch-numbers a").all_text_contents() == some


def test_the_palette_finds_what_can_be_done_and_shows_its_key(desk: Page):
    open_first(desk)

    desk.keyboard.press("Control+k")
    expect(desk.locator(".palette")).to_be_visible()
    expect(desk.get_by_role("option", name="Show what is new")).to_be_hidden()  # that is for queues
    desk.keyboard.type("internal")
    expect(desk.locator(".palette").get_by_role("option", selected=True)).to_have_text("Internal note n")
    desk.keyboard.press("Enter")

    expect(desk.locator("#notes-note")).to_be_focused()
    expect(desk.locator(".palette")).to_be_hidden()


def test_a_view_is_a_letter_and_a_number_away(desk: Page):
    desk.keyboard.press("g")
    desk.keyboard.press("2")

    expect(desk.locator('.views [aria-current="page"]')).to_contain_text("Mine")
    listening(desk)
    desk.keyboard.press("2")  # without the letter, a number is nothing
    expect(desk.locator('.views [aria-current="page"]')).to_contain_text("Mine")


def test_who_leads_is_a_letter_away_from_the_overview_and_an_officer_is_not(
    desk: Page, browser: Browser, running_city: Living
):
    desk.keyboard.press("Control+k")
    expect(desk.locator('[role="option"][data-command="help"]')).to_be_visible()
    expect(desk.locator('[role="option"][data-command="overview"]')).to_be_hidden()
    with _page(browser, running_city.base_url) as leading:
        sign_in(leading, running_city, role="head")
        listening(leading)

        leading.keyboard.press("l")

        leading.wait_for_url("**/desk/overview")
        expect(leading.locator("#load-title")).to_be_visible()


def test_letters_that_are_switched_off_do_nothing(desk: Page):
    desk.keyboard.press("?")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Keys of the desk")
    desk.get_by_label("Letters do something").uncheck()
    with desk.expect_response(_is_sent):
        desk.get_by_role("button", name="Save keys").click()
    desk.goto("/desk")
    listening(desk)

    desk.keyboard.press("j")
    expect(desk.locator("a.q-link").first).not_to_be_focused()
    desk.keyboard.press("Control+k")
    expect(desk.locator(".palette")).to_be_visible()  # with Ctrl it is no letter

    desk.keyboard.press("Escape")
    desk.goto("/desk/keys")
    with desk.expect_response(_is_sent):
        desk.get_by_role("button", name="As at the beginning").click()
    desk.goto("/desk")
    listening(desk)
    desk.keyboard.press("j")
    expect(desk.locator("a.q-link").first).to_be_focused()


def test_recurring_problems_are_a_letter_away(desk: Page):
    desk.keyboard.press("b")
    desk.wait_for_url("**/desk/recurring")

    expect(desk.locator("h1")).to_have_text("Recurring problems")
