"""What scripts add to the report form: questions at once, numbers to call while typing, kinds found by any spelling."""

from datetime import datetime, timedelta

from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from cps.city.files import read
from cps.city.search import keys_of
from cps.kernel.files import CITIES
from tests.makers import a_photo

_TAKEN, _EXIF = 0x9003, 0x8769

TYPED = {
    "hanoi": ["o ga", "đường", "rac", "light", "broken light", "xyz", ""],
    "seoul": ["ㅅㄹㄱ", "ㅆㄹㄱ", "불법주정차", "쓰레", "소음", "noise"],
    "lalitpur": ["fohor", "sadak", "batti", "paani", "khaldo", "पानी", "सडक", "dhal"],
    "san-fernando": ["basura", "lubak", "aso", "baha"],
}


def test_questions_come_with_the_picture_and_stay_answered(phone: Page):
    phone.goto("/")
    phone.locator("details.more > summary", has_text="More").first.click()

    phone.locator("label.tile:has(input[value=noise])").click()
    phone.get_by_label("Building site").check()
    phone.locator("label.tile:has(input[value=animals])").click()
    expect(phone.locator("#questions")).to_have_count(0)
    phone.locator("label.tile:has(input[value=noise])").click()

    expect(phone.get_by_label("Building site")).to_be_checked()
    expect(phone.locator("input[name=asked]")).to_have_value("noise")


def test_the_evidence_is_ticked_off_photo_by_photo(phone: Page):
    phone.goto("/")
    phone.locator("label.tile:has(input[value=parking])").click()
    met = phone.locator(".evidence .met")
    expect(met).to_have_count(0)

    phone.set_input_files("#photos", [_photo_of(5)])
    expect(phone.locator(".thumbs li")).to_have_count(1)
    expect(met).to_have_count(0)
    phone.set_input_files("#photos", [_photo_of(3)])

    expect(met).to_have_count(3)
    phone.locator(".thumbs button").first.click()
    expect(met).to_have_count(0)


def test_numbers_to_call_stand_under_the_words_and_one_tap_still_sends(phone: Page):
    phone.goto("/")
    phone.locator("label.tile:has(input[value=pothole])").click()
    phone.fill("#landmark", "by the lake")

    phone.fill("#words", "There is a fire")
    expect(phone.locator(".before-sending .call a").first).to_be_visible()
    phone.locator("button.send").click()

    expect(phone.locator(".confirmation .number")).to_be_visible()


def test_a_kind_is_found_as_it_is_typed(phone: Page):
    phone.goto("/")

    phone.fill("#find", "den duong")

    expect(phone.locator(".tile:visible")).to_have_count(1)
    expect(phone.locator(".find-status")).to_have_text("Found: 1")
    phone.fill("#find", "")
    expect(phone.locator("fieldset > .tiles > .tile:visible")).to_have_count(8)


def test_what_was_typed_before_the_script_was_there_is_found_all_the_same(phone: Page):
    held: list[Route] = []
    phone.route("**/sentences*.json*", lambda route: held.append(route))  # noqa: PLW0108 - needs a function
    phone.goto("/")
    phone.fill("#find", "den duong")
    expect(phone.locator(".tile:visible")).to_have_count(8)

    assert held
    for sentences in held:
        sentences.continue_()

    expect(phone.locator(".tile:visible")).to_have_count(1)


def test_scripts_and_server_find_the_same(phone: Page):
    phone.goto("/")
    modules = phone.locator("script[type=module]").get_attribute("src")
    address = modules.replace("report.js", "behaviours/search.js")

    for city, words in TYPED.items():
        categories = read(CITIES / city)[0].categories
        for typed in words:
            for keys in map(keys_of, categories):
                parts = [keys.words, keys.consonants, keys.sounds]
                found = phone.evaluate(
                    "async ([address, keys, typed]) => (await import(address)).fits(keys, typed)",
                    [address, parts, typed],
                )
                assert found is keys.match(typed), (city, typed, keys)


def _photo_of(minutes_ago: int) -> FilePayload:
    exif = Image.Exif()
    taken = datetime.now() - timedelta(minutes=minutes_ago)  # noqa: DTZ005 - as a camera writes it, without zone
    exif.get_ifd(_EXIF)[_TAKEN] = taken.strftime("%Y:%m:%d %H:%M:%S")
    photo = a_photo((80, 60), exif=exif).getvalue()
    return {"name": f"{minutes_ago}.jpg", "mimeType": "image/jpeg", "buffer": photo}
