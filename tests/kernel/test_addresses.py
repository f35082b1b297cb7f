"""The address of the database, as people write it and as each of the two libraries reads it."""

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from cps.kernel.db import libpq_url, sqlalchemy_url
from cps.kernel.errors import Unusable

SEVERAL = (
    "postgres://cps:p%40ss@db1:5433,[::1]:5434,db3/cps?target_session_attrs=read-write&connect_timeout=3"
)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://cps:p%40ss@db/cps",
        "postgresql+psycopg://cps@db:5433/cps?sslmode=require",
        "postgresql:///cps?host=/run/postgresql",
        SEVERAL,
    ],
)
def test_both_libraries_read_the_same(url: str) -> None:
    as_written = conninfo_to_dict(libpq_url(url))

    read = make_url(sqlalchemy_url(url))
    given = read.get_dialect()().create_connect_args(read)[1]

    assert {"port": "5432", **{name: str(value) for name, value in given.items()}} == {
        "port": "5432",
        **as_written,
        **({"port": "5433,5434,5432"} if url is SEVERAL else {}),
    }


def test_of_several_servers_the_worker_finds_all_too() -> None:
    plain = sqlalchemy_url(SEVERAL).replace("+psycopg", "")

    assert conninfo_to_dict(plain)["host"] == "db1,::1,db3"


@pytest.mark.parametrize("url", ["mysql://db/cps", "db/cps"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(Unusable):
        libpq_url(url)
