"""A primary that is killed under load: what was acknowledged is on the standby, and filing goes on there by itself.

At full size, and without waiting for the standby, by `make promotion`.
"""

import psycopg
import pytest

from tests.clusters import QUICK, Server
from tests.living import until
from tests.scaling import promotion

pytestmark = pytest.mark.xdist_group("living")

_WAITING = {**QUICK, "synchronous_commit": "on", **promotion.WAITING}


@pytest.fixture
def pair(city, database_url: str):
    """A primary that grew out of the database of these tests, and its standby."""

    def grow(server: Server) -> None:
        server.make_standby_of(database_url, slot="first", name="first")
        server.start(**QUICK)
        server.promote()
        server.stop(fast=True)

    with promotion.a_pair(grow, **_WAITING) as both:
        yield both
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_drop_replication_slot('first')")


def test_nothing_acknowledged_is_lost_and_the_old_primary_acknowledges_nothing_any_more(pair):
    outcome = promotion.killed_and_promoted(pair, before=60, after=20)

    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert set(outcome.refused) <= {(503, True)}
    assert outcome.seconds < 20

    # It comes back as if nothing had been: its standby is gone, so it says of nothing that it is kept.
    pair.first.start(**_WAITING)
    with psycopg.connect(pair.first.url, autocommit=True) as old:
        old.execute("SET statement_timeout = '1s'")
        waiting = psycopg.connect(pair.first.url, autocommit=True)
        waiting.pgconn.send_query(b"CREATE TABLE forked ()")
        until(
            lambda: (
                old.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").fetchone()
                == (1,)
            ),
            seconds=10,
            what="the old primary to wait for a standby",
        )
        waiting.pgconn.consume_input()
        assert waiting.pgconn.is_busy()
        old.execute("SELECT pg_terminate_backend(%s)", (waiting.pgconn.backend_pid,))
        waiting.close()
