"""What the tests of survival share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from cps.city import queries
from cps.photos import album
from cps.photos.storage import FolderStorage
from cps.web.limits import limiter
from tests.mailserver import taking_mail
from tests.reliability.uses import Stage


@pytest.fixture
def trusted_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for the city once and not every second, so that the steps of two runs are the same however slow the machine is."""
    monkeypatch.setattr(queries, "_SECONDS_TRUSTED", 3600.0)


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> Iterator[FolderStorage]:
    """A storage of photos of the test's own."""
    before, storage = album.storage(), FolderStorage(tmp_path / "photos")
    album.use(storage)
    yield storage
    album.use(before)


@pytest.fixture
def stage(city: Flask, signed_in, trusted_city) -> Iterator[Stage]:
    """The city with a mail server, where nobody's attempts are counted."""
    limiter.enabled = False
    with taking_mail():
        yield Stage(city, signed_in)
    limiter.enabled = True
