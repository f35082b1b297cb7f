"""Filing: what a citizen hands in becomes a complaint with a number, a department and a date.

A form carries a key. Whoever comes first with it files; the same form sent again, even at the same
moment, gets the same complaint, and nothing is done twice.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cps.city.profile import Category
from cps.city.queries import CityInForce, in_force
from cps.complaints import deadlines, entry, tracking
from cps.complaints.models import Complaint, Submission
from cps.complaints.reporters import Contact
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.kernel.references import reference
from cps.kernel.text import Text, _
from cps.photos import album
from cps.routing.match import Match
from cps.routing.route import router_of

LONGEST_LANDMARK = 200

_CLAIM = (
    insert(Submission.metadata.tables[Submission.__tablename__])
    .on_conflict_do_nothing()
    .returning(Submission.number)
)


@dataclass(frozen=True)
class Report:
    """What a citizen hands in, read but not yet judged; `category` and `area` are codes.

    `has_photos`: photos were kept for this form's key before.
    """

    submission_key: UUID
    category: str | None
    point: Point | None
    area: str | None
    landmark: str
    words: str
    contact: Contact | None
    language: str
    has_photos: bool = False


@dataclass(frozen=True)
class Filed:
    """What became of a form, and whether it was the first to ask for its complaint."""

    submission_key: UUID
    is_new: bool

    @property
    def complaint(self) -> Complaint:
        """The complaint, as it stands now: read from the database, since telling its number needs no more."""
        return db.session.scalars(
            select(Complaint).where(Complaint.submission_key == self.submission_key)
        ).one()


@dataclass(frozen=True)
class _Placed:
    category: Category
    area: str | None
    match: Match


def file(report: Report) -> Filed:
    """File a report once; raise Invalid with every fault of it, by field."""
    number = _claim(report.submission_key)
    if number is None:
        return Filed(report.submission_key, is_new=False)
    city, at = in_force(), clock.now()
    placed = _placed(report, city, at)
    _enter(report, placed, number=number, city=city, at=at)
    return Filed(report.submission_key, is_new=True)


def sent_by(match: Match, city: CityInForce) -> dict[str, Any]:
    """Return what the first event says of the rule that decided: rules change, what they did stays."""
    return {"rule": match.rule.as_json(), "version": city.version}


def _placed(report: Report, city: CityInForce, at: datetime) -> _Placed:
    faults: dict[str, Text] = {}
    category = city.category(report.category) if report.category else None
    if category is None:
        faults["category"] = _("Choose what the problem is.")
    area = _area_of(report, city, faults)
    if len(report.words) > city.profile.limits.words:
        faults["words"] = _(
            "Your text has %(length)s characters. Shorten it to %(most)s.",
            length=len(report.words),
            most=city.profile.limits.words,
        )
    if len(report.landmark) > LONGEST_LANDMARK:
        faults["landmark"] = _(
            "Shorten the description of the place to %(most)s characters.", most=LONGEST_LANDMARK
        )
    if faults or category is None:
        raise Invalid(faults)
    match = router_of(city).send(category.code, area=area, point=report.point, at=at)
    return _Placed(category, area, match)


def _area_of(report: Report, city: CityInForce, faults: dict[str, Text]) -> str | None:
    if report.point is not None:
        area = city.area_map.containing(report.point)
        if area is None:
            faults["place"] = _(
                "This point is outside %(city)s. Move the pin, or contact %(other)s.",
                city=city.name(report.language),
                other=city.outside(report.language),
            )
        return area
    if report.area and city.area(report.area) is None:
        faults["area"] = _("Choose one from the list.")
        return None
    if not report.area and not report.landmark:
        faults["place"] = _(
            "Say where it is: use your location, describe the place, or choose an area from the list."
        )
    return report.area or None


def _claim(key: UUID) -> int | None:
    """Claim the key; a second claimant waits for the first to commit and gets None.

    A report that is refused gives its claim back: the transaction is rolled back.
    """
    number: int | None = db.session.connection().scalar(_CLAIM, {"key": key})
    return number


def _enter(report: Report, placed: _Placed, *, number: int, city: CityInForce, at: datetime) -> None:
    promise, acknowledge = placed.category.promise, city.profile.acknowledge_promise(placed.category)
    calendar = city.profile.calendar
    entry.enter(
        {
            "id": number,
            "reference": reference(number, city.reference_key),
            "submission_key": report.submission_key,
            "tracking_hash": tracking.hashed(tracking.secret_for(report.submission_key)),
            "category_id": city.category_ids[placed.category.code],
            "department_id": city.department_ids[placed.match.department],
            "area_id": city.area_ids[placed.area] if placed.area else None,
            "latitude": report.point.latitude if report.point else None,
            "longitude": report.point.longitude if report.point else None,
            "landmark": report.landmark,
            "words": report.words,
            "language": report.language,
            "is_public": placed.category.is_public,
            "promise": str(promise),
            "received_at": at,
            "due_at": deadlines.promised(promise, received_at=at, calendar=calendar),
            "acknowledge": str(acknowledge),
            "acknowledge_by": deadlines.promised(acknowledge, received_at=at, calendar=calendar),
        },
        contact=report.contact,
        details=sent_by(placed.match, city),
    )
    if report.has_photos:
        album.attach(report.submission_key, complaint_id=number)
