"""The ground the tests stand on: a real PostgreSQL, the real city of Hanoi, a clock that stands still.

Each test begins with no complaints and no officials. A request and its test have sessions of their
own, as in real life: makers commit.
"""

import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy import text

from cps.app import create_app
from cps.city.load import load
from cps.city.queries import forget, in_force
from cps.complaints import atlas, queue_counts, window
from cps.console import migrating
from cps.console.checking import checked
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.files import CITIES, STATIC
from cps.kernel.postgres import running
from cps.people.models import Person
from cps.settings import Settings, from_environment
from cps.web import building
from tests import truths
from tests.makers import MONDAY, PASSWORD, an_official
from tests.pageclient import PageClient
from tests.rounds import AUDITOR, LADDER, put_in_force

# How long an example takes is the machine's affair, and no reason to fail.
hypothesis_settings.register_profile("gate", deadline=None)
hypothesis_settings.load_profile("gate")

SHARED = Path(__file__).resolve().parents[2] / "shared"

# Emptied for each test, with all that points to it: row by row, for to truncate them all takes longer than most tests.
_EMPTIED = [
    "submission",
    "complaint",
    "event",
    "reporter",
    "reveal",
    "photo",
    "message",
    "person",
    "statistic",
    "suggestion_model",
    "recurring_round",
    "alert",
    "subscriber",
    "contact_code",
    "procrastinate_jobs",
    "attempt",
    "ended_session",
]
_WITH_WHAT_POINTS_TO_IT = """
    WITH RECURSIVE emptied(name) AS (
        SELECT unnest(CAST(:names AS text[]))::regclass::oid
        UNION SELECT conrelid FROM pg_constraint JOIN emptied ON confrelid = name WHERE contype = 'f'
    ) SELECT name::regclass::text FROM emptied
"""


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Switch off pytest-flask's fixture of this name: its one context for all lets strangers in."""


@pytest.fixture(scope="session", autouse=True)
def _assets() -> None:
    if not (STATIC / "built").is_dir():
        building.build()


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[None]:
    with clock.standing_at(MONDAY):
        yield


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A private cluster for this run of tests, too fast to be durable; of CPS_PG_BINDIR's version, if that is set."""
    bindir = Path(os.environ["CPS_PG_BINDIR"]) if "CPS_PG_BINDIR" in os.environ else None
    with running(tmp_path_factory.mktemp("pg"), say=lambda _words: None, durable=False, bindir=bindir) as url:
        yield url


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """What an operator of a demo would have set."""
    return from_environment(
        {
            "CPS_VAR": str(tmp_path_factory.mktemp("var")),
            "CPS_DEMO": "yes",
            "CPS_BASE_URL": "http://localhost",
            "CPS_UNDO_SECONDS": "0",
        }
    )


@pytest.fixture(scope="session")
def hanoi(database_url: str, settings: Settings) -> Iterator[Flask]:
    app = create_app(settings, database_url=database_url)
    app.test_client_class = PageClient
    with app.app_context():
        migrating.to_head()
        load(checked(CITIES / "hanoi"))
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(hanoi: Flask, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on an empty city; what a test leaves there is true, unless it writes rows by hand and says so."""
    window.use(0)  # letters leave at once; what a command made of it is not the next test's
    with hanoi.app_context():
        _empty()
        before = in_force()
    yield hanoi
    atlas.forget()
    queue_counts.forget()
    with hanoi.app_context():
        if request.node.get_closest_marker("rows_by_hand") is None:
            assert truths.untrue() == {}
        if in_force() is not before:  # what a test made of the city is not the next one's
            forget()
        db.session.remove()


def _empty() -> None:
    """Leave no row of any test before."""
    tables = db.session.scalars(text(_WITH_WHAT_POINTS_TO_IT), {"names": _EMPTIED}).all()
    are_full = ", ".join(f"EXISTS (SELECT FROM {table})" for table in tables)
    answers = db.session.execute(text(f"SELECT {are_full}")).one()
    db.session.execute(text("SET LOCAL session_replication_role = replica"))  # in any order, and history too
    for table, is_full in zip(tables, answers, strict=True):
        if is_full:
            db.session.execute(text(f"DELETE FROM {table}"))
    db.session.commit()
    db.session.remove()


@pytest.fixture
def city(app: Flask) -> Iterator[Flask]:
    """Stand inside the application, for stories told with verbs."""
    with app.app_context():
        yield app
        db.session.rollback()


@pytest.fixture
def clocks(city: Flask, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Put a ladder of three steps and an auditor's address in force, and no notices of progress; keywords change it."""
    change = partial(put_in_force, monkeypatch)
    change(ladder=LADDER, emails={"auditor": AUDITOR}, progress=None)
    return change


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without JavaScript that nobody is signed in to, and that refuses bad pages."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def bo(city: Flask) -> Person:
    """An official of the street lighting, who handles nothing yet."""
    return an_official()


@pytest.fixture
def signed_in(app: Flask):  # type: ignore[no-untyped-def]
    """Sign an official in, by the sign-in page, in a browser of their own."""

    def sign_in(person: Person) -> PageClient:
        client = app.test_client()
        page = client.page("/desk/sign-in")
        answer = client.submit(page, "/desk/session", email=person.email, password=PASSWORD)
        assert answer.status_code == 303, answer.status
        return client

    return sign_in


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project, where it is there."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real data (../shared) is not on this machine")
    return SHARED


def pytest_configure() -> None:
    """Keep byte code out of the checkout, and properties apart from speed: a busy machine is no defect."""
    sys.dont_write_bytecode = True
    hypothesis.settings.register_profile("gate", deadline=None)
    hypothesis.settings.load_profile("gate")
