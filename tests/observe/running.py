"""The web side and the worker as an operator runs them, beside the tests: on their database, with logs that are kept."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.living import answers, free_port, until
from tests.pageclient import _prefilled

TOKEN = "a-token-of-the-operator"
_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 60


@dataclass
class Running:
    """An instance: where it answers, and what each of its processes wrote to stderr."""

    base_url: str
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]]

    def log(self, process: str) -> str:
        """Return what a process has written so far."""
        return (self.folder / f"{process}.stderr").read_text(encoding="utf-8")

    def lines(self, process: str) -> list[dict[str, Any]]:
        """Return its lines; one that is none of JSON fails."""
        return [json.loads(line) for line in self.log(process).splitlines()]

    def line(self, process: str, **facts: Any) -> dict[str, Any]:
        """Wait for a line with these facts."""

        def found() -> dict[str, Any] | None:
            whole = self.log(process).rpartition("\n")[0].splitlines()
            lines = [json.loads(line) for line in whole]
            return next((one for one in lines if facts.items() <= one.items()), None)

        return until(found, seconds=_SECONDS, what=f"a line of {process} with {facts}")

    def metrics(self) -> dict[str, float]:
        """Return the figures by name and labels, as they are written."""
        page = Browser(self.base_url).open("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert page.status == 200, page.text
        rows = [line.rpartition(" ") for line in page.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _space, value in rows}


@dataclass(frozen=True)
class Page:
    """An answer."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_more: object) -> None:
        return None


@dataclass
class Browser:
    """A browser with cookies, that follows nothing by itself."""

    base_url: str
    _opener: urllib.request.OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(jar, _Stay)

    def open(self, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Page:
        """Ask for a page, or send a form."""
        own = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en", **(headers or {})}
        asked = urllib.request.Request(path if "://" in path else self.base_url + path, data, own)
        try:
            with self._opener.open(asked, timeout=60) as answer:
                return Page(answer.status, answer.read().decode(errors="replace"), answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.read().decode(errors="replace"), error.headers)

    def send(self, path: str, *, photos: Any = (), headers: Any = None, **fields: Any) -> Page:
        """Send a form with these fields and (stream, name) photos."""
        files = [FileStorage(stream, filename=name) for stream, name in photos]
        boundary, body = encode_multipart(MultiDict({**fields, "photos": files}))
        kind = {"Content-Type": f'multipart/form-data; boundary="{boundary}"'}
        return self.open(path, body, {**kind, **(headers or {})})

    def submit(self, page: Page, action: str, **fields: Any) -> Page:
        """Fill in the form with this action (its end is enough) and send it."""
        forms = [form for form in page.soup.find_all("form") if str(form.get("action", "")).endswith(action)]
        return self.send(str(forms[0]["action"]), **{**_prefilled(forms[0]), **fields})


@contextmanager
def running(folder: Path, database_url: str, *, worker: bool = True, **environment: str) -> Iterator[Running]:
    """Run an instance until the block ends."""
    port = free_port()
    environ = {
        **os.environ,
        "CPS_DATABASE_URL": database_url,
        "CPS_VAR": str(folder / "var"),
        "CPS_BASE_URL": f"http://127.0.0.1:{port}",
        "CPS_UNDO_SECONDS": "0",
        "CPS_METRICS_TOKEN": TOKEN,
        **environment,
    }
    processes = {"web": _started(folder, "web", environ, "serve", "--port", str(port))}
    if worker:
        processes["worker"] = _started(folder, "worker", environ, "work")
    city = Running(f"http://127.0.0.1:{port}", folder, processes)
    try:
        until(
            lambda: answers(city.base_url) or processes["web"].poll() is not None,
            seconds=_SECONDS,
            what="the web side to answer",
        )
        assert processes["web"].poll() is None, city.log("web")
        yield city
    finally:
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        for process in processes.values():
            process.wait(60)


def _started(folder: Path, name: str, environ: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    with (folder / f"{name}.stderr").open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "cps", *arguments],
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=_ROOT,
        )
