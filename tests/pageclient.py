"""A test client that refuses bad pages.

Every HTML answer is held against what every page must be: one h1 that the title repeats, a
language, a label for each control, nothing inline but the style its policy names, nothing half-rendered,
valid nesting. What was found good before, but for the tokens in it, is not looked at again: a run of all tests
sees some pages a thousand times.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import markupever
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_NEEDS_NO_LABEL = {"hidden", "submit", "button"}
# What is drawn by lot: form tokens, references, keys, the addresses of made-up officials.
_DRAWN = re.compile(r'(?<=name="csrf_token" value=")[\w.-]+|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b|\b[0-9a-f-]{8,}\b')
_found_good: set[bytes] = set()


class PageClient(FlaskClient):
    """The ordinary client of someone who reads English, with a look at every page it is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # read to the end, so that no file stays open
        # In a context of its own: a test that stands in one would lend the request its `g` and its session.
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        response.request.environ["wsgi.input"].close()  # a large form is kept in a file
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308):
            policy = response.headers["Content-Security-Policy"]
            _expect_good(response, policy, asked=str(args[0] if args else kwargs.get("path")))
        return response

    def page(self, *args: Any, **kwargs: Any) -> BeautifulSoup:
        """GET a page that is there."""
        response = self.get(*args, **kwargs)
        assert response.status_code == 200, response.status
        return soup_of(response)

    def submit(self, page: BeautifulSoup, action: str, /, **fields: Any) -> TestResponse:
        """Fill in the form with this action (its end is enough) and send it as a browser would."""
        forms = [form for form in page.find_all("form") if str(form.get("action", "")).endswith(action)]
        assert len(forms) == 1, f"{len(forms)} forms with action …{action}"
        values = {**_prefilled(forms[0]), **fields}
        has_files = forms[0].get("enctype") == "multipart/form-data"
        return self.post(
            str(forms[0]["action"]),
            data=values,
            content_type="multipart/form-data" if has_files else None,
            headers={"Sec-Fetch-Site": "same-origin"},
        )


def soup_of(response: TestResponse) -> BeautifulSoup:
    """Read an answer as a page; the caller's own, to change as it likes."""
    known: BeautifulSoup | None = response.__dict__.pop("soup", None)
    return known or BeautifulSoup(response.get_data(as_text=True), "html.parser")


def text_of(thing: BeautifulSoup | Tag | TestResponse) -> str:
    """Return what a person reads, with single spaces."""
    soup = soup_of(thing) if isinstance(thing, TestResponse) else thing
    return " ".join(soup.get_text(" ").split())


def _expect_good(response: TestResponse, policy: str, *, asked: str) -> None:
    html = response.get_data(as_text=True)
    seen = sha256(f"{policy}\n{_renamed(html)}".encode()).digest()
    if seen in _found_good:
        return
    soup = BeautifulSoup(html, "html.parser")
    faults = faults_of(html, policy, soup)
    assert not faults, f"{asked}: " + "; ".join(faults)
    response.__dict__["soup"] = soup  # for who reads it next: to take a page apart is what costs most
    _found_good.add(seen)


def _renamed(html: str) -> str:
    """Name what was drawn by lot by its place in the page: what is the same twice is so still."""
    names: dict[str, str] = {}
    return _DRAWN.sub(lambda drawn: names.setdefault(drawn[0], f"#{len(names)}"), html)


def faults_of(html: str, policy: str, soup: BeautifulSoup | None = None) -> list[str]:
    """List what is wrong with a page that comes with this content security policy; `soup`: the page taken apart."""
    soup = soup or BeautifulSoup(html, "html.parser")
    tags = soup.find_all(True)  # once for all rules: to walk through a page is dear
    return [
        *_headings(soup, tags),
        *_language(soup),
        *_labels(tags),
        *_inline(tags, policy),
        *_leftovers(soup),
        *_ids(tags),
        *_nesting(html),
    ]


def _prefilled(form: Tag) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for control in form.find_all(["input", "textarea", "select"]):
        name, kind = control.get("name"), control.get("type", "text")
        if not name or kind in ("file", "submit", "button"):
            continue
        if kind in ("radio", "checkbox") and not control.has_attr("checked"):
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            values[str(name)] = chosen.get("value", "") if chosen else ""
        elif control.name == "textarea":
            values[str(name)] = control.get_text().removeprefix("\n")
        elif name in values:  # ticked, or carried along, more than once
            before = values[str(name)]
            values[str(name)] = [
                *(before if isinstance(before, list) else [before]),
                control.get("value", ""),
            ]
        else:
            values[str(name)] = control.get("value", "")
    return values


def _headings(soup: BeautifulSoup, tags: Sequence[Tag]) -> list[str]:
    headings = _named(tags, "h1")
    if len(headings) != 1:
        return [f"{len(headings)} h1"]
    heading, title = text_of(headings[0]), text_of(soup.title) if soup.title else ""
    return [] if heading and heading in title else [f"the title “{title}” lacks the h1 “{heading}”"]


def _language(soup: BeautifulSoup) -> list[str]:
    return [] if soup.html is not None and soup.html.get("lang") else ["no lang"]


def _labels(tags: Sequence[Tag]) -> list[str]:
    labelled = {label.get("for") for label in _named(tags, "label")}
    return [
        f"no label for {control.get('name')}"
        for control in _named(tags, "input", "select", "textarea")
        if control.get("type") not in _NEEDS_NO_LABEL
        and control.get("id") not in labelled
        and not control.find_parent("label")
        and not control.get("aria-label")
        and not control.get("aria-labelledby")
    ]


def _inline(tags: Sequence[Tag], policy: str) -> list[str]:
    faults = [f"inline script {str(s)[:40]}" for s in _named(tags, "script") if not s.get("src")]
    faults += ["inline style element" for style in _named(tags, "style") if _mark(style) not in policy]
    for tag in tags:
        faults += [f"{tag.name} has {name}" for name in tag.attrs if name == "style" or name.startswith("on")]
    return faults


def _named(tags: Sequence[Tag], *names: str) -> list[Tag]:
    return [tag for tag in tags if tag.name in names]


def _mark(style: Tag) -> str:
    """Return what a policy says of this very style, if it lets it stand within a page."""
    return f"'sha256-{b64encode(sha256(style.get_text().encode()).digest()).decode()}'"


def _leftovers(soup: BeautifulSoup) -> list[str]:
    text = text_of(soup)
    return [f"“{word}” in the text" for word in ("None", "Undefined", "{{", "%(") if word in text]


def _ids(tags: Sequence[Tag]) -> list[str]:
    ids = Counter(tag["id"] for tag in tags if "id" in tag.attrs)
    return [f"id {name} twice" for name, times in sorted(ids.items()) if times > 1]


def _nesting(html: str) -> list[str]:
    parser = markupever.Parser(markupever.HtmlOptions(exact_errors=True)).process(html).finish()
    return [f"HTML: {error}" for error in parser.errors()]
