"""What the citizens' tests share: Ana's browser, which reads English."""

import pytest

from tests.pageclient import PageClient


@pytest.fixture
def ana(client) -> PageClient:
    """Ana's browser."""
    client.set_cookie("language", "en")
    return client
