"""The floors are measured on the schema as it is."""

import psycopg
from sqlalchemy import func, select

from cps.complaints.models import Complaint
from cps.kernel.db import db
from tests.bench import floor
from tests.makers import a_complaint


def test_filing_by_bare_statements_files_and_what_is_read_is_there(city, database_url):
    example = a_complaint()

    with psycopg.connect(database_url, autocommit=True) as connection:
        floor.file(connection)
        read = (
            (floor.QUEUE, example.department_id),
            (floor.TRACKING, example.tracking_hash),
            (floor.ONE, example.reference),
        )
        found = [connection.execute(query, (value,)).fetchall() for query, value in read]

    assert db.session.scalar(select(func.count()).select_from(Complaint)) == 2
    assert [len(rows) for rows in found] == [2, 1, 1]
