"""The form is seen before its scripts are there: what they add then does not push away what is being read."""

from playwright.sync_api import Page

_SEEN_FIRST = ("#photos-hint", "#landmark", "#area")


def test_nothing_seen_first_jumps_when_the_scripts_of_the_form_start(phone: Page):
    phone.route("**/report.js", lambda route: route.abort())
    phone.goto("/")
    before = [_top(phone, field) for field in _SEEN_FIRST]

    phone.unroute("**/report.js")
    phone.reload()
    phone.wait_for_selector("[data-use-location]:not([hidden])")
    after = [_top(phone, field) for field in _SEEN_FIRST]

    assert after == before


def test_without_scripts_no_room_is_kept_for_them(plain_phone: Page):
    plain_phone.goto("/")

    assert plain_phone.locator("[data-use-location]").bounding_box() is None


def _top(page: Page, field: str) -> float:
    return float(page.eval_on_selector(field, "(field) => field.getBoundingClientRect().top + scrollY"))
