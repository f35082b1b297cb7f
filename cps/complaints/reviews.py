"""The second opinion: what comes back a second time goes to the auditor, and not to who decided before.

Source: Korea's Civil Petitions Treatment Act, Enforcement Decree, Article 17(2).
"""

from collections.abc import Iterable

from sqlalchemy import select

from cps.complaints import escalation, history
from cps.complaints.deadlines import Turn
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Handover
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.kernel.text import _
from cps.people.models import Person

_DECISIONS = {EventKind.RESOLVED, EventKind.DECLINED}


def ask_if_again(complaint: Complaint) -> Event | None:
    """Bring a report that was just reopened to the auditor if it was not for the first time.

    It stands with the coordinators to decide, and whoever handled it before no longer can.
    """
    events = history.counting(history.of(complaint))
    if sum(_is_objection(event) for event in events) < 2:
        return None
    complaint.handover = Handover.DISPUTED
    details = {"barred": sorted(_handlers(events)), **escalation.listeners(complaint, "auditor").as_details()}
    return history.record(complaint, EventKind.REVIEW_ASKED, by=None, at=clock.now(), details=details)


def expect_other(complaint: Complaint, person: Person) -> None:
    """Refuse whoever handled a report before it came to the auditor."""
    details = db.session.scalar(
        select(Event.details)
        .where(Event.complaint_id == complaint.id, Event.kind == EventKind.REVIEW_ASKED)
        .order_by(Event.position.desc())
        .limit(1)
    )
    if details and person.id in details["barred"]:
        raise Refused(
            _("%(name)s handled this report before. Somebody else has to look at it.", name=person.name)
        )


def is_last_dispute(events: Iterable[Turn]) -> bool:
    """Whether what is to be decided last came from the citizen, and not from departments that disagree."""
    kinds = [event.kind for event in events if event.kind in (EventKind.RETURNED, EventKind.REVIEW_ASKED)]
    return bool(kinds) and kinds[-1] is EventKind.REVIEW_ASKED


def _is_objection(event: Event) -> bool:
    # Who left another report to go on alone has not objected to anything.
    return event.kind is EventKind.REOPENED and "lead" not in event.details


def _handlers(events: Iterable[Event]) -> set[int]:
    """Return who was named to handle it, and who decided on it."""
    named = {event.details["assignee"] for event in events if event.kind is EventKind.ASSIGNED}
    return named | {event.by_id for event in events if event.kind in _DECISIONS and event.by_id is not None}
