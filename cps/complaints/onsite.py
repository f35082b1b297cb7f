"""What an official found on site: an internal note says so, how far from the place they stood, and under which key.

The key is that of the form. A phone that was offline sends it again until it is answered: the note that has it says that
this was done already. Where the official stood is not kept, only how far that is from the place.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cps.complaints import lifecycle
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.geo.point import Point, metres_between
from cps.kernel.db import db
from cps.people.models import Person

FAR_METRES: Final = 150
"""From here on somebody may stand before another place: warned of, and never refused."""


class Outcome(StrEnum):
    """What comes of a visit."""

    DONE = "done"
    ABSENT = "absent"
    ELSEWHERE = "elsewhere"


def is_known(reference: str, key: UUID, *, by: Person) -> bool:
    """Whether this official's form with this key was taken before, wherever the report is by now."""
    query = (
        select(Event.id)
        .join(Complaint, Complaint.id == Event.complaint_id)
        .where(Complaint.reference == reference, Event.kind == EventKind.NOTED, Event.by_id == by.id)
        .where(Event.details["key"].astext == str(key))
    )
    return db.session.scalar(query.limit(1)) is not None


def note(
    complaint: Complaint,
    outcome: Outcome,
    *,
    by: Person,
    key: UUID,
    words: str,
    metres: int | None,
    given_at: datetime | None = None,
) -> Event:
    """Write down, for officials alone, what was found on site; `metres` from the place, if that is known.

    `given_at`: when it was written on a phone that kept it until now.
    """
    details: dict[str, Any] = {"outcome": outcome.value, "key": str(key), "metres": metres}
    if given_at is not None:
        details["given_at"] = given_at.isoformat()
    return lifecycle.note(complaint, by=by, words=words, details=details)


def metres_off(complaint: Complaint, stood: Point | None) -> int | None:
    """Say how far from its place somebody stood, in whole metres; None where one of both is not known."""
    if stood is None or complaint.point is None:
        return None
    return round(metres_between(stood, complaint.point))


def points_of(numbers: Collection[int]) -> dict[int, Point]:
    """Map these complaints to their places, as far as those are known."""
    query = select(Complaint.id, Complaint.latitude, Complaint.longitude).where(Complaint.id.in_(numbers))
    return {
        number: Point(latitude, longitude)
        for number, latitude, longitude in db.session.execute(query)
        if latitude is not None and longitude is not None
    }
