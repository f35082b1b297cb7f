"""What the desk's tests share: a browser that an official is signed in to."""

import pytest


@pytest.fixture
def browser(bo, signed_in):
    """The browser of `bo`, who is signed in."""
    return signed_in(bo)
