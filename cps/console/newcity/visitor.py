"""A citizen's browser without a screen: pages over HTTP with cookies, forms as they are written into the page."""

import json
import ssl
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

_PATIENCE_SECONDS: Final = 30
_MOST_BYTES: Final = 5_000_000
_SHOWN: Final = 200
_FORM: Final = "/complaints"


class Unexpected(Exception):
    """The system answered otherwise than it should; the message says how, and what to do."""


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def form(self, path: str) -> dict[str, str]:
        """Return the hidden fields of the report form."""
        reader = _Hidden()
        reader.feed(self._page(path))
        if "key" not in reader.fields:
            raise Unexpected(f"There is no report form at {self.address}{path}. Is it the address of CPS?")
        return reader.fields

    def file(self, fields: dict[str, str]) -> tuple[str, str]:
        """Send the report; return its number and its private link."""
        status, body = self._ask(_FORM, fields, accept="application/json")
        try:
            told = json.loads(body)
        except ValueError:
            raise Unexpected(f"Sending is answered {status}: {body[:_SHOWN]}") from None
        if status != 201:
            faults = "; ".join(f"{name}: {sentence}" for name, sentence in told.get("faults", {}).items())
            raise Unexpected(f"The report is not taken: {faults or told}. Choose another with --category.")
        return str(told["reference"]), str(told["address"])

    def text(self, path: str) -> str:
        """Return the words of a page."""
        reader = _Words()
        reader.feed(self._page(path))
        return " ".join(" ".join(reader.words).split())

    def send(self, path: str, fields: dict[str, str]) -> None:
        """Send a form and follow where it leads."""
        status, body = self._ask(path, fields)
        if status != 200:
            raise Unexpected(f"{path} is answered {status}: {body[:_SHOWN]}")

    def status(self, path: str) -> int:
        """Return with which status an address is answered."""
        return self._ask(path)[0]

    def _page(self, path: str) -> str:
        status, body = self._ask(path)
        if status != 200:
            raise Unexpected(
                f"{urljoin(self.address, path)} is answered {status}. See the log of `cps serve`."
            )
        return body

    def _ask(
        self, path: str, fields: dict[str, str] | None = None, *, accept: str = "text/html"
    ) -> tuple[int, str]:
        data = urlencode(fields).encode() if fields is not None else None
        headers = {"Accept": accept, "Origin": self.address, "User-Agent": "cps city smoke"}
        request = Request(urljoin(f"{self.address}/", path), data, headers)  # noqa: S310 - the caller checked the scheme
        try:
            with self._opener.open(request, timeout=_PATIENCE_SECONDS) as answer:
                return answer.status, answer.read(_MOST_BYTES).decode(errors="replace")
        except HTTPError as error:
            with error:
                return error.code, error.read(_MOST_BYTES).decode(errors="replace")
        except (URLError, HTTPException, OSError) as error:
            raise Unexpected(f"{self.address} does not answer: {_reason(error)}.") from None


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is refused ({reason.verify_message})"
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__


class _Hidden(HTMLParser):
    """Collects the hidden fields of the form that files a report."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self._is_inside = values.get("action") == _FORM and values.get("method") == "post"
        elif self._is_inside and tag == "input" and values.get("type") == "hidden" and values.get("name"):
            self.fields[str(values["name"])] = values.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False


class _Words(HTMLParser):
    """Collects the words of a page, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._is_silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._is_silent = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._is_silent = False

    def handle_data(self, data: str) -> None:
        if not self._is_silent:
            self.words.append(data)
