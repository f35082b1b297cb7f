"""The same said again by the same person: shown beside a report, and closed as a repeat after two answers at least.

After Korea's Civil Petitions Treatment Act, Article 23: whoever says the same for the third time without good cause has
been answered twice before it may be closed, and an official decides and gives reasons. Sameness is theirs to judge;
here only the reporter is compared, by the address or number that was left, which nobody is shown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from cps.complaints import history, lifecycle, reporters
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.complaints.visibility import Visible
from cps.geo.point import Point, metres_between
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import _
from cps.people.models import Person

ANSWERS: Final = 2
"""So many answers a person has had before the same is closed as a repeat."""

JOINT: Final = 5
"""From so many people on a report is a joint one, which is not closed as a repeat (Article 2)."""

_LOOKED_AT: Final = 60
_MOST: Final = 8
_NEAR: Final = 250.0  # metres
_ANSWERED: Final = (Status.RESOLVED, Status.DECLINED)
_ANSWERING: Final = (EventKind.RESOLVED, EventKind.DECLINED)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier report of the same reporter; `metres` away from this one, None where a place is not known."""

    reference: str
    category_id: int
    words: str
    status: Status
    received_at: datetime
    closed_at: datetime | None
    metres: float | None

    @property
    def is_answered(self) -> bool:
        """Whether the city has told the reporter how it ended."""
        return self.status in _ANSWERED


def of(complaint: Complaint, *, seen: Visible) -> Sequence[Earlier]:
    """List earlier reports of the same reporter as far as they may be seen: of one kind and near by first, then the latest."""
    numbers = reporters.others_of_same(complaint, among=seen.condition, most=_LOOKED_AT)
    if not numbers:
        return []
    rows = db.session.execute(
        select(
            Complaint.reference,
            Complaint.category_id,
            Complaint.words,
            Complaint.status,
            Complaint.received_at,
            Complaint.closed_at,
            Complaint.latitude,
            Complaint.longitude,
        )
        .where(Complaint.id.in_(numbers))
        .order_by(Complaint.id.desc())
    )
    found = [Earlier(*row[:6], metres=_apart(complaint.point, row.latitude, row.longitude)) for row in rows]
    return sorted(found, key=lambda one: _unlike(one, complaint))[:_MOST]


def own_answers(turns: Sequence[Event]) -> int:
    """Count how often this very report was answered before it was reopened."""
    return sum(event.kind in _ANSWERING for event in turns)


def close(
    complaint: Complaint,
    *,
    by: Person,
    seen: Visible,
    repeated: Collection[str],
    reason: str,
    remedy: str,
) -> Event:
    """Close a report as a repeat of answered ones (their numbers), with the reason and what the citizen can do instead.

    Raises Refused for a joint report, Invalid without two answers or without texts.
    """
    if complaint.joined + 1 >= JOINT:
        raise Refused(_("%(num)s people or more report this, so it cannot be closed as a repeat.", num=JOINT))
    said_before = [one.reference for one in of(complaint, seen=seen) if one.is_answered]
    chosen = [reference for reference in said_before if reference in repeated]
    if len(chosen) + own_answers(history.counting(history.of(complaint))) < ANSWERS:
        raise Invalid(
            {
                "repeats": _(
                    "Choose answered reports that say the same, so that there are %(num)s answers at least.",
                    num=ANSWERS,
                )
            }
        )
    return lifecycle.decline(complaint, by=by, reason=reason, remedy=remedy, repeats=chosen)


def _unlike(one: Earlier, complaint: Complaint) -> tuple[bool, bool]:
    return one.category_id != complaint.category_id, one.metres is None or one.metres > _NEAR


def _apart(point: Point | None, latitude: float | None, longitude: float | None) -> float | None:
    if point is None or latitude is None or longitude is None:
        return None
    return metres_between(point, Point(latitude, longitude))
