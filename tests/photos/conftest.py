"""What tests of photos share: one real server of S3."""

from collections.abc import Iterator

import pytest

from tests.living import a_folder
from tests.weed import Weed, weed


@pytest.fixture(scope="session")
def server() -> Iterator[Weed]:
    with a_folder() as folder, weed(folder) as running:
        yield running
