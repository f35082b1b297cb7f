"""The small town in a database that held no city; nothing of it outlives the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete

from cps.city import models
from cps.city.files import read
from cps.city.profile import Profile
from cps.city.queries import forget
from cps.kernel.db import db
from tests.city import town


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """The profile of the small town."""
    profile, faults = read(town.a_town(tmp_path / "town"), icons=town.ICONS)
    assert profile is not None, faults
    return profile


@pytest.fixture
def no_city(city: Flask) -> Iterator[None]:
    """Stand inside the application before any city was loaded; rolled back afterwards."""
    for model in (models.Rule, models.Category, models.Area, models.Department, models.City):
        db.session.execute(delete(model))
    forget()
    yield
    db.session.rollback()
    forget()
