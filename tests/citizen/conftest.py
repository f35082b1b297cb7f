"""What the citizens' tests share: Ana's browser, which reads English, and nobody's attempts counted on."""

from collections.abc import Iterator

import pytest

from cps.web.limits import limiter
from tests.pageclient import PageClient


@pytest.fixture(autouse=True)
def _fresh_limits(app) -> Iterator[None]:
    limiter.reset()
    yield
    limiter.reset()


@pytest.fixture
def ana(client) -> PageClient:
    """Ana's browser."""
    client.set_cookie("language", "en")
    return client
