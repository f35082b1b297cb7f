"""Photos that must prove something go before their report, piece by piece: as safe over a bad line as any other."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect

from tests.journeys.acts import with_worker
from tests.journeys.links import Link
from tests.living import Living, until
from tests.photographs import a_photograph, as_taken

PATIENCE_MS = 30_000
OVERHEAD = 1.1
DAYS_AGO = 2
_EXIF, _TAKEN, _ZONE = 0x8769, 0x9003, 0x9011
_BEHIND = f"{{ const now = Date.now; Date.now = () => now() - {DAYS_AGO} * 24 * 3600 * 1000; }}"
_STORED = """SELECT category.code, ARRAY(SELECT original_size FROM photo WHERE complaint_id = complaint.id ORDER BY position)
    FROM complaint JOIN category ON category.id = category_id WHERE words = %s"""

_ARRIVED = "SELECT original_size FROM photo WHERE complaint_id IS NULL AND submission_key = %s"

Taken = Callable[..., list[Path]]
Stored = Callable[[str], list[tuple[str, list[int]]]]
Arrived = Callable[[str], list[int]]


@pytest.fixture(scope="module")
def stored(running_city: Living) -> Stored:
    """Category and lengths of the photos of each report with these words."""
    url = running_city.database_url()

    def find(words: str) -> list[tuple[str, list[int]]]:
        with psycopg.connect(url) as connection:
            return connection.execute(_STORED, (words,)).fetchall()

    return find


@pytest.fixture(scope="module")
def arrived(running_city: Living) -> Arrived:
    """Lengths of the photos that came for the form of a key, which is not filed yet."""
    url = running_city.database_url()

    def find(key: str) -> list[int]:
        with psycopg.connect(url) as connection:
            return [size for (size,) in connection.execute(_ARRIVED, (key,))]

    return find


@pytest.fixture
def taken(tmp_path: Path) -> Taken:
    """Photos of a street, taken so many minutes ago."""

    def take(*minutes_ago: float) -> list[Path]:
        return [_a_photo(tmp_path, number, ago) for number, ago in enumerate(minutes_ago)]

    return take


def _a_photo(folder: Path, number: int, minutes_ago: float) -> Path:
    exif = Image.Exif()
    moment = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    exif.get_ifd(_EXIF).update({_TAKEN: moment.strftime("%Y:%m:%d %H:%M:%S"), _ZONE: "+00:00"})
    path = folder / f"IMG_{number}_{int(minutes_ago)}.jpg"
    path.write_bytes(as_taken(a_photograph(10 * number + int(minutes_ago), (800, 600)), exif=exif))
    return path


def _fill_in(phone: Page, words: str, photos: list[Path], *, has_place: bool = True) -> None:
    phone.get_by_label("Take or choose photo").set_input_files(photos)
    if has_place:
        _be_here(phone)
    phone.locator("label.tile:has(input[value=parking])").click()
    expect(phone.locator(".evidence")).to_be_visible()
    phone.get_by_label("Anything to add?").fill(words)


def _be_here(phone: Page) -> None:
    phone.get_by_role("button", name="Use my location").click()
    expect(phone.locator("input[name=latitude]")).not_to_have_value("")


def _press_send(phone: Page) -> None:
    phone.get_by_role("button", name="Send report").click()


def _is_received(phone: Page) -> None:
    expect(phone.get_by_role("heading", level=1)).to_have_text("We received your report", timeout=PATIENCE_MS)


def _are_small(sent: list[int], photos: list[Path]) -> bool:
    """Whether each photo was sent, shrunk."""
    taken = [photo.stat().st_size for photo in photos]
    return len(sent) == len(taken) and max(sent) < min(taken)


def _watched(phone: Page) -> list[str]:
    """How each piece and each report is sent from now on, as its method."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "PATCH" or request.url.endswith("/complaints"):
            sent.append(request.method)

    phone.on("request", note)
    return sent


def test_written_offline_two_days_ago_it_is_sent_through_cuts_and_judged_by_when_it_was_sent_off(
    far_phone: Page, link: Link, stored: Stored, taken: Taken
):
    day = 24 * 60
    photos = taken(DAYS_AGO * day + 3, DAYS_AGO * day + 1.5)
    far_phone.add_init_script(_BEHIND)
    with_worker(far_phone)
    far_phone.context.set_offline(True)
    far_phone.goto("/")
    _fill_in(far_phone, "on the crossing", photos)
    expect(far_phone.locator(".evidence .met")).to_have_count(3)
    _press_send(far_phone)
    expect(far_phone.locator("#kept").get_by_text("on the crossing")).to_be_visible(timeout=PATIENCE_MS)
    context = far_phone.context
    far_phone.close()

    link.up, before, heads = 150_000, link.sent, link.heads
    link.cut(4, within=(20_000, 50_000))
    context.set_offline(False)
    killed = context.new_page()  # its clock is right again
    killed.goto("/statistics", wait_until="commit")
    until(lambda: link.sent - before > 60_000 or killed.wait_for_timeout(20), seconds=30, what="some pieces")
    killed.close()
    again = context.new_page()
    again.goto("/")

    kept = again.locator("#kept")
    expect(kept.get_by_text(re.compile(r"^Sending photo \d of 2: \d+ ?%$"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(kept.get_by_text("Received: ")).to_be_visible(timeout=2 * PATIENCE_MS)
    assert link.cuts_left == 0
    [(category, sizes)] = stored("on the crossing")
    assert category == "parking"
    assert _are_small(sizes, photos)
    assert link.sent - before - (link.heads - heads) < sum(sizes) * OVERHEAD
    kept.get_by_role("link", name="Open my report").click()
    _is_received(again)
    expect(again.locator(".following")).to_be_hidden()


def test_what_lacks_is_told_and_it_is_filed_as_the_city_says(phone: Page, stored: Stored, taken: Taken):
    photos = taken(3 * 24 * 60, 3 * 24 * 60 - 2)
    phone.goto("/")
    _fill_in(phone, "seen last week", photos)

    _press_send(phone)

    _is_received(phone)
    expect(phone.get_by_text("The photos were not taken just before sending.")).to_be_visible()
    [(category, sizes)] = stored("seen last week")
    assert category == "other"
    assert _are_small(sizes, photos)


def test_what_is_no_photo_is_told_on_the_form_and_the_rest_is_sent_without_it(
    phone: Page, stored: Stored, taken: Taken, tmp_path: Path
):
    drawing = tmp_path / "drawing.svg"
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'>" + " " * 200 + "</svg>")
    photos = taken(5, 3)
    phone.goto("/")
    _fill_in(phone, "with a drawing", [*photos, drawing])

    _press_send(phone)

    expect(phone.get_by_text("We could not open this photo.")).to_be_visible(timeout=PATIENCE_MS)
    phone.locator(".thumbs li", has=phone.get_by_alt_text("drawing.svg")).get_by_role("button").click()
    _press_send(phone)
    _is_received(phone)
    [(category, sizes)] = stored("with a drawing")
    assert category == "parking"
    assert _are_small(sizes, photos)


def test_a_form_that_was_refused_shows_each_photo_once_and_one_can_be_changed(
    phone: Page, stored: Stored, arrived: Arrived, taken: Taken
):
    early, first, wrong, second = taken(6, 5, 4, 3)
    phone.goto("/")
    _fill_in(phone, "first without a place", [early, first, wrong], has_place=False)
    _press_send(phone)
    expect(phone.get_by_text("Please check. Everything you typed is kept.")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(phone.locator(".thumbs img")).to_have_count(3)
    expect(phone.locator("[data-kept]")).to_have_count(0)
    before = arrived(phone.locator("input[name=key]").input_value())

    phone.locator(".thumbs li", has=phone.get_by_alt_text(wrong.name)).get_by_role("button").click()
    phone.get_by_label("Take or choose photo").set_input_files(second)
    expect(phone.locator(".thumbs img")).to_have_count(3)
    _be_here(phone)
    sent = _watched(phone)
    _press_send(phone)

    _is_received(phone)
    [(category, sizes)] = stored("first without a place")
    assert category == "parking"
    assert _are_small(sizes, [early, first, second])
    assert len(set(sizes) & set(before)) == 2
    assert 0 < sent.count("PATCH") <= -(-second.stat().st_size // 32_768)


def test_a_phone_that_keeps_nothing_sends_them_first_all_the_same(phone: Page, stored: Stored, taken: Taken):
    phone.goto("/my")
    phone.get_by_label("Others use this phone too").check()
    photos = taken(5, 3)
    phone.goto("/")
    _fill_in(phone, "on a phone of many", photos)
    sent = _watched(phone)

    _press_send(phone)

    _is_received(phone)
    assert sent[-1] == "POST"
    assert sent.count("POST") == 1
    assert "PATCH" in sent
    [(category, sizes)] = stored("on a phone of many")
    assert category == "parking"
    assert _are_small(sizes, photos)


def test_another_kind_of_problem_lets_the_photos_follow_small(phone: Page, stored: Stored, taken: Taken):
    (photo,) = taken(5)
    phone.goto("/")
    _fill_in(phone, "no parking after all", [photo])
    phone.locator("label.tile", has_text="Street light").click()
    sent = _watched(phone)

    _press_send(phone)

    _is_received(phone)
    until(lambda: stored("no parking after all")[0][1], seconds=30, what="the photo")
    assert sent[0] == "POST"
    assert stored("no parking after all")[0][1][0] < photo.stat().st_size
