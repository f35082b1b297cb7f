"""Whose address counts where proxies stand in front: the one that our own proxies saw, never one that people write."""

from dataclasses import replace

import pytest
from flask import request

from cps.app import create_app


def address_seen(settings, database_url, *, proxies: int, told: str | None) -> str | None:
    app = create_app(replace(settings, proxies=proxies), database_url=database_url)
    seen = []
    app.before_request(lambda: seen.append(request.remote_addr))
    headers = {"X-Forwarded-For": told} if told else {}
    app.test_client().get("/health/live", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "told", "seen"),
    [
        (0, "198.51.100.7", "10.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.99, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.99, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1"),
        (1, None, "10.0.0.1"),
    ],
)
def test_as_many_proxies_are_believed_as_there_are(settings, database_url, proxies, told, seen):
    assert address_seen(settings, database_url, proxies=proxies, told=told) == seen


def test_a_proxy_says_nothing_of_the_name_and_the_way(settings, database_url):
    app = create_app(replace(settings, proxies=1), database_url=database_url)
    seen = []
    app.before_request(lambda: seen.append((request.host, request.scheme)))

    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
    }
    app.test_client().get("/health/live", headers=headers)

    assert seen == [("localhost", "http")]
