"""What the desk's tests share: nobody's attempts count against the next test."""

from collections.abc import Iterator

import pytest

from cps.web.limits import limiter


@pytest.fixture(autouse=True)
def _fresh_limits(app) -> Iterator[None]:
    limiter.reset()
    yield
    limiter.reset()


@pytest.fixture
def browser(bo, signed_in):
    """The browser of `bo`, who is signed in."""
    return signed_in(bo)
