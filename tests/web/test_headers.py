"""Every page, refusals too, comes with the headers that keep others out."""

import pytest


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


def test_assets_are_kept_by_browsers_for_a_year(client):
    stylesheet = client.page("/").find("link", rel="stylesheet")["href"]

    answer = client.get(stylesheet)

    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_no_page_names_another_origin(client):
    page = client.page("/")

    addresses = [tag.get("src") or tag.get("href") for tag in page.find_all(["script", "link", "img"])]
    assert [address for address in addresses if address and "//" in address] == []
