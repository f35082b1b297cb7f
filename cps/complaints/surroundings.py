"""What else was reported around a report lately, of every kind, open and closed: for officials, as far as each may read.

Read from an index of places: a square as wide as the circle holds few reports. Where a place may be a home, whoever
works elsewhere is told how far it is from there no finer than everybody is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, func, select

from cps.city.queries import CityInForce, in_force
from cps.complaints import circles, visibility
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.geo.point import Point, metres_between
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person

WITHIN: Final = 250  # metres
LATELY: Final = timedelta(days=30)
SHOWN: Final = 10
_MOST: Final = 500  # looked at: who has more around has a flood, and is told so much
_FIRST_WORDS: Final = 160


@dataclass(frozen=True, slots=True)
class Near:
    """A report around another; `metres` away, rounded to ten. `words` are the first ones."""

    reference: str
    category_id: int
    status: Status
    received_at: datetime
    words: str
    metres: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The nearest reports, the nearest first, and how many `more` there are within the circle."""

    nearest: Sequence[Near]
    more: int


def of(complaint: Complaint, *, by: Person) -> Surroundings:
    """Return what was reported within 250 m of a report in the last 30 days, as far as this official may read it."""
    point = complaint.point
    if point is None:
        return Surroundings([], 0)
    city = in_force()
    rows = db.session.execute(around(point, but=complaint.id).where(visibility.for_official(by).condition))
    found = [(metres_between(point, _seen(row, city, by)), row) for row in rows]
    near = sorted((one for one in found if one[0] <= WITHIN), key=lambda one: (one[0], -one[1].id))
    return Surroundings([_near(row, metres) for metres, row in near[:SHOWN]], max(len(near) - SHOWN, 0))


def around(point: Point, *, but: int) -> Any:
    """Ask for what was reported lately in the square around the circle, the nearest first as on a plane."""
    return (
        select(
            Complaint.id,
            Complaint.reference,
            Complaint.category_id,
            Complaint.department_id,
            Complaint.status,
            Complaint.received_at,
            Complaint.latitude,
            Complaint.longitude,
            func.left(Complaint.words, _FIRST_WORDS).label("words"),
        )
        .where(
            circles.square(point, WITHIN),
            Complaint.received_at >= clock.now() - LATELY,
            Complaint.id != but,
        )
        .order_by(circles.apart(point), Complaint.id.desc())
        .limit(_MOST)
    )


def _seen(row: Row[Any], city: CityInForce, by: Person) -> Point:
    point = Point(row.latitude, row.longitude)
    is_ours = by.is_city_wide or row.department_id == by.department_id
    return point if is_ours else visibility.seen_point(row.category_id, point, city)


def _near(row: Row[Any], metres: float) -> Near:
    return Near(
        reference=row.reference,
        category_id=row.category_id,
        status=row.status,
        received_at=row.received_at,
        words=row.words,
        metres=int(round(metres, -1)),
    )
