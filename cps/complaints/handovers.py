"""From one department to another: the receiver accepts, or returns it with a reason; in the end somebody decides.

A handover has a clock of its own and never touches that of the answer. What came back as often as the city
allows is put before the coordinators, and what they decide neither comes back nor goes on.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from cps.city import queries as city
from cps.city.models import Department
from cps.city.promise import Promise
from cps.complaints import deadlines, history, subtasks
from cps.complaints.kinds import EventKind
from cps.complaints.lifecycle import ImpossibleMove, let_run, move, require, take_on
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Handover, Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.kernel.text import Text, _
from cps.people.models import Person

_ACCEPT_OR_RETURN = _("Accept this report first, or return it to the department it came from.")
_TO_BE_DECIDED = _("This report is with the coordinator, who decides which department handles it.")
_IS_DECIDED = _("The coordinator has decided that this department handles it.")
_ACCEPTED = _("This report is accepted already.")
_NOTHING: Mapping[str, str] = {}


class Scope(StrEnum):
    """Which reports an official says belong to another department."""

    THIS = ""
    AREA = "area"
    ALL = "all"


def transfer(
    complaint: Complaint, *, to: Department, by: Person, reason: str, proposes: Scope = Scope.THIS
) -> Event:
    """Hand it to another department, saying why; it starts there without a handler.

    Where departments disagree only a coordinator can, who may also leave it where it is; that is final.
    `proposes`: which reports should go there from now on; see `proposals`.
    """
    require("reason", reason, _("Write why it goes to another department. The citizen will see this."))
    if not complaint.status.is_open:
        raise ImpossibleMove(complaint)
    refusal = refusal_to_transfer(complaint, by=by)
    if refusal is not None:
        raise Refused(refusal)
    if to.id == complaint.department_id and complaint.handover is not Handover.DISPUTED:
        raise Refused(_("The report is already with this department."))
    more = {"proposes": proposes.value} if proposes else {}
    if complaint.handover in (Handover.DISPUTED, Handover.DECIDED):
        return _decide(complaint, to=to, by=by, reason=reason, more=more)
    return _hand(complaint, to, Handover.OFFERED, EventKind.TRANSFERRED, by=by, reason=reason, more=more)


def refusal_to_transfer(complaint: Complaint, *, by: Person) -> Text | None:
    """Say why this official cannot send it on now, as far as handovers go; None if nothing stands against it."""
    if by.is_city_wide or (by.is_auditor and complaint.handover is Handover.DISPUTED):
        return None
    return {
        Handover.OFFERED: _ACCEPT_OR_RETURN,
        Handover.DISPUTED: _TO_BE_DECIDED,
        Handover.DECIDED: _IS_DECIDED,
    }.get(complaint.handover)


def accept(complaint: Complaint, *, by: Person) -> Event:
    """Take on what another department handed over; who handles it is said later."""
    if complaint.accept_by is None:
        raise Refused(_ACCEPTED)
    take_on(complaint)
    return history.record(complaint, EventKind.ACCEPTED, by=by, at=clock.now())


def give_back(complaint: Complaint, *, by: Person, reason: str) -> Event:
    """Return it to the department it came from, saying why; too often, and the coordinators decide."""
    require("reason", reason, _("Write why you return it. The citizen will see this."))
    if not may_be_given_back(complaint):
        raise Refused(_IS_DECIDED if complaint.handover is Handover.DECIDED else _ACCEPTED)
    sender = db.session.get_one(Department, complaint.came_from_id)
    most = city.in_force().profile.clocks.bounces
    complaint.bounces += 1
    if complaint.bounces < most and sender.is_active:
        return _hand(complaint, sender, Handover.RETURNED, EventKind.RETURNED, by=by, reason=reason)
    return _hand(complaint, sender, Handover.DISPUTED, EventKind.RETURNED, by=by, reason=reason)


def may_be_given_back(complaint: Complaint) -> bool:
    """Whether the department that has it can still return it."""
    return complaint.handover is Handover.OFFERED


def _decide(
    complaint: Complaint, *, to: Department, by: Person, reason: str, more: Mapping[str, str]
) -> Event:
    """Say once and for all which department handles it; it may be the one that has it."""
    if to.id != complaint.department_id:
        complaint.bounces = 0
        return _hand(complaint, to, Handover.DECIDED, EventKind.DECIDED, by=by, reason=reason, more=more)
    let_run(complaint)
    promise, ends_at = _clock(to)
    complaint.bounces = 0
    complaint.handover, complaint.came_from_id, complaint.accept_by = Handover.DECIDED, None, ends_at
    complaint.seen_at = None
    details = {"clock": str(promise)}
    return move(complaint, Status.RECEIVED, EventKind.DECIDED, by=by, note=reason, details=details)


def _hand(
    complaint: Complaint,
    to: Department,
    handover: Handover,
    kind: EventKind,
    *,
    by: Person,
    reason: str,
    more: Mapping[str, str] = _NOTHING,
) -> Event:
    # What others were asked stays asked; only the new lead owes itself no reply.
    subtasks.withdraw_open(complaint, by=by, of=to.id)
    let_run(complaint)
    promise, ends_at = _clock(to)
    details: dict[str, Any] = {"from": complaint.department_id, **more}
    complaint.came_from_id = complaint.department_id
    complaint.department = to
    complaint.department_id = to.id
    complaint.assignee = complaint.seen_at = None
    complaint.planned_from = complaint.planned_until = None  # who has it now plans anew
    complaint.hops += 1
    complaint.handover = handover
    if handover is Handover.DISPUTED:
        complaint.accept_by = None
        details["is_disputed"] = True
    else:
        complaint.accept_by = ends_at
        details["clock"] = str(promise)
    if to.is_outside:
        details["is_outside"] = True
    return move(complaint, Status.RECEIVED, kind, by=by, note=reason, details=details)


def _clock(to: Department) -> tuple[Promise, datetime]:
    """Return how long this department has to accept what it gets now, and until when."""
    profile = city.in_force().profile
    promise = profile.clocks.transfer_outside if to.is_outside else profile.clocks.transfer_inside
    return promise, deadlines.promised(promise, received_at=clock.now(), calendar=profile.calendar)
