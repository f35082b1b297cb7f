"""A replica of the database that all tests here stand on, and the application that knows it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from cps.app import create_app
from cps.kernel import replica
from cps.kernel.db import db
from tests.clusters import QUICK, Server, a_server
from tests.living import a_folder, until
from tests.pageclient import PageClient


@pytest.fixture(scope="session")
def standby(hanoi: Flask, database_url: str) -> Iterator[Server]:
    """A server that follows the one of these tests."""
    with a_folder("cps-standby-") as folder, a_server(folder, "standby") as server:
        server.make_standby_of(database_url, slot="standby", name="standby")
        server.start(**QUICK)
        yield server


@pytest.fixture
def behind(hanoi: Flask, standby: Server, settings, database_url: str) -> Iterator[Callable[[int], Flask]]:
    """Return what makes an application whose replica may be so many seconds behind."""
    made: list[Flask] = []

    def make(most_seconds: int) -> Flask:
        told = {"database_url": database_url, "database_replica_url": standby.url}
        app = create_app(
            replace(settings, database_replica_seconds=most_seconds, **told), database_url=database_url
        )
        app.test_client_class = PageClient
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    if not standby.pid:
        standby.start(**QUICK)
    standby.ask("SELECT pg_wal_replay_resume()")


def caught_up(standby: Server, app: Flask) -> None:
    """Wait until the replica has everything, and is read."""
    with app.app_context():
        # What these tests write is in no hurry to get into the log; this takes it along.
        db.session.execute(db.text("SET LOCAL synchronous_commit = on"))
        db.session.execute(db.text("SELECT pg_logical_emit_message(true, 'tests', '')"))
        db.session.commit()
        place = db.session.scalar(db.text("SELECT pg_current_wal_lsn()::text"))
        db.session.remove()
        until(
            lambda: standby.ask(f"SELECT pg_last_wal_replay_lsn() >= '{place}'"),
            seconds=20,
            what="the replica to catch up",
        )
        known = replica.known()
        assert known is not None
        until(known.is_fresh, seconds=20, what="the replica to be read")
