"""The number first, the photos after it: over slow links, through cuts and closed pages, nothing is lost and little sent twice."""

import re
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.journeys.links import Link
from tests.living import Living, until
from tests.photographs import a_photograph, as_taken

SLOW = 50_000  # bytes a second
OVERHEAD = 1.1
PATIENCE_MS = 30_000

# The photos this phone still holds: how many bytes each has.
_ON_THE_SHELF = """async () => {
  const modules = document.querySelector("script[type=module]").src;
  const { of } = await import(new URL("sending/shelf.js", modules));
  const form = document.querySelector("input[name=key]")?.value ?? document.querySelector(".following").dataset.form;
  return (await of(form)).map(({ blob, isSmall }) => [blob.size, isSmall]);
}"""


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of about 12 MB, held upright, with the place it was taken at."""
    path = tmp_path_factory.mktemp("photos") / "IMG_2030.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 43.3), 3: "E", 4: (105.0, 51.0, 8.3)})
    path.write_bytes(as_taken(a_photograph(2), at_least=11_000_000, exif=exif))
    assert 11_000_000 < path.stat().st_size < 14_000_000
    return path


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two more photos of the same place."""
    folder = tmp_path_factory.mktemp("others")
    paths = [folder / f"IMG_203{number}.jpg" for number in (1, 2)]
    for number, path in enumerate(paths, 3):
        path.write_bytes(as_taken(a_photograph(number)))
    return paths


def test_a_line_that_was_cut_gets_a_new_connection_each_time(running_city: Living):
    city = HTTPConnection(running_city.base_url.removeprefix("http://"))
    path = f"/reports/{uuid4()}/photos/{uuid4()}"

    def ends(address: str) -> bool:
        city.request("GET", address)
        answer = city.getresponse()
        answer.read()
        return answer.getheader("Connection") == "close"

    with closing(city):
        assert [ends(path + mark) for mark in ("", "?offset=0&cut", "?cut", "?cuts", "?to=cut")] == [
            False,
            True,
            True,
            False,
            False,
        ]


def _fill_in(phone: Page, *photos: Path) -> None:
    phone.goto("/")
    phone.get_by_label("Take or choose photo").set_input_files(photos)
    phone.get_by_role("button", name="Use my location").click()
    expect(phone.locator("input[name=latitude]")).not_to_have_value("")
    phone.locator("label.tile", has_text="Street light").click()


def _when_small(phone: Page, *, photos: int = 1) -> int:
    """Wait until all photos are shrunk; how many bytes they come to."""
    until(lambda: _is_small(phone.evaluate(_ON_THE_SHELF), photos), seconds=30 * photos, what="shrinking")
    return sum(size for size, _small in phone.evaluate(_ON_THE_SHELF))


def _is_small(photos: list[list], count: int) -> bool:
    return len(photos) == count and all(is_small for _size, is_small in photos)


def _send(phone: Page) -> None:
    phone.get_by_role("button", name="Send report").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("We received your report", timeout=PATIENCE_MS)


def _status(phone: Page):
    return phone.locator(".following [role=status]")


def _shown(phone: Page) -> int:
    phone.reload()
    return phone.locator("ul.photos img").count()


def test_the_number_is_there_before_the_photos_and_a_killed_page_goes_on(
    far_phone: Page, link: Link, heavy: Path, others: list[Path]
):
    # As many photos as a report may have: a page that is killed costs at most the piece that was on its way
    # just then, which of one small photo alone is more than a tenth.
    _fill_in(far_phone, heavy, *others)
    size = _when_small(far_phone, photos=3)
    link.up, before, heads = SLOW, link.sent, link.heads

    _send(far_phone)

    number = far_phone.locator(".number").inner_text().strip()
    assert link.sent - before < size / 2
    percent = re.compile(r"Sending photo 1 of 3: [1-9]\d? ?%")
    expect(_status(far_phone)).to_have_text(percent, timeout=PATIENCE_MS)
    context, address = far_phone.context, far_phone.url.partition("?")[0]
    far_phone.close()
    again = context.new_page()
    again.goto(address)
    expect(again.get_by_role("heading", level=1)).to_contain_text(number)
    expect(_status(again)).to_have_text("All photos have arrived.", timeout=2 * PATIENCE_MS)
    expect(again.get_by_text("Leave this page open")).to_be_hidden()
    assert link.sent - before - (link.heads - heads) < size * OVERHEAD  # without the heads of requests
    assert again.evaluate(_ON_THE_SHELF) == []
    until(lambda: _shown(again) == 3, seconds=30, what="the photos")
    height, width = again.evaluate("""async () => {
      const image = new Image();
      image.src = document.querySelector('.photos a').href;
      await image.decode();
      return [image.naturalHeight, image.naturalWidth];
    }""")
    assert (height, width) == (1280, 960)


def test_a_photo_chosen_before_the_script_arrived_is_taken_all_the_same(far_phone: Page, others: list[Path]):
    held: list[Route] = []
    far_phone.route("**/report.js", lambda route: held.append(route))  # noqa: PLW0108 - needs a function
    far_phone.goto("/", wait_until="commit")
    until(lambda: held or far_phone.wait_for_timeout(10), seconds=30, what="the script to be asked for")
    far_phone.get_by_label("Take or choose photo").set_input_files(others)

    held[0].continue_()

    expect(far_phone.locator(".thumbs img")).to_have_count(2)
    assert _when_small(far_phone, photos=2)


def test_twenty_cuts_delay_a_photo_and_do_no_more(far_phone: Page, link: Link, heavy: Path):
    _fill_in(far_phone, heavy)
    size = _when_small(far_phone)
    link.up, before = SLOW, link.sent

    heads = link.heads
    _send(far_phone)
    link.cut(20, within=(500, 2 * size // 25))

    expect(_status(far_phone)).to_have_text("All photos have arrived.", timeout=2 * PATIENCE_MS)
    assert link.cuts_left == 0
    assert link.sent - before - (link.heads - heads) < size * OVERHEAD  # without the heads of requests


def test_without_a_network_nothing_typed_is_lost(far_phone: Page, heavy: Path):
    _fill_in(far_phone, heavy)
    _when_small(far_phone)
    far_phone.context.set_offline(True)
    far_phone.get_by_role("button", name="Send report").click()

    kept = far_phone.locator("#kept")
    expect(kept.get_by_role("heading", name="Kept on this phone – not sent yet")).to_be_visible()
    expect(kept.get_by_role("img")).to_be_visible()
    far_phone.context.set_offline(False)
    expect(kept.get_by_text("Received: ")).to_be_visible(timeout=PATIENCE_MS)
    kept.get_by_role("link", name="Open my report").click()
    until(lambda: _shown(far_phone) == 1, seconds=60, what="the photo")


def test_a_lost_network_is_told_and_its_return_is_enough(far_phone: Page, link: Link, heavy: Path):
    _fill_in(far_phone, heavy)
    _when_small(far_phone)
    link.up = SLOW
    _send(far_phone)
    expect(_status(far_phone)).to_have_text(re.compile("^Sending photo"), timeout=PATIENCE_MS)
    far_phone.context.set_offline(True)

    expect(_status(far_phone)).to_have_text(re.compile("^No connection"))
    expect(far_phone.get_by_role("button", name="Send again")).to_be_visible()
    far_phone.context.set_offline(False)
    expect(_status(far_phone)).to_have_text("All photos have arrived.", timeout=PATIENCE_MS)
    expect(far_phone.get_by_role("button", name="Send again")).to_be_hidden()


def test_what_is_no_photo_is_told_beside_it_and_the_others_arrive(phone: Page, heavy: Path, tmp_path: Path):
    drawing = tmp_path / "drawing.svg"
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'>" + " " * 200 + "</svg>")
    _fill_in(phone, heavy, drawing)
    until(lambda: len(phone.evaluate(_ON_THE_SHELF)) == 2, seconds=10, what="both to be kept")

    _send(phone)

    item = phone.locator(".following li", has=phone.get_by_alt_text("drawing.svg"))
    expect(item.get_by_text("We could not open this photo.")).to_be_visible()
    assert len(phone.evaluate(_ON_THE_SHELF)) == 1
    item.get_by_role("button", name="Remove photo").click()
    expect(item).to_have_count(0)
    assert phone.evaluate(_ON_THE_SHELF) == []
    until(lambda: _shown(phone) == 1, seconds=30, what="the photo")


def test_a_report_that_was_withdrawn_meanwhile_takes_no_more_and_the_phone_keeps_the_photo(
    far_phone: Page, link: Link, heavy: Path
):
    _fill_in(far_phone, heavy)
    _when_small(far_phone)
    link.up = SLOW // 10
    _send(far_phone)
    other = far_phone.context.new_page()
    other.goto(far_phone.url)
    other.locator("summary", has_text="Withdraw").click()
    other.get_by_role("button", name="Withdraw this report").click()

    closed = far_phone.get_by_text("This report is closed and takes no more photos.")
    expect(closed).to_be_visible(timeout=PATIENCE_MS)
    assert len(far_phone.evaluate(_ON_THE_SHELF)) == 1


def test_one_switch_saves_data(phone: Page, heavy: Path):
    _fill_in(phone, heavy)
    normal = _when_small(phone)

    phone.get_by_label("Save data").check()

    until(lambda: _when_small(phone) <= 60_000, seconds=30, what="a smaller photo")
    assert normal > 100_000


def test_the_switch_is_on_where_the_phone_saves_data_already(phone: Page, heavy: Path):
    phone.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    _fill_in(phone, heavy)

    expect(phone.get_by_label("Save data")).to_be_checked()
    assert _when_small(phone) <= 60_000


def test_a_photo_that_is_taken_out_again_is_not_kept(phone: Page, heavy: Path):
    _fill_in(phone, heavy)
    _when_small(phone)

    phone.get_by_role("button", name="Remove photo").click()

    until(lambda: phone.evaluate(_ON_THE_SHELF) == [], seconds=10, what="an empty shelf")
    _send(phone)
    expect(phone.locator(".following")).to_be_hidden()


def test_where_the_browser_keeps_nothing_the_photo_goes_with_the_form(phone: Page, heavy: Path):
    phone.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"
    )
    _fill_in(phone, heavy)

    _send(phone)

    expect(phone.locator(".following")).to_be_hidden()
    until(lambda: _shown(phone) == 1, seconds=30, what="the photo")
