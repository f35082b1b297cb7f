"""What cannot wait for its turn: a report that sounds dangerous, or the same problem reported by many within half an hour.

Looked for once, when a report is announced. It moves no deadline and no department: it stands above everything else on
the desk and the heads are told at once, until an official says that it is not urgent or the report is closed.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select

from cps.city.queries import in_force
from cps.complaints import circles, escalation, history
from cps.complaints.conditions import IS_IN, IS_PLACED
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.kernel.text import Text, _, _n
from cps.people.models import Person

MANY: Final = 3
WITHIN: Final = timedelta(minutes=30)
_METRES: Final = 100.0


class Why(StrEnum):
    """Why a report cannot wait."""

    WORDS = "words"
    MANY = "many"


def look(complaint: Complaint) -> Event | None:
    """Raise the alarm for a report that was just received, if it sounds dangerous or many report the same."""
    if complaint.alarm is not None or not complaint.status.is_open:
        return None
    why, reports = _why(complaint)
    if why is None or _was_raised(complaint):
        return None
    db.session.refresh(complaint, with_for_update={"of": Complaint})
    complaint.alarm = why
    told = escalation.heads_of(complaint.department)
    details = {"why": why, "reports": reports, **told.as_details()}
    return history.record(
        complaint, EventKind.ALARMED, by=None, at=clock.now(), is_internal=True, details=details
    )


def calm(complaint: Complaint, *, by: Person) -> Event:
    """Say that a report can wait for its turn after all."""
    if complaint.alarm is None:
        raise Refused(_("This report is not marked as urgent."))
    complaint.alarm = None
    return history.record(complaint, EventKind.CALMED, by=by, at=clock.now(), is_internal=True)


def why_urgent(details: Mapping[str, Any]) -> Text:
    """Say why a report cannot wait, from the details of its event."""
    if details["why"] == Why.WORDS:
        return _("Its words sound as if somebody could be hurt.")
    return _n(
        "%(num)s report of this kind at this place within half an hour.",
        "%(num)s reports of this kind at this place within half an hour.",
        details["reports"],
    )


def _why(complaint: Complaint) -> tuple[Why | None, int]:
    city = in_force()
    code = city.category_codes[complaint.category_id]
    if city.profile.asks.is_emergency(code, f"{complaint.words} {complaint.landmark}"):
        return Why.WORDS, 1
    reports, alarmed = _around(complaint)
    return (Why.MANY, reports) if reports >= MANY and not alarmed else (None, reports)


def _was_raised(complaint: Complaint) -> bool:
    """Whether it was raised before: announced twice, a report that an official calmed stays calm."""
    raised = select(Event.id).where(Event.complaint_id == complaint.id, Event.kind == EventKind.ALARMED)
    return db.session.scalar(raised.limit(1)) is not None


def _around(complaint: Complaint) -> tuple[int, int]:
    """Count the open reports of this kind at this place in the last half hour, and those of them that stand above already."""
    point = complaint.point
    if point is None:
        return 1, 0
    query = select(func.count(), func.count(Complaint.alarm)).where(
        IS_PLACED,
        IS_IN,
        Complaint.category_id == complaint.category_id,
        circles.square(point, _METRES),
        Complaint.received_at.between(complaint.received_at - WITHIN, complaint.received_at),
    )
    reports, alarmed = db.session.execute(query).one()
    return reports, alarmed
