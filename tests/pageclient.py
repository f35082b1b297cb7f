"""A test client that refuses bad pages.

Every HTML answer is held against what every page must be: one h1 that the title repeats, a
language, a label for each control, nothing inline but the style its policy names, nothing half-rendered,
valid nesting.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_NEEDS_NO_LABEL = {"hidden", "submit", "button"}
# html5lib knows the HTML of its day; these two are fine in today's.
_TOLERATED = {"unexpected-end-tag-implied-end-tag", "expected-doctype-but-got-chars"}


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
            faults = faults_of(response.get_data(as_text=True), policy)
            assert not faults, f"{args[0] if args else kwargs.get('path')}: " + "; ".join(faults)
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
    """Read an answer as a page."""
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def text_of(thing: BeautifulSoup | Tag | TestResponse) -> str:
    """Return what a person reads, with single spaces."""
    soup = soup_of(thing) if isinstance(thing, TestResponse) else thing
    return " ".join(soup.get_text(" ").split())


def faults_of(html: str, policy: str) -> list[str]:
    """List what is wrong with a page that comes with this content security policy."""
    soup = BeautifulSoup(html, "html.parser")
    return [
        *_headings(soup),
        *_language(soup),
        *_labels(soup),
        *_inline(soup, policy),
        *_leftovers(soup),
        *_ids(soup),
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


def _headings(soup: BeautifulSoup) -> list[str]:
    headings = soup.find_all("h1")
    if len(headings) != 1:
        return [f"{len(headings)} h1"]
    heading, title = text_of(headings[0]), text_of(soup.title) if soup.title else ""
    return [] if heading and heading in title else [f"the title “{title}” lacks the h1 “{heading}”"]


def _language(soup: BeautifulSoup) -> list[str]:
    return [] if soup.html is not None and soup.html.get("lang") else ["no lang"]


def _labels(soup: BeautifulSoup) -> list[str]:
    labelled = {label.get("for") for label in soup.find_all("label")}
    return [
        f"no label for {control.get('name')}"
        for control in soup.find_all(["input", "select", "textarea"])
        if control.get("type") not in _NEEDS_NO_LABEL
        and control.get("id") not in labelled
        and not control.find_parent("label")
        and not control.get("aria-label")
        and not control.get("aria-labelledby")
    ]


def _inline(soup: BeautifulSoup, policy: str) -> list[str]:
    faults = [f"inline script {str(s)[:40]}" for s in soup.find_all("script") if not s.get("src")]
    faults += ["inline style element" for style in soup.find_all("style") if _mark(style) not in policy]
    for tag in soup.find_all(True):
        faults += [f"{tag.name} has {name}" for name in tag.attrs if name == "style" or name.startswith("on")]
    return faults


def _mark(style: Tag) -> str:
    """Return what a policy says of this very style, if it lets it stand within a page."""
    return f"'sha256-{b64encode(sha256(style.get_text().encode()).digest()).decode()}'"


def _leftovers(soup: BeautifulSoup) -> list[str]:
    text = text_of(soup)
    return [f"“{word}” in the text" for word in ("None", "Undefined", "{{", "%(") if word in text]


def _ids(soup: BeautifulSoup) -> list[str]:
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    return [f"id {name} twice" for name in sorted({name for name in ids if ids.count(name) > 1})]


def _nesting(html: str) -> list[str]:
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [f"HTML: {code} at {place}" for place, code, _ in parser.errors if code not in _TOLERATED]
