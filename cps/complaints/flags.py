"""Marked as abusive: an official says that a report insults or threatens staff, so that its head and the auditor know.

The mark is on the report, not on a person: there is no list of people. The report is handled as ever. Its reporter reads
that it is marked and can write against it; a head or coordinator who did not set the mark takes it away. Whose contact has
so many marks within 30 days can send only a few reports a day for a while (`limit`), and reads why.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from cps.city.abuse import Abuse
from cps.complaints import escalation, history, quarantine
from cps.complaints.conditions import IS_COUNTED
from cps.complaints.escalation import Listeners
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.reporters import Lately
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Forbidden, Invalid, Refused
from cps.kernel.text import _
from cps.people.models import Person

WITHIN: Final = timedelta(days=30)
"""Marked reports that came in within so long count."""

_A_DAY: Final = timedelta(hours=24)


def flag(complaint: Complaint, *, by: Person, reason: str) -> Event:
    """Mark a report as abusive towards staff; its heads and the auditor are told."""
    if not reason.strip():
        raise Invalid({"reason": _("Write what is abusive in it.")})
    if complaint.flagged_at is not None:
        raise Refused(_("This report is marked as abusive already."))
    complaint.flagged_at = clock.now()
    details = _told(complaint).as_details()
    return history.record(
        complaint, EventKind.FLAGGED, by=by, at=clock.now(), note=reason, is_internal=True, details=details
    )


def unflag(complaint: Complaint, *, by: Person, reason: str) -> Event:
    """Take the mark away; it counts no more."""
    if not reason.strip():
        raise Invalid({"reason": _("Write why the mark goes.")})
    if complaint.flagged_at is None:
        raise Refused(_("This report is not marked as abusive."))
    if not quarantine.leads(by, complaint):
        raise Forbidden(_("A head of the department or a coordinator judges this."))
    if _flagged_by(complaint) == by.id:
        raise Refused(_("%(name)s set the mark. Somebody else has to judge it.", name=by.name))
    complaint.flagged_at = None
    return history.record(
        complaint, EventKind.UNFLAGGED, by=by, at=clock.now(), note=reason, is_internal=True
    )


def whom_to_ask(complaint: Complaint) -> Listeners:
    """Return who hears of it when the reporter writes against a mark."""
    return escalation.heads_of(complaint.department)


def limited_until(before: Sequence[Lately], *, abuse: Abuse, at: datetime) -> datetime | None:
    """Return until when the contact of these reports, `WITHIN` old at most, can send only a few; None if it can send what it likes."""
    marks = [one.flagged_at for one in before if one.flagged_at is not None]
    if not abuse.flags or len(marks) < abuse.flags:
        return None
    ends = max(marks) + timedelta(days=abuse.days)
    return ends if at < ends else None


def is_over_limit(before: Sequence[Lately], *, abuse: Abuse, at: datetime) -> bool:
    """Whether one that is limited has sent as many as it can within 24 hours."""
    return sum(one.received_at > at - _A_DAY for one in before) >= abuse.a_day


def _told(complaint: Complaint) -> Listeners:
    head, auditor = escalation.heads_of(complaint.department), escalation.listeners(complaint, "auditor")
    others = auditor.without([head])
    return Listeners((*head.people, *others.people), (*head.addresses, *others.addresses))


def _flagged_by(complaint: Complaint) -> int | None:
    flagged = Event.complaint_id == complaint.id, Event.kind == EventKind.FLAGGED, IS_COUNTED
    return db.session.scalar(select(Event.by_id).where(*flagged).order_by(Event.position.desc()).limit(1))
