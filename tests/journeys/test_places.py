"""Looking a place up by name with scripts: a tap, a list, a choice; and nothing without one."""

from playwright.sync_api import Page, expect


def test_a_place_is_looked_up_at_a_tap_and_chosen(phone: Page):
    phone.goto("/")
    asked = []
    phone.on("request", lambda request: asked.append(request.url) if "places.json" in request.url else None)

    phone.fill("#landmark", "ngõ 12 lang ha")
    expect(phone.locator("input[name=spot]")).to_have_count(0)
    assert asked == []
    phone.get_by_role("button", name="Find this place").click()
    phone.get_by_label("Phố Láng Hạ").check()

    expect(phone.locator("input[name=latitude]")).to_have_value("21.016700")
    expect(phone.locator(".place-status")).to_have_text("The place is set.")
    expect(phone.locator("#landmark")).to_have_value("ngõ 12 lang ha")
    assert len(asked) == 1


def test_an_old_ward_chooses_the_ward_of_today(phone: Page):
    phone.goto("/")
    phone.fill("#landmark", "phuong phuc xa")
    phone.get_by_role("button", name="Find this place").click()

    phone.get_by_label("Phường Phúc Xá, Quận Ba Đình").check()

    expect(phone.locator("#area")).to_have_value("00097")
    expect(phone.locator("input[name=latitude]")).to_have_value("")


def test_a_place_that_is_removed_is_chosen_no_more(phone: Page):
    phone.goto("/")
    phone.fill("#landmark", "ho hoan kiem")
    phone.get_by_role("button", name="Find this place").click()
    choice = phone.get_by_label("Hồ Hoàn Kiếm").first
    choice.check()

    phone.get_by_role("button", name="Remove this place").click()

    expect(choice).not_to_be_checked()
    expect(phone.locator("input[name=latitude]")).to_have_value("")


def test_without_a_network_it_is_said_and_nothing_is_lost(phone: Page):
    phone.goto("/")
    phone.fill("#landmark", "ho hoan kiem")
    phone.route("**/places.json*", lambda route: route.abort())

    phone.get_by_role("button", name="Find this place").click()

    expect(phone.locator(".place-status")).to_contain_text("We could not find your place.")
    expect(phone.locator("#landmark")).to_have_value("ho hoan kiem")


def test_the_keyboard_alone_finds_and_chooses(phone: Page):
    phone.goto("/")
    phone.locator("#landmark").focus()
    phone.keyboard.type("chua mot cot")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.locator("input[name=spot]").first).to_be_visible()

    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")

    expect(phone.locator("input[name=latitude]")).to_have_value("21.035900")
