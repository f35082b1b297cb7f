"""Many reports at once, as copies of one: for what is asked of the database about how it finds a few among them."""

from sqlalchemy import text

from cps.complaints.models import Complaint
from cps.kernel.db import db

_OWN = ("id", "reference", "submission_key", "tracking_hash")


def copy_many(count: int, **changed: str) -> None:
    """Copy the first report so often; `changed`: columns with what they hold in SQL, where `claimed.number` counts them."""
    others = ", ".join(
        column.name
        for column in Complaint.__table__.columns
        if column.name not in (*_OWN, *changed) and column.computed is None
    )
    names, values = ", ".join(changed), ", ".join(changed.values())
    db.session.execute(
        text(
            "WITH claimed AS (INSERT INTO submission (key) SELECT gen_random_uuid() FROM generate_series(1, :count)"
            f" RETURNING key, number) INSERT INTO complaint ({', '.join(_OWN)}, {names}, {others})"
            " SELECT claimed.number, 'X' || claimed.number, claimed.key, decode(md5(claimed.number::text), 'hex'),"
            f" {values}, {others} FROM claimed, (SELECT * FROM complaint ORDER BY id LIMIT 1) AS first"
        ),
        {"count": count},
    )
    db.session.execute(text("ANALYZE complaint"))
