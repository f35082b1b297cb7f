"""Hanoi on a database of its own, for measurements inside one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from cps.app import create_app
from cps.city.load import load
from cps.city.profile import Profile
from cps.console import migrating
from cps.kernel.db import db
from cps.kernel.postgres import running
from cps.settings import from_environment
from tests.living import a_folder


@contextmanager
def a_city(profile: Profile, prefix: str) -> Iterator[Flask]:
    """Load a profile into an empty, durable database; the application stands until the block ends."""
    with a_folder(prefix) as folder, a_city_in(folder, profile) as app:
        yield app


@contextmanager
def a_city_in(folder: Path, profile: Profile) -> Iterator[Flask]:
    """Do so in this folder, where other processes find it too."""
    settings = from_environment(
        {"CPS_VAR": str(folder), "CPS_DEMO": "yes", "CPS_BASE_URL": "http://localhost"}
    )
    with running(folder, say=print) as url:
        app = create_app(settings, database_url=url)
        with app.app_context():
            migrating.to_head()
            load(profile)
            db.session.commit()
            db.session.remove()
        yield app
        with app.app_context():
            db.engine.dispose()
