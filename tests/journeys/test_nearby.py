"""What is near a report, and a planned day, in a real browser: each by its key, and near by without leaving the report."""

from playwright.sync_api import Page, expect

from tests.journeys.acts import report, sign_in
from tests.living import Living


def _two_reports_at_one_place(office: Page, city: Living) -> tuple[str, str]:
    sign_in(office, city, department="hapulico")
    other, own = report(office), report(office)
    office.goto(f"/desk/complaints/{own}")
    office.wait_for_load_state("networkidle")
    return own, other


def test_a_key_shows_what_is_near_without_leaving_the_report(office: Page, running_city: Living):
    own, other = _two_reports_at_one_place(office, running_city)

    office.keyboard.press("i")
    near = office.locator("#nearby .near a", has_text=other)
    expect(near).to_be_visible()
    expect(office.locator("#nearby .near a").first).to_be_focused()

    assert office.url.endswith(own)
    near.click()
    expect(office.get_by_role("heading", level=1)).to_contain_text(other)


def test_without_a_network_the_link_stays(office: Page, running_city: Living):
    _two_reports_at_one_place(office, running_city)

    office.context.set_offline(True)
    office.keyboard.press("i")

    expect(office.locator("#nearby a[data-fetched]")).to_be_visible()
    expect(office.locator("#nearby[aria-busy]")).to_have_count(0)


def test_a_key_opens_the_form_of_a_day_and_the_keyboard_sends_it(office: Page, running_city: Living):
    _two_reports_at_one_place(office, running_city)

    office.keyboard.press("D")
    expect(office.locator("#plans-first")).to_be_focused()
    office.locator("#plans-first").fill(
        office.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Ho_Chi_Minh'})")
    )
    with office.expect_navigation():
        office.keyboard.press("Control+Enter")
    if office.locator("#plans [name=sure]").count():  # today the offices are closed
        office.locator("#plans [name=sure]").check()
        with office.expect_navigation():
            office.locator("#plans button[type=submit]").click()

    expect(office.locator(".history li").first).to_contain_text("Planned for")
