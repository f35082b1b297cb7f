"""A city on two hosts is one city: whatever was done on one is so on the other. `make hosts` kills them behind HAProxy."""

import http.cookiejar
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.hosts.running import Browser, Hosts, hosts, token_of
from tests.living import a_folder, until
from tests.makers import PASSWORD, a_photo, a_report_form, an_official

pytestmark = pytest.mark.xdist_group("living")


@pytest.fixture(scope="module")
def two(hanoi: Flask, database_url: str) -> Iterator[Hosts]:
    with (
        a_folder() as folder,
        hosts(folder, base_url="http://127.0.0.1", database_url=database_url, has_worker=False) as found,
    ):
        yield found


@pytest.fixture
def email(city: Flask) -> str:
    """The address of an official who signs in with PASSWORD."""
    return an_official().email


def a_report(browser: Browser, *, with_photo: bool = False) -> str:
    """File a report; return the path of its private link."""
    photos = [FileStorage(a_photo(), filename="lamp.jpg")] if with_photo else []
    boundary, body = encode_multipart(MultiDict({**a_report_form(), "photos": photos}))
    status, headers, page = browser.send("/complaints", body, f'multipart/form-data; boundary="{boundary}"')
    assert status == 303, page
    return headers["Location"]


def pictures(browser: Browser, path: str) -> list[str]:
    """Return the addresses of the pictures on a page, once they are developed."""
    return re.findall(r'<img[^>]*src="([^"]*/photos/[^"]*)"', browser.get(path)[2])


def test_a_photo_that_one_host_took_in_is_shown_by_the_other(city, two):
    here, there = two.all
    browser = Browser(here.base_url)

    link = a_report(browser, with_photo=True)
    other = browser.at(there.base_url)
    page = other.get(link)[1]["Location"]
    with there.working():  # and not while rows are emptied for the next test
        shown = until(lambda: pictures(other, page), seconds=60, what="the photo to be developed")

    picture = other.get(shown[0])
    assert (picture[0], picture[1]["Content-Type"]) == (200, "image/jpeg")
    assert browser.get(shown[0])[2] == picture[2]
    assert [host.name for host in two.all if (host.var / "photos").exists()] == []


def test_who_signs_in_on_one_host_is_signed_in_on_the_other_and_signs_out_of_both(two, email):
    here, there = (Browser(host.base_url) for host in two.all)

    assert here.sign_in(email, PASSWORD)[0] == 303
    there.cookies = here.cookies
    page = there.get("/desk")
    copied = http.cookiejar.CookieJar()
    for cookie in here.cookies:
        copied.set_cookie(cookie)
    assert page[0] == 200
    assert there.post("/desk/session/end", csrf_token=token_of(page[2]))[0] == 303

    here.cookies = copied
    assert here.get("/desk")[0] == 303


def test_tries_on_both_hosts_count_together(city, two):
    here, there = (Browser(host.base_url) for host in two.all)
    email = f"{uuid4().hex}@hanoi.example"

    tries = [(here, there)[turn % 2].sign_in(email, "wrong")[0] for turn in range(11)]

    assert tries == [*[422] * 10, 429]
