"""A photo leaves the phone small, upright and without what its owner did not mean to tell."""

import statistics
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from cps.photos.moments import taken_at
from tests.journeys.weighing import a_shrinking_page, proving, shrunk
from tests.photographs import a_photograph, as_taken

ENOUGH = 9


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with a_shrinking_page(browser) as page:
        yield page


@pytest.fixture(scope="module")
def photographs() -> list[bytes]:
    return [as_taken(a_photograph(number, (2400, 1800))) for number in range(ENOUGH)]


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_half_of_the_photos_weigh_no_more_than_180_kb_and_are_1280_px_long(page, photographs):
    sent = [shrunk(page, data) for data in photographs]

    assert statistics.median(map(len, sent)) <= 180_000
    assert {opened(data).size for data in sent} == {(1280, 960)}


def test_whoever_saves_data_sends_no_photo_of_more_than_60_kb(page, photographs):
    sent = [shrunk(page, data, save_data=True) for data in photographs]
    noise = as_taken(Image.effect_noise((2400, 1800), 120).convert("RGB"))

    assert max(map(len, sent)) <= 60_000
    assert len(shrunk(page, noise, save_data=True)) <= 60_000
    assert min(max(opened(data).size) for data in sent) >= 640


@pytest.mark.parametrize(("orientation", "corner"), [(1, "red"), (3, "yellow"), (6, "blue"), (8, "green")])
def test_a_turned_photo_is_sent_upright(page, orientation, corner):
    colours = {"red": (200, 0, 0), "green": (0, 160, 0), "blue": (0, 0, 200), "yellow": (200, 200, 0)}
    picture = Image.new("RGB", (1600, 1200))
    for number, colour in enumerate(colours.values()):  # red, green; blue, yellow
        picture.paste(
            colour,
            (800 * (number % 2), 600 * (number // 2), 800 * (number % 2) + 800, 600 * (number // 2) + 600),
        )
    exif = Image.Exif()
    exif[0x0112] = orientation

    sent = opened(shrunk(page, as_taken(picture, exif=exif)))

    expected = (960, 1280) if orientation in (6, 8) else (1280, 960)
    seen = sent.convert("RGB").getpixel((50, 50))
    assert sent.size == expected
    assert all(abs(is_there - wanted) < 40 for is_there, wanted in zip(seen, colours[corner], strict=True))


def test_no_metadata_leaves_the_phone(page, photographs):
    exif = Image.Exif()
    exif[0x010F] = "Canary Cameras"
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 43.3), 3: "E", 4: (105.0, 51.0, 8.3)})
    taken = as_taken(opened(photographs[0]), exif=exif)

    sent = shrunk(page, taken)

    assert b"Canary" in taken
    assert b"Canary" not in sent
    assert not opened(sent).getexif()


@pytest.mark.parametrize(
    ("zone", "moment"), [("+05:45", "2026-11-28T04:15:30+00:00"), ("", "2026-11-28T03:00:30+00:00")]
)
def test_a_photo_that_proves_something_says_when_it_was_taken_and_no_more(page, photographs, zone, moment):
    exif = Image.Exif()
    exif[0x010F] = "Canary Cameras"
    fields = {0x9003: "2026:11:28 10:00:30", **({0x9011: zone} if zone else {})}
    exif.get_ifd(0x8769).update({**fields, 0x927C: b"Canary"})

    sent = proving(page, as_taken(opened(photographs[0]), exif=exif))

    found = opened(sent).getexif()
    assert taken_at(BytesIO(sent), zone=timezone(timedelta(hours=7))) == datetime.fromisoformat(moment)
    assert (list(found), dict(found.get_ifd(0x8769))) == ([0x8769], fields)
    assert b"Canary" not in sent
    assert opened(sent).convert("RGB").size == (1280, 960)


def test_what_does_not_say_when_it_was_taken_is_sent_without(page, photographs):
    sent = proving(page, photographs[0])

    assert not opened(sent).getexif()


def test_what_is_seen_through_becomes_white(page):
    glass = BytesIO()
    Image.effect_noise((1400, 1400), 90).convert("RGBA").save(glass, "PNG")
    clear = Image.open(glass)
    clear.putalpha(0)
    data = BytesIO()
    clear.save(data, "PNG")

    sent = opened(shrunk(page, data.getvalue(), kind="image/png")).convert("RGB")

    assert sent.getpixel((100, 100)) == (255, 255, 255)


def test_what_this_browser_cannot_read_is_left_to_the_city(page):
    assert shrunk(page, b"no photo at all", kind="image/heic") == b"no photo at all"


def test_a_photo_is_never_made_larger(page):
    small = BytesIO()
    Image.new("RGB", (64, 48), "grey").save(small, "JPEG", quality=20)

    assert shrunk(page, small.getvalue()) == small.getvalue()
