"""The web side behind PgBouncer, which hands each transaction to whichever connection is free: a real one, with two of them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text

from cps.app import asked_of_a_pool, check_pool, create_app
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.kernel.postgres_programs import own_account
from tests.living import a_folder, free_port, until
from tests.makers import a_photo, a_report_form

# Debian puts it where ordinary users do not look.
_PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")

pytestmark = [
    pytest.mark.xdist_group("living"),
    pytest.mark.skipif(_PROGRAM is None, reason="pgbouncer is not installed"),
]

HEADERS = {"Sec-Fetch-Site": "same-origin"}
_CONFIGURATION = """\
[databases]
cps = host={host} port={port} user=cps {prepared}
bare = host={host} port={port} user=cps dbname=cps
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
logfile = {folder}/log
pidfile =
admin_users = cps
stats_users = cps
"""


@dataclass(frozen=True)
class Bouncer:
    """A running PgBouncer."""

    port: int

    def url(self, name: str = "cps") -> str:
        return f"postgresql://cps@127.0.0.1:{self.port}/{name}"


@pytest.fixture(scope="module")
def bouncer(hanoi, database_url: str) -> Iterator[Bouncer]:
    """PgBouncer with two connections to the server, each prepared as we say ourselves that it must be."""
    account = own_account()
    with a_folder("cps-bouncer-") as folder:
        shutil.chown(folder, account.uid, account.gid)
        where, listen = conninfo_to_dict(database_url), free_port()
        told = {"host": where["host"], "port": where["port"], "folder": folder, "listen": listen}
        written, log = folder / "pgbouncer.ini", folder / "log"
        written.write_text(_CONFIGURATION.format(prepared=asked_of_a_pool(), **told))
        process = subprocess.Popen(
            [_PROGRAM or "", written],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **account.process(),
        )
        try:
            until(lambda: log.exists() and "process up" in log.read_text(), seconds=10, what="PgBouncer")
            yield Bouncer(listen)
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture
def pooled(city, bouncer, settings, database_url: str):
    """The application as `cps serve` puts it together behind a pooler."""
    told = {"database_url": database_url, "database_pool_url": bouncer.url()}
    app = create_app(replace(settings, web_threads=8, **told), database_url=bouncer.url())
    yield app
    with app.app_context():
        db.engine.dispose()


def test_eight_people_at_once_file_and_read_over_two_connections(pooled, bouncer):
    def visit(number: int) -> list[int]:
        client, key = pooled.test_client(), str(uuid4())
        seen = []
        for _turn in range(4):
            form = a_report_form(key=key, photos=(a_photo((60, 40)), "lamp.jpg"))
            answer = client.post("/complaints", data=form, headers=HEADERS)
            seen += [answer.status_code, client.get(answer.location).status_code]
            seen += [client.get(path).status_code for path in ("/reports", "/map", "/reports?q=den")]
        return seen

    with ThreadPoolExecutor(8) as people:
        seen = [status for statuses in people.map(visit, range(8)) for status in statuses]

    assert set(seen) <= {200, 303}, seen
    with pooled.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM complaint")) == 8
        assert (
            db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'announce'"))
            == 8
        )
    with psycopg.connect(bouncer.url("pgbouncer"), autocommit=True) as connection:
        servers = connection.execute("SHOW SERVERS").fetchall()
    assert 1 <= len([server for server in servers if server[2] == "cps"]) <= 2


def test_each_connection_is_prepared_as_our_own_are(pooled):
    with pooled.app_context():
        check_pool()

        assert db.session.scalar(text("SHOW statement_timeout")) == "30s"


def test_a_pooler_that_prepares_nothing_is_refused_with_what_it_lacks(city, bouncer, settings, database_url):
    told = {"database_url": database_url, "database_pool_url": bouncer.url("bare")}
    app = create_app(replace(settings, **told), database_url=bouncer.url("bare"))

    with app.app_context():
        with pytest.raises(Unusable, match=r"connect_query='SELECT set_config\(''timezone'', ''UTC''"):
            check_pool()
        db.engine.dispose()
