"""Every page, refusals too, comes with the headers that keep others out."""

import re

import pytest

from tests.pageclient import faults_of


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/desk/sign-in", "/track/no-such-secret"])
def test_every_page_is_locked_down(client, path):
    headers = client.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


def test_the_report_form_waits_for_no_file_to_be_seen(client):
    page = client.page("/")  # refused, if the policy did not name this very style

    assert page.find("style") is not None
    assert page.find("link", rel="stylesheet") is None


def test_only_pages_may_have_a_style_within_and_only_ours(client):
    policies = [
        client.get(path).headers["Content-Security-Policy"] for path in ("/", "/reports", "/robots.txt")
    ]

    styles = [re.search("style-src ([^;]*);", policy)[1] for policy in policies]
    assert styles[0] == styles[1]
    assert re.fullmatch(r"'self' 'sha256-[\w+/]{43}='", styles[0])
    assert styles[2] == "'self'"


def test_a_page_whose_style_its_policy_does_not_name_is_refused_by_the_tests(client):
    answer = client.get("/")
    html, policy = answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]

    assert faults_of(html.replace("<style>", "<style>a{}"), policy) == ["inline style element"]


def test_assets_are_kept_by_browsers_for_a_year(client):
    stylesheet = client.page("/reports").find("link", rel="stylesheet")["href"]

    answer = client.get(stylesheet)

    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_no_page_names_another_origin(client):
    page = client.page("/")

    addresses = [tag.get("src") or tag.get("href") for tag in page.find_all(["script", "link", "img"])]
    assert [address for address in addresses if address and "//" in address] == []
