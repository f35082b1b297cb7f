"""What photos weigh when they leave the phone: `python -m tests.journeys.weighing` prints it for 200 of them.

Photographs in the folders or files named behind it are weighed instead.
"""

import base64
import json
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from cps.kernel.files import STATIC
from tests.journeys.conftest import chromium
from tests.photographs import a_photograph, as_taken

_SHRINK = """async ([data, type, saveData, proves]) => {
  const { shrunk } = await import("/js/sending/shrink.js");
  const { withMoment } = await import("/js/sending/small.js");
  const { momentOf } = await import("/js/exif.js");
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const file = new File([bytes], "a.jpg", { type });
  const small = await shrunk(file, saveData);
  const blob = proves ? await withMoment(small, await momentOf(file)) : small;
  const reader = new FileReader();
  return new Promise((resolve) => {
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.readAsDataURL(blob);
  });
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def a_shrinking_page(browser: Browser) -> Iterator[Page]:
    """Open a page that can load our modules, and nothing else."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(STATIC)))
    Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/js/numbers.js")
        yield page
    finally:
        context.close()
        server.shutdown()
        server.server_close()


def shrunk(page: Page, data: bytes, *, kind: str = "image/jpeg", save_data: bool = False) -> bytes:
    """Shrink a photo as the report page does."""
    return base64.b64decode(page.evaluate(_SHRINK, [base64.b64encode(data).decode(), kind, save_data, False]))


def proving(page: Page, data: bytes) -> bytes:
    """Shrink a photo as the report page does where it proves something."""
    encoded = base64.b64encode(data).decode()
    return base64.b64decode(page.evaluate(_SHRINK, [encoded, "image/jpeg", False, True]))


def main(names: list[str]) -> None:
    """Print the weights of many photographs before and after, in kB."""
    with sync_playwright() as playwright, chromium(playwright) as browser, a_shrinking_page(browser) as page:
        rows = [
            (len(data), len(shrunk(page, data)), len(shrunk(page, data, save_data=True)))
            for data in _photographs(names)
        ]
    for name, sizes in zip(("taken", "sent", "saving data"), zip(*rows, strict=True), strict=True):
        print(json.dumps({"photos": name, "count": len(sizes), **_summary(sizes)}))


def _photographs(names: list[str]) -> Iterator[bytes]:
    if not names:
        yield from (as_taken(a_photograph(number)) for number in range(200))
    for name in names:
        path = Path(name)
        files = sorted(path.rglob("*.jp*g")) if path.is_dir() else [path]
        yield from (file.read_bytes() for file in files)


def _summary(sizes: tuple[int, ...]) -> dict[str, float]:
    kilobytes = sorted(size / 1000 for size in sizes)
    p90 = kilobytes[min(len(kilobytes) - 1, len(kilobytes) * 9 // 10)]
    return {
        "median_kB": round(statistics.median(kilobytes), 1),
        "p90_kB": round(p90, 1),
        "largest_kB": round(kilobytes[-1], 1),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
