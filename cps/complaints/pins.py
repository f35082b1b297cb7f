"""What a map tells of single reports: enough to know one by, and where it is as exactly as everybody may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cps.city.queries import in_force
from cps.complaints import visibility
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.geo.point import Point
from cps.kernel.db import db


@dataclass(frozen=True, slots=True)
class Pin:
    """A report on the map."""

    reference: str
    status: Status
    category_id: int
    area_id: int | None
    received_at: datetime
    point: Point


def pins(ids: Sequence[int]) -> list[Pin]:
    """Return the reports with these ids, in this order; one that nobody else may see is left out."""
    found = db.session.execute(
        select(
            Complaint.id,
            Complaint.reference,
            Complaint.status,
            Complaint.category_id,
            Complaint.area_id,
            Complaint.received_at,
            Complaint.latitude,
            Complaint.longitude,
        ).where(Complaint.id.in_(ids), visibility.for_public().condition)
    ).all()
    city = in_force()
    known = {}
    for row in found:
        if row.latitude is None or row.longitude is None:
            continue
        seen = visibility.seen_point(row.category_id, Point(row.latitude, row.longitude), city)
        known[row.id] = Pin(row.reference, row.status, row.category_id, row.area_id, row.received_at, seen)
    return [known[number] for number in ids if number in known]
