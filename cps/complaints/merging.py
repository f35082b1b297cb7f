"""Merging: reports about the same problem become one; the other keeps its number and hears of the result.

A report is merged on its reporter's wish or by an official, and can be taken out again: then it stands exactly as it
stood, and the time between counts as any other. Who followed it follows its lead meanwhile. No contact goes from one
report to the other, and what is private stays by itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cps.complaints import history, joining, lifecycle, rehoming, reopening, subtasks, taken_over
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Handover, Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import NotFound, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person

_MOMENTS: Final = ("waiting_since", "paused_since", "accept_by")
"""What a report gives up when it is merged, beside the words below; how it stood is written down with the event."""


def merge(own: Complaint, *, into: Complaint, by: Person | None = None) -> Event:
    """Close a report as the same problem as another that is open; `by` is None on its reporter's wish."""
    lead = joining.held(own, into)
    if own.status is Status.MERGED and own.lead_id == lead.id:
        raise Refused(
            _("You have joined this report already.")
            if by is None
            else _("It is merged into this report already.")
        )
    if by is None and (not lead.is_public or lead is own):
        raise NotFound(_("We found no report with this number. Check the number."))
    if against := refusal(own, lead, by=by):
        raise Refused(against)
    answer, before = taken_over.answer_of(own), _kept(own)
    before["questions"] = subtasks.withdraw_open(own, by=by)
    _give_up(own)
    own.closed_at, own.lead_id = clock.now(), lead.id
    details = {"lead": lead.reference, "before": before, "is_by_office": by is not None}
    event = lifecycle.move(own, Status.MERGED, EventKind.MERGED, by=by, details=details)
    taken_over.take(lead, own, answer=answer, by=by)
    joining.follow(own, lead)
    return event


def refusal(own: Complaint, lead: Complaint, *, by: Person | None) -> Text | None:
    """Say why this report cannot be merged into that one; None if nothing stands against it."""
    if against := refusal_to_merge(own, by=by):
        return against
    if lead is own:
        return _("A report cannot be merged into itself.")
    if not lead.is_public:
        return _("The other report is not public, so it stays by itself.")
    if not lead.status.is_open:
        return _("The other report is closed by now, so nobody can join it.")
    return None


def refusal_to_merge(own: Complaint, *, by: Person | None = None) -> Text | None:
    """Say why this report cannot join another; None if nothing stands against it.

    One that others follow is not its reporter's alone, so only an official takes it there.
    """
    if not own.status.allows(Status.MERGED):
        return _("This report is closed, so it cannot join another.")
    if not own.is_public:
        return _("This report is not public, so it stays by itself.")
    if own.joined and by is None:
        return _("Others have joined this report, so it stays by itself.")
    return None


def part(own: Complaint, *, by: Person | None = None) -> Event:
    """Take a merged report up again by itself, as it stood; on its reporter's wish (`by` None) not after all is over."""
    if own.status is not Status.MERGED or (by is None and not may_part(own)):
        raise Refused(_("This report cannot leave the other one now."))
    lead = held_with_lead(own)
    before = _before(own)
    rehoming.bring_home(own)  # a reorganisation left what was closed where it was
    own.closed_at = own.lead_id = None
    status = _restore(own, before)
    details = {
        "lead": lead.reference,
        "is_restored": before is not None and status is Status(before["status"]),
    }
    event = lifecycle.move(own, status, EventKind.PARTED, by=by, details=details)
    subtasks.ask_again(own, before["questions"] if before else [], by=by)
    taken_over.recount(own)
    taken_over.release(lead, own, by=by)
    joining.unfollow(own, lead)
    return event


def held_with_lead(own: Complaint) -> Complaint:
    """Lock a merged report together with its lead, in the order of their numbers, and return the lead."""
    if own.lead_id is None:
        raise Refused(_("This report cannot leave the other one now."))
    lead = joining.held(own, db.session.get_one(Complaint, own.lead_id))
    if own.lead_id != lead.id:
        raise lifecycle.Stale
    return lead


def may_part(own: Complaint) -> bool:
    """Whether its reporter can still take it out: as long as the lead is open or could be again."""
    if own.status is not Status.MERGED or own.lead_id is None:
        return False
    lead = db.session.get_one(Complaint, own.lead_id)
    return lead.status.is_open or reopening.may_be_reopened(lead)


def _kept(own: Complaint) -> dict[str, Any]:
    """Write down what a report gives up, and where it is."""
    moments = {name: getattr(own, name) for name in _MOMENTS}
    return {
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "status": own.status,
        "pause_cause": own.pause_cause,
        "came_from_id": own.came_from_id,
        "handover": own.handover,
        "department_id": own.department_id,
    }


def _give_up(own: Complaint) -> None:
    for name in (*_MOMENTS, "pause_cause", "came_from_id"):
        setattr(own, name, None)
    if own.handover is not Handover.DECIDED:
        own.handover = Handover.SETTLED


def _before(own: Complaint) -> Mapping[str, Any] | None:
    """Return how the report stood before it was merged; None where that was not written down."""
    merged = next(event for event in reversed(history.of(own)) if event.kind is EventKind.MERGED)
    kept: Mapping[str, Any] | None = merged.details.get("before")
    return kept


def _restore(own: Complaint, before: Mapping[str, Any] | None) -> Status:
    """Let the report stand as before and return its status; in another department it is a new one."""
    if before is None or before["department_id"] != own.department_id:
        own.assignee = own.seen_at = None
        return Status.RECEIVED
    for name in _MOMENTS:
        setattr(own, name, datetime.fromisoformat(before[name]) if before[name] else None)
    own.pause_cause, own.came_from_id = before["pause_cause"], before["came_from_id"]
    own.handover = Handover(before["handover"])
    status = Status(before["status"])
    if own.assignee is None or own.assignee.is_active:
        return status
    own.assignee = None
    return Status.RECEIVED if status is Status.ASSIGNED else status
