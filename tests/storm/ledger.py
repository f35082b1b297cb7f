"""Whether all that was acknowledged is there, once, under its number, with its photo: asked of the database itself."""

from dataclasses import dataclass

import psycopg

from tests.storm.people import Told


@dataclass(frozen=True)
class Books:
    """What was looked for and not found, or found twice; all of it is to be nothing."""

    lost: int
    doubled: int
    renumbered: int
    without_event: int
    photos_lost: int
    never_acknowledged: int

    @property
    def is_true(self) -> bool:
        """Whether nothing is wrong."""
        return not any(vars(self).values())


def checked(connection: psycopg.Connection, told: Told) -> Books:
    """Compare what phones were told with what is stored."""
    rows = connection.execute(
        "SELECT c.submission_key, c.reference, (SELECT count(*) FROM event e WHERE e.complaint_id = c.id AND e.kind = 'received'),"
        " (SELECT count(*) FROM photo p WHERE p.complaint_id = c.id) FROM complaint c"
    ).fetchall()
    stored = {key: (reference, events, photos) for key, reference, events, photos in rows}
    numbers = [number for number, _link in told.acknowledged.values()]
    return Books(
        lost=sum(key not in stored for key in told.acknowledged),
        doubled=(len(rows) - len(stored)) + (len(numbers) - len(set(numbers))),
        renumbered=sum(
            key in stored and stored[key][0] != no for key, (no, _link) in told.acknowledged.items()
        ),
        without_event=sum(events != 1 for _no, events, _photos in stored.values()),
        photos_lost=sum(stored.get(key, ("", 0, 0))[2] != count for key, count in told.photos.items()),
        never_acknowledged=len(told.sent - set(told.acknowledged)),
    )
