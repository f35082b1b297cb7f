"""Filing: what a citizen hands in becomes a complaint with a number, a department and a date.

A form carries a key. Whoever comes first with it files; the same form sent again, even at the same
moment, gets the same complaint, and nothing is done twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cps.city.profile import Category
from cps.city.queries import CityInForce, in_force
from cps.complaints import answers, deadlines, entry, evidence, screening, tracking
from cps.complaints.channels import Channel
from cps.complaints.models import Complaint, Submission
from cps.complaints.quarantine import Cause
from cps.complaints.reporters import LONGEST_NAME, Contact
from cps.complaints.suspicion import Suspicion
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.kernel.references import reference
from cps.kernel.text import Text, _
from cps.photos import album, drafts
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

    `has_photos`: photos were kept for this form's key before. `answers`: what was typed or chosen, by the code of
    the question. `wants_public`: who shall read it, if the reporter said so. `consent`: the mark of the text that
    was shown; empty for a form that showed none. `can_confirm`: whether a code can be sent at all. `waited`: for how
    long it has been on the phone since its reporter sent it off, by the phone's clock. `channel`: how it came in;
    `entered_by`: the number of the official who wrote it down, if one did.
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
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wants_public: bool | None = None
    consent: str = ""
    name: str = ""
    can_confirm: bool = True
    waited: timedelta = timedelta(0)
    channel: Channel = Channel.WEB
    entered_by: int | None = None


class Unconfirmed(Invalid):
    """All is well with the report, but a code must show first that the contact is the reporter's own (field `code`)."""

    def __init__(self) -> None:
        super().__init__({"code": _("Confirm your contact by the code we sent.")})


@dataclass(frozen=True)
class Filed:
    """What became of a form, and whether it was the first to ask for its complaint."""

    submission_key: UUID
    is_new: bool
    given_reference: str | None = None

    @property
    def reference(self) -> str:
        """The number that people know it by; of one that was just filed nobody need be asked."""
        return self.given_reference or self.complaint.reference

    @property
    def complaint(self) -> Complaint:
        """The complaint, as it stands now."""
        return db.session.scalars(
            select(Complaint).where(Complaint.submission_key == self.submission_key)
        ).one()


@dataclass(frozen=True)
class _Placed:
    """A report that was judged. `lacks`: why it is not filed under the category `meant`; `suspected`: why it is set aside."""

    category: Category
    meant: Category
    lacks: list[evidence.Lack]
    answers: dict[str, Any]
    area: str | None
    match: Match
    suspected: Suspicion | None


def file(report: Report) -> Filed:
    """File a report once; raise Invalid with every fault of it, by field, or else Unconfirmed."""
    number = _claim(report.submission_key)
    if number is None:
        return Filed(report.submission_key, is_new=False)
    if report.has_photos:
        drafts.one_at_a_time(report.submission_key)
    city, at = in_force(), clock.now()
    placed = _placed(report, city, at)
    given = reference(number, city.reference_key)
    _enter(report, placed, number=number, given=given, city=city, at=at)
    return Filed(report.submission_key, is_new=True, given_reference=given)


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
    kept = _judge_who(report, city, faults)
    if faults or category is None:
        raise Invalid(faults)
    if _is_unconfirmed(report, city):
        raise Unconfirmed
    filed_as, lacks = _proven(report, category, city, at)
    match = router_of(city).send(filed_as.code, area=area, point=report.point, at=at)
    return _Placed(filed_as, category, lacks, kept, area, match, _suspected(report, filed_as, city, at))


def _suspected(report: Report, category: Category, city: CityInForce, at: datetime) -> Suspicion | None:
    asks = city.profile.asks
    if report.entered_by is not None or asks.is_emergency(category.code, f"{report.words} {report.landmark}"):
        return None
    return screening.suspected(
        *(report.words, report.landmark),
        contact=report.contact,
        abuse=asks.abuse,
        at=at,
        language=report.language,
    )


def _judge_who(report: Report, city: CityInForce, faults: dict[str, Text]) -> dict[str, Any]:
    """Return the answers to the city's questions; add the faults of these and of what the reporter must say."""
    asks = city.profile.asks
    kept, wrong = answers.judged(
        asks.of(report.category), report.answers, profile=city.profile, language=report.language
    )
    faults.update(wrong)
    if report.contact is None and asks.needs_contact(report.category):
        faults["contact"] = _("Enter an e-mail address or a phone number. This kind of report needs one.")
    if not report.name and asks.needs_name(report.category):
        faults["name"] = _("Enter your name. It is never public.")
    if len(report.name) > LONGEST_NAME:
        faults["name"] = _("Shorten the name to %(most)s characters.", most=LONGEST_NAME)
    if asks.consent and report.consent and report.consent != asks.consent.mark:
        faults["consent"] = _("The notice about your data has changed. Please read it, then send again.")
    return kept


def _is_unconfirmed(report: Report, city: CityInForce) -> bool:
    contact = report.contact
    if contact is None or contact.confirmed_at is not None or not report.can_confirm:
        return False
    return city.profile.asks.confirms(report.category, f"{report.words} {report.landmark}")


def _proven(
    report: Report, category: Category, city: CityInForce, at: datetime
) -> tuple[Category, list[evidence.Lack]]:
    """Return the category the report's photos prove, and what they lack for the one it is meant to have."""
    wanted = city.profile.asks.of(category.code).evidence
    fallback = city.category(wanted.fallback) if wanted else None
    if wanted is None or fallback is None:
        return category, []
    lacks = evidence.lacking(wanted, report.submission_key, city, at - _waited(report))
    return (fallback, lacks) if lacks else (category, [])


def _waited(report: Report) -> timedelta:
    return min(max(report.waited, timedelta(0)), evidence.LONGEST_WAIT)


def _is_public(report: Report, placed: _Placed, city: CityInForce) -> bool:
    if report.wants_public is not None and city.profile.asks.of(placed.meant.code).may_choose:
        return report.wants_public
    return placed.meant.is_public and placed.category.is_public


def _reporter(report: Report) -> Contact | None:
    if not report.name:
        return report.contact
    return replace(report.contact or Contact(), name=report.name)


def _receipt(report: Report, placed: _Placed, city: CityInForce) -> dict[str, Any]:
    """Return what the first event says: the rule, what the reporter agreed to, and why it is filed as it is."""
    details = sent_by(placed.match, city)
    if city.profile.asks.consent and report.consent:
        details["consent"] = report.consent
    if placed.lacks:
        details |= {"instead_of": placed.meant.code, "lacking": [lack.value for lack in placed.lacks]}
    if report.channel is not Channel.WEB:
        details["channel"] = report.channel.value
    if placed.suspected:
        details |= {
            "was_public": _is_public(report, placed, city),
            "suspicion": placed.suspected.as_details(),
        }
    if waited := _waited(report):
        details[evidence.WAITED] = round(waited.total_seconds())
    return details


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


def _enter(
    report: Report, placed: _Placed, *, number: int, given: str, city: CityInForce, at: datetime
) -> None:
    promise, acknowledge = placed.category.promise, city.profile.acknowledge_promise(placed.category)
    calendar = city.profile.calendar
    entry.enter(
        {
            "id": number,
            "reference": given,
            "submission_key": report.submission_key,
            "tracking_hash": tracking.hashed(tracking.secret_for(report.submission_key)),
            "category_id": city.category_ids[placed.category.code],
            "department_id": city.department_ids[placed.match.department],
            "area_id": city.area_ids[placed.area] if placed.area else None,
            "latitude": report.point.latitude if report.point else None,
            "longitude": report.point.longitude if report.point else None,
            "landmark": report.landmark,
            "words": report.words,
            "answers": placed.answers or None,
            "language": report.language,
            "is_public": _is_public(report, placed, city) and not placed.suspected,
            "set_aside": Cause.SCORE if placed.suspected else None,
            "promise": str(promise),
            "received_at": at,
            "due_at": deadlines.promised(promise, received_at=at, calendar=calendar),
            "acknowledge": str(acknowledge),
            "acknowledge_by": deadlines.promised(acknowledge, received_at=at, calendar=calendar),
        },
        contact=_reporter(report),
        details=_receipt(report, placed, city),
        by=report.entered_by,
    )
    if report.has_photos:
        album.attach(report.submission_key, complaint_id=number)
