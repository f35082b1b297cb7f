"""Which open reports may be the same problem as one: for officials, who decide; nothing is merged by itself.

Only what everybody may see is offered: what is private stays by itself, and so no merging crosses that line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, select

from cps.city.queries import in_force
from cps.complaints import circles, likeness
from cps.complaints.conditions import IS_OFFERED
from cps.complaints.likeness import Likeness, Seen
from cps.complaints.models import Complaint
from cps.geo.point import Point
from cps.kernel.db import db
from cps.photos import album

WITHIN: Final = 250.0
"""Metres around a report in which others are compared with it."""

MOST: Final = 5
_COMPARED: Final = 60  # of the nearest


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A report that may be the same problem, and how alike they are."""

    reference: str
    category_id: int
    people: int
    likeness: Likeness


def of(complaint: Complaint, *, most: int = MOST) -> Sequence[Duplicate]:
    """Return the open reports that are probably the same problem as this one, the likeliest first."""
    point = complaint.point
    if point is None or not complaint.is_public:
        return []
    rows = db.session.execute(_around(complaint, point)).all()
    if not rows:
        return []
    pictures = _pictures([complaint.id, *(row.id for row in rows)])
    own = _whole(complaint, point, pictures)
    found = [(row, likeness.between(own, _seen(row, pictures))) for row in rows]
    return [_duplicate(row, alike) for row, alike in ranked(found)[:most]]


def likeness_of(one: Complaint, other: Complaint) -> Likeness | None:
    """Compare two reports; None where nobody knows where one of them is."""
    if one.point is None or other.point is None:
        return None
    pictures = _pictures([one.id, other.id])
    return likeness.between(_whole(one, one.point, pictures), _whole(other, other.point, pictures))


def ranked(found: Iterable[tuple[Any, Likeness]]) -> list[tuple[Any, Likeness]]:
    """Put what was compared in order, the likeliest first, and leave out what is not likely or too far away."""
    likely = [one for one in found if one[1].score >= likeness.LIKELY and one[1].metres <= WITHIN]
    return sorted(likely, key=lambda one: -one[1].score)


def _around(complaint: Complaint, point: Point) -> Any:
    """Ask for what stands in the square around the circle, of every kind, the nearest first as on a plane."""
    return (
        select(
            Complaint.id,
            Complaint.reference,
            Complaint.category_id,
            Complaint.latitude,
            Complaint.longitude,
            Complaint.received_at,
            Complaint.words,
            Complaint.joined,
        )
        .where(
            IS_OFFERED,
            # Each kind named, so that the index of kind and latitude is used.
            Complaint.category_id.in_(sorted(in_force().category_codes)),
            circles.square(point, WITHIN),
            Complaint.id != complaint.id,
        )
        .order_by(circles.apart(point), Complaint.id.desc())  # of one place the latest
        .limit(_COMPARED)
    )


def _pictures(complaint_ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for complaint_id, fingerprint in album.fingerprints(complaint_ids):
        found.setdefault(complaint_id, []).append(fingerprint)
    return found


def _whole(complaint: Complaint, point: Point, pictures: dict[int, list[int]]) -> Seen:
    return Seen(
        complaint.category_id, point, complaint.received_at, complaint.words, pictures.get(complaint.id, ())
    )


def _seen(row: Row[Any], pictures: dict[int, list[int]]) -> Seen:
    point = Point(row.latitude, row.longitude)
    return Seen(row.category_id, point, row.received_at, row.words, pictures.get(row.id, ()))


def _duplicate(row: Row[Any], alike: Likeness) -> Duplicate:
    return Duplicate(row.reference, row.category_id, row.joined + 1, alike)
