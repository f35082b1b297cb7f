"""What stories of complaints share: a city whose profile a test can change, and one of the test's own."""

from dataclasses import replace

import pytest

from cps.city import queries
from cps.complaints import explanation, recounting
from tests.city.conftest import no_city, profile

__all__ = ["no_city", "profile"]


@pytest.fixture
def in_force(monkeypatch):
    """Change the profile in force for a test."""

    def change(**parts):
        city = queries.in_force()
        changed = replace(city, profile=replace(city.profile, **parts))
        monkeypatch.setattr(queries, "in_force", lambda: changed)
        monkeypatch.setattr(explanation, "in_force", lambda: changed)
        monkeypatch.setattr(recounting, "in_force", lambda: changed)

    return change
