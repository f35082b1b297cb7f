"""The same problem near by: open public reports of one kind around a point.

Read from an index of kind and latitude: a band as high as the circle is wide holds few reports of one kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from cps.city.queries import CityInForce, in_force
from cps.complaints import circles, visibility
from cps.complaints.conditions import IS_OFFERED
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.geo.point import Point, metres_between
from cps.kernel.db import db

WITHIN = 250  # metres
_MOST = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A report near by; `metres` away, rounded to ten. `people` report it: its reporter and who joined.

    Where a place may be a home, it is `metres` to the place that everybody may know, and no landmark is told.
    """

    id: int
    reference: str
    landmark: str
    status: Status
    received_at: datetime
    people: int
    metres: int


def similar(complaint: Complaint, *, most: int = _MOST) -> Sequence[Near]:
    """Return the nearest open public reports of the same kind within 250 m, the nearest first."""
    point = complaint.point
    if point is None or not complaint.is_public:
        return []
    city = in_force()
    found = db.session.execute(_around(complaint, point, city).limit(most)).all()
    away = [(row, metres_between(point, _seen(row, city))) for row in found]
    return [_near(row, metres, city) for row, metres in away if metres <= WITHIN]


def _around(complaint: Complaint, point: Point, city: CityInForce) -> Any:
    """Ask for what stands in the square around the circle, the nearest first as on a plane."""
    return (
        select(
            Complaint.id,
            Complaint.reference,
            Complaint.category_id,
            Complaint.landmark,
            Complaint.status,
            Complaint.received_at,
            Complaint.joined,
            Complaint.latitude,
            Complaint.longitude,
        )
        .where(
            IS_OFFERED,
            visibility.is_listed(city),
            Complaint.category_id == complaint.category_id,
            circles.square(point, WITHIN),
            Complaint.id != complaint.id,
        )
        .order_by(circles.apart(point), Complaint.id)
    )


def _seen(row: Row[Any], city: CityInForce) -> Point:
    return visibility.seen_point(row.category_id, Point(row.latitude, row.longitude), city)


def _near(row: Row[Any], metres: float, city: CityInForce) -> Near:
    return Near(
        id=row.id,
        reference=row.reference,
        landmark=visibility.seen_landmark(row.category_id, row.landmark, city),
        status=row.status,
        received_at=row.received_at,
        people=row.joined + 1,
        metres=int(round(metres, -1)),
    )
