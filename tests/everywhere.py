"""The four cities that come along, side by side in one process: every language there is, with reports made up.

Each has a database of its own in one cluster. A city is asked as a browser would ask it, over HTTP on loopback.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import psycopg
from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from cps.app import create_app
from cps.city.load import load
from cps.city.queries import in_force
from cps.console import migrating
from cps.console.checking import checked
from cps.console.demo import a_tracking_link
from cps.console.demonstration import generate
from cps.evaluate import publishing
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.kernel.postgres import running
from cps.settings import Settings

NAMES = {"hanoi": "vi", "lalitpur": "ne", "san-fernando": "fil", "seoul": "ko"}  # and English, all of them
SPOKEN = [("hanoi", "en"), *NAMES.items()]
_SEED = 2015


@dataclass(frozen=True)
class Place:
    """A running city: its application, where it answers, and the private link of a resolved report."""

    app: Flask
    base_url: str
    tracking: str


@contextmanager
def everywhere(folder: Path, settings: Settings, *, complaints: int) -> Iterator[Mapping[str, Place]]:
    """Run the four cities with so many made-up complaints each until the block ends.

    What an application is told of itself holds for the whole process: tests hand in the settings of all tests.
    """
    with running(folder / "pg", say=lambda _words: None, durable=False) as url:
        servers = {}
        places = {}
        for name in NAMES:
            database = url.replace("/cps?", f"/{name.replace('-', '_')}?")
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name.replace('-', '_')}")
            places[name], servers[name] = _city(name, settings, database, complaints)
        try:
            yield places
        finally:
            for name, server in servers.items():
                server.shutdown()
                server.server_close()
                with places[name].app.app_context():
                    db.engine.dispose()


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_args: object) -> None:
        """Say nothing."""


def _whole(app: Flask) -> WSGIApplication:
    """Hand answers over in one piece: this server leaves files open when a browser goes away in their middle."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        parts = app(environ, start)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer


def _city(name: str, settings: Settings, database: str, complaints: int) -> tuple[Place, BaseWSGIServer]:
    app = create_app(settings, database_url=database)
    with app.app_context():
        migrating.to_head()
        load(checked(CITIES / name))
        db.session.commit()
        generate(complaints, seed=_SEED, now=clock.now())
        publishing.count_all()
        db.session.commit()
        in_force()
        link = a_tracking_link() if complaints else ""
        db.session.remove()
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True, request_handler=_Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    base_url = f"http://127.0.0.1:{server.server_port}"
    path = link.partition("//")[2].partition("/")[2] if link else ""
    return Place(app, base_url, f"{base_url}/{path}"), server
